"""One helper a home: it starts, answers, survives what may happen to it, and ends without a trace."""

import contextlib
import errno
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from filelock import FileLock

from altaloud.describing.description import DescriptionRequest
from altaloud.errors import (
    AltaloudError,
    HelperNotRunningError,
    HelperRunningError,
    PortTakenError,
    RequestError,
    SpeechError,
    StoreDamagedError,
    UnreadableImageError,
)
from altaloud.service import daemon
from altaloud.service.client import HelperClient
from altaloud.service.clients import Clients
from altaloud.service.daemon import Running
from altaloud.settings import Home, Settings


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home", is_moved=True)
    home.prepare()
    yield home
    with contextlib.suppress(HelperNotRunningError):
        daemon.stop(home)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate({"port": 0, "voice": "file", "voice_file": tmp_path / "spoken.txt"})


def start(home: Home, settings: Settings) -> Running:
    return daemon.start(home, settings, tray=False)


def png(colour: int = 255, *, side: int = 40) -> bytes:
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (side, side), (colour, colour, colour)).save(file, "PNG")
    return file.getvalue()


def wait_for(condition: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE  # where nothing collects orphans
    except psutil.NoSuchProcess:
        return True


def test_it_starts_describes_speaks_and_stops_without_a_trace(home: Home, settings: Settings) -> None:
    running = start(home, settings)
    assert daemon.running(home) == running
    assert json.loads(home.runtime_file.read_text()) == {"pid": running.pid, "port": running.port}

    with HelperClient(home) as helper:
        blank = helper.describe(png())
        assert (blank.kind, blank.alt, blank.cached) == ("blank", None, False)
        assert blank.reason
        again = helper.describe(png())
        assert (again.id, again.cached) == (blank.id, True)
        with pytest.raises(UnreadableImageError):
            helper.describe(b"not an image")
        with pytest.raises(RequestError):
            helper.correct(blank.id, " \n\x07\u202e\u2066 ")
        helper.correct(blank.id, "A white square")
        assert helper.describe(png()).alt == "A white square"
        helper.describe(png(), DescriptionRequest(language=None, speak=True))
        helper.say("Hello")
        helper.hush()
        status = helper.status()
    assert settings.voice_file is not None
    assert [line for line in settings.voice_file.read_text().splitlines() if "A white square" in line]
    assert (status["pid"], status["port"]) == (running.pid, running.port)
    assert status["memory"]["is_lasting"]

    children = psutil.Process(running.pid).children(recursive=True)
    assert children
    daemon.stop(home)
    assert daemon.running(home) is None
    assert not home.runtime_file.exists()
    for pid in (running.pid, *(child.pid for child in children)):
        wait_for(lambda pid=pid: is_gone(pid))  # type: ignore[misc]  # a default binds the loop's value
    with pytest.raises(HelperNotRunningError):
        daemon.stop(home)


def test_what_it_keeps_is_for_its_owner_alone(home: Home, settings: Settings) -> None:
    start(home, settings)
    with HelperClient(home) as helper:
        helper.describe(png())
    for path in (home.path, *home.path.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_it_listens_on_this_computer_only(home: Home, settings: Settings) -> None:
    running = start(home, settings)
    listening = [
        (connection.laddr.ip, connection.laddr.port)
        for connection in psutil.Process(running.pid).net_connections()
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening == [("127.0.0.1", running.port)]


def test_a_home_has_one_helper(home: Home, settings: Settings) -> None:
    running = start(home, settings)
    with pytest.raises(HelperRunningError):
        start(home, settings)
    with pytest.raises(HelperRunningError):
        daemon.run(home, settings, tray=False)
    assert daemon.running(home) == running


def test_a_port_that_is_taken_is_told(home: Home, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(PortTakenError):
        daemon.start(home, settings, port=other.getsockname()[1], tray=False)
    assert daemon.running(home) is None


def test_a_store_that_is_none_is_told_and_costs_no_description(home: Home, settings: Settings) -> None:
    home.store_file.write_bytes(b"nonsense" * 1000)
    start(home, settings)
    with HelperClient(home) as helper:
        assert helper.describe(png()).kind == "blank"
        memory = helper.status()["memory"]
    assert (memory["is_lasting"], memory["problem"]["error"]) == (False, "StoreDamagedError")
    assert memory["problem"]["advice"].endswith("restart the helper.")
    assert home.store_file.read_bytes() == b"nonsense" * 1000


def test_a_list_of_clients_that_is_none_is_told(home: Home, settings: Settings) -> None:
    home.clients_file.write_bytes(b"nonsense" * 1000)
    with pytest.raises(StoreDamagedError):
        start(home, settings)


def test_after_kill_9_nothing_stays_and_the_next_one_starts(home: Home, settings: Settings) -> None:
    first = start(home, settings)
    with HelperClient(home) as helper:
        described = helper.describe(png())
        helper.correct(described.id, "Mine")
    children = psutil.Process(first.pid).children(recursive=True)

    os.kill(first.pid, signal.SIGKILL)
    wait_for(lambda: daemon.running(home) is None)
    assert home.runtime_file.exists()  # stale, and seen through
    for child in children:
        wait_for(lambda pid=child.pid: is_gone(pid))  # type: ignore[misc]  # a default binds the loop's value
    with pytest.raises(HelperNotRunningError):
        HelperClient(home)

    second = start(home, settings)
    assert second.pid != first.pid
    with HelperClient(home) as helper:
        assert helper.describe(png()).alt == "Mine"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order_in_the_foreground(home: Home, settings: Settings, number: int) -> None:
    program = (
        "import json, sys; from pathlib import Path; from altaloud.service.daemon import run;"
        "from altaloud.settings import Home, Settings;"
        "run(Home(Path(sys.argv[1]), is_moved=True), Settings.model_validate_json(sys.argv[2]), tray=False)"
    )
    command = [sys.executable, "-c", program, str(home.path), settings.model_dump_json()]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            wait_for(lambda: daemon.running(home) is not None, 20)
            with HelperClient(home) as helper:
                helper.describe(png())
                process.send_signal(number)
                _, complaints = process.communicate(timeout=5)
        finally:
            process.kill()
    assert (process.returncode, complaints) == (0, b"")
    assert not home.runtime_file.exists()


def test_one_that_does_not_end_is_ended(
    home: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "_STOP_SECONDS", 0.3)
    running = start(home, settings)
    os.kill(running.pid, signal.SIGSTOP)  # it can take no signal but one

    daemon.stop(home)

    wait_for(lambda: is_gone(running.pid))
    assert daemon.running(home) is None


def test_one_that_cannot_be_ended_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "_STOP_SECONDS", 0.2)
    with FileLock(home.lock_file), subprocess.Popen(["sleep", "60"]) as process:
        home.runtime_file.write_text(json.dumps({"pid": process.pid, "port": 41717}))
        with pytest.raises(AltaloudError, match="does not end"):
            daemon.stop(home)


def test_only_a_port_that_is_taken_is_said_to_be() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError), daemon._bound(port):
            pass
    # Root may listen anywhere, so the system's refusal is made here.
    forbidden = daemon._not_bound(80, PermissionError(errno.EACCES, "Permission denied"))
    assert type(forbidden) is AltaloudError
    assert "Permission denied" in str(forbidden)


def test_a_request_on_its_way_does_not_keep_it_from_stopping(home: Home, settings: Settings) -> None:
    running = start(home, settings)
    with socket.create_connection(("127.0.0.1", running.port)) as caller:
        caller.sendall(
            f"POST /v1/hello HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
            "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n".encode()
        )
        began = time.monotonic()
        daemon.stop(home)
        assert time.monotonic() - began < 4
    wait_for(lambda: is_gone(running.pid))


def test_a_helper_of_another_key_is_not_trusted(home: Home, settings: Settings) -> None:
    start(home, settings)
    with HelperClient(home):
        pass
    clients = Clients(home.clients_file)
    clients.revoke("altaloud-cli")
    clients.close()
    with HelperClient(home) as helper:  # it is given a new key
        helper.status()


def test_another_program_on_the_port_is_not_shown_a_session(home: Home, settings: Settings) -> None:
    running = start(home, settings)
    with socket.create_server(("127.0.0.1", 0)) as impostor:
        port = impostor.getsockname()[1]
        home.runtime_file.write_text(json.dumps({"pid": running.pid, "port": port}))
        pid = os.fork()
        if pid == 0:
            _answer_hello(impostor)
        try:
            with pytest.raises(PortTakenError):
                HelperClient(home)
        finally:
            os.waitpid(pid, 0)
            home.runtime_file.write_text(json.dumps({"pid": running.pid, "port": running.port}))


def _answer_hello(impostor: socket.socket) -> None:
    caller, _ = impostor.accept()
    caller.recv(65536)
    body = json.dumps({"nonce": "A" * 43, "proof": "A" * 43}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    caller.sendall(head.encode() + body)
    os._exit(0)


def test_without_a_voice_it_still_describes_and_says_why_it_is_silent(
    home: Home, settings: Settings, tmp_path: Path
) -> None:
    mute = settings.model_copy(update={"voice_file": tmp_path / "no folder" / "spoken.txt"})
    start(home, mute)
    with HelperClient(home) as helper:
        assert helper.describe(png(), DescriptionRequest(language=None, speak=True)).kind == "blank"
        with pytest.raises(SpeechError):
            helper.say("Hello")


def test_without_a_keyring_it_remembers_until_it_stops_and_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", is_moved=False)  # not moved: so the keyring is asked
    settings = Settings.model_validate({"port": 0, "key_store": "keyring"})
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
            daemon.start(home, settings, tray=False)
        with HelperClient(home) as helper:
            helper.describe(png())
            assert helper.describe(png()).cached
            memory = helper.status()["memory"]
        assert not memory["is_lasting"]
        assert memory["problem"]["error"] == "KeyringError"
        assert "key_store" in memory["problem"]["advice"]
        assert not home.store_file.exists()
    finally:
        daemon.stop(home)


def test_the_log_holds_no_content_and_stays_small(home: Home, settings: Settings) -> None:
    start(home, settings)
    with HelperClient(home) as helper:
        helper.describe(png(), DescriptionRequest.model_validate({"context": {"title": "a secret title"}}))
        helper.say("a secret sentence")
    words = home.log_file.read_text()
    assert "secret" not in words
    assert "Bearer" not in words


def test_it_is_light_while_nobody_asks(home: Home, settings: Settings) -> None:
    running = start(home, settings)
    with HelperClient(home) as helper:
        megabytes = helper.status()["resident_bytes"] / 1_000_000
    assert megabytes < 120  # the design's limit; `tests/benchmarks` measures it
    process = psutil.Process(running.pid)
    before = process.num_ctx_switches().voluntary
    time.sleep(1)
    assert process.num_ctx_switches().voluntary - before <= 5  # it sleeps, and does not look around
    assert process.num_threads() == 1


def test_an_answer_is_not_held_back(home: Home, settings: Settings) -> None:
    start(home, settings)
    with HelperClient(home) as helper:
        helper.hush()
        times = []
        for _ in range(20):
            began = time.perf_counter()
            helper.hush()
            times.append(time.perf_counter() - began)
    assert min(times) < 0.03  # with Nagle's algorithm no answer comes before the caller's 40 ms are over
