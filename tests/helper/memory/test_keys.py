"""The store's key: in a real keyring, or in a file of its owner's alone; nowhere else, never waited for."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import keyrings
from altaloud.errors import KeyringError, StoreDamagedError
from altaloud.memory.keys import load_key
from altaloud.settings import Home

needs_keyring = pytest.mark.skipif(not keyrings.is_installed(), reason="needs dbus and gnome-keyring")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home of altaloud", is_moved=True)
    home.prepare()
    return home


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mapping[str, str]]:
    """A session bus of the test's own, and nothing of the developer's desktop."""
    with keyrings.session_bus(tmp_path) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield environment


def test_a_moved_home_keeps_its_key_inside_it(home: Home) -> None:
    key = load_key(home, "auto")

    assert len(key) == 32
    assert load_key(home, "auto") == key == home.key_file.read_bytes()
    assert home.key_file.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in home.path.iterdir()] == ["memory.key"]


def test_a_moved_home_never_asks_the_keyring(home: Home) -> None:
    with pytest.raises(KeyringError, match="ALTALOUD_HOME"):
        load_key(home, "keyring")


def test_a_key_file_that_others_could_read_is_made_private(home: Home) -> None:
    key = load_key(home, "file")
    home.key_file.chmod(0o644)

    assert load_key(home, "file") == key
    assert home.key_file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"too short", bytes(33)])
def test_a_key_file_with_something_else_in_it_is_refused_and_left_alone(home: Home, content: bytes) -> None:
    home.key_file.write_bytes(content)

    with pytest.raises(StoreDamagedError):
        load_key(home, "file")
    assert home.key_file.read_bytes() == content


def test_a_folder_that_is_not_there_is_an_error_with_advice(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match="No such file") as caught:
        load_key(Home(tmp_path / "nowhere", is_moved=True), "auto")
    assert caught.value.advice


def test_programs_that_begin_at_once_get_one_key(home: Home) -> None:
    program = (
        "import sys; from pathlib import Path; from altaloud.settings import Home;"
        "from altaloud.memory.keys import load_key;"
        "print('ready', flush=True); sys.stdin.read();"
        "print(load_key(Home(Path(sys.argv[1]), is_moved=True), 'auto').hex())"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", program, home.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(8)
    ]

    assert [child.stdout.readline() for child in children if child.stdout] == [b"ready\n"] * 8
    with ThreadPoolExecutor(8) as pool:  # all are released at once, when their standard input ends
        keys = {output for output, _ in pool.map(lambda child: child.communicate(b""), children)}

    assert keys == {home.key_file.read_bytes().hex().encode() + b"\n"}


@needs_keyring
def test_the_desktops_keyring_keeps_the_key_and_no_file_does(
    desktop: Mapping[str, str], tmp_path: Path
) -> None:
    home = Home(tmp_path / "default", is_moved=False)

    with keyrings.keyring(desktop, unlocked=True):
        first = load_key(home, "auto")
    with keyrings.keyring(desktop, unlocked=True):  # after the next login
        again = load_key(home, "keyring")

    assert first == again
    assert len(first) == 32
    assert not home.key_file.exists()


@needs_keyring
def test_a_locked_keyring_is_an_error_at_once(desktop: Mapping[str, str], tmp_path: Path) -> None:
    home = Home(tmp_path / "default", is_moved=False)
    with keyrings.keyring(desktop, unlocked=True):
        load_key(home, "auto")

    with keyrings.keyring(desktop, unlocked=False), pytest.raises(KeyringError, match="locked") as caught:
        load_key(home, "auto")
    assert "Unlock" in caught.value.advice


@needs_keyring
def test_a_keyring_that_never_answers_is_given_up_after_three_seconds(
    desktop: Mapping[str, str], tmp_path: Path
) -> None:
    home = Home(tmp_path / "default", is_moved=False)

    with keyrings.keyring(desktop, unlocked=True) as daemon:
        os.kill(daemon, signal.SIGSTOP)
        start = time.monotonic()
        with pytest.raises(KeyringError, match="did not answer"):
            load_key(home, "auto")

    assert 2.5 < time.monotonic() - start < 5


def test_without_a_desktop_there_is_no_keyring_and_a_plain_file_is_no_substitute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'no bus'}")
    # keyring itself would obey this and keep the key nowhere.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")

    with pytest.raises(KeyringError, match="no keyring"):
        load_key(Home(tmp_path / "default", is_moved=False), "auto")
    assert not (tmp_path / "default" / "memory.key").exists()


@needs_keyring
def test_something_else_in_the_keyring_is_not_taken_for_a_key(
    desktop: Mapping[str, str], tmp_path: Path
) -> None:
    home = Home(tmp_path / "default", is_moved=False)
    store = (
        "from keyring.backends.SecretService import Keyring; from altaloud.memory import keyring_child as k;"
        "Keyring().set_password(k.SERVICE, k.USER, 'not a key')"
    )

    with keyrings.keyring(desktop, unlocked=True):
        subprocess.run([sys.executable, "-c", store], check=True)
        with pytest.raises(StoreDamagedError):
            load_key(home, "auto")
