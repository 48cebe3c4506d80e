"""try.py, as a person types it: it describes, says why, speaks, and leaves nothing running."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from environment import ROOT, Environment

pytestmark = [
    pytest.mark.skipif(
        not Environment().is_ready(for_tests=False),
        reason="the environment is older than pyproject.toml; tests/check.py brings it up to date",
    ),
    pytest.mark.skipif(sys.platform == "win32", reason="signals and folders as on POSIX"),
]

TRY = ROOT / "installer" / "try.py"
_SECONDS = 120  # a cold disk and a busy machine; it takes about ten


class Trying:
    """One `try.py` with folders of its own, speaking into a file."""

    def __init__(self, folder: Path) -> None:
        self.home, self.spoken = folder / "home", folder / "spoken.txt"
        # Chromium puts a socket there, whose path may have 107 characters.
        self.temporary = Path(tempfile.mkdtemp(prefix="try-"))
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TMPDIR": str(self.temporary),
            "ALTALOUD_HOME": str(self.home),
            "ALTALOUD_VOICE": "file",
            "ALTALOUD_VOICE_FILE": str(self.spoken),
        }

    def left_behind(self) -> list[str]:
        """Return what lies about; Chromium's own leftovers are not ours."""
        return [path.name for path in self.temporary.iterdir() if path.name.startswith("altaloud")]

    def start(self, *options: str, **more: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, str(TRY), *options],
            env=self.environment | more,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *options: str, answer: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
        with self.start(*options, **more) as process:
            said, complained = process.communicate(answer, timeout=_SECONDS)
        return subprocess.CompletedProcess(options, process.returncode, said, complained)

    def command(self, *arguments: str) -> str:
        """Run one `altaloud` command for the lasting home."""
        program = Environment().scripts / "altaloud"
        done = subprocess.run(
            [program, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout


@pytest.fixture
def trying(tmp_path: Path) -> Iterator[Trying]:
    made = Trying(tmp_path)
    yield made
    shutil.rmtree(made.temporary)


@pytest.fixture(scope="module")
def toured(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Trying, "subprocess.CompletedProcess[str]"]]:
    """One whole tour without options."""
    trying = Trying(tmp_path_factory.mktemp("tour"))
    yield trying, trying.run()
    shutil.rmtree(trying.temporary)


@pytest.fixture
def said(toured: tuple[Trying, "subprocess.CompletedProcess[str]"]) -> str:
    return toured[1].stdout


def port_of(said: str) -> int:
    found = re.search(r"on port (\d+)", said)
    assert found is not None, said
    return int(found[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def paragraph(said: str, file: str) -> dict[str, str]:
    """Return what is told about one image: "Writes", "Why", "Took"."""
    (found,) = [part for part in said.split("\n\n") if part.startswith(f"{file}, ")]
    return dict(line.strip().split(": ", 1) for line in found.splitlines()[1:])


def test_a_tour_ends_well_and_installs_nothing_twice(
    toured: tuple[Trying, "subprocess.CompletedProcess[str]"],
) -> None:
    _, done = toured

    assert (done.returncode, done.stderr) == (0, "")
    assert "Installing" not in done.stdout


def test_the_image_of_text_is_read(said: str) -> None:
    assert paragraph(said, "sale.png")["Writes"] == "Summer sale Half price until Sunday"
    assert "read in the image" in paragraph(said, "sale.png")["Why"]


def test_a_photograph_without_the_full_model_is_called_one_and_the_reason_told(said: str) -> None:
    assert paragraph(said, "photograph.webp")["Writes"] == "Photo"
    assert "altaloud models download caption-base" in paragraph(said, "photograph.webp")["Why"]


@pytest.mark.parametrize("file", ["spacer.gif", "damaged.jpg"])
def test_where_there_is_nothing_to_write_a_reason_is_told(said: str, file: str) -> None:
    assert paragraph(said, file)["Writes"] == "nothing"
    assert paragraph(said, file)["Why"].endswith(".")


@pytest.mark.parametrize(
    ("file", "words", "why"),
    [
        ("chart.png", ": Library visitors", "for a chart"),
        ("logo.png", ": Corner", "for a logo"),
        ("icon.png", "Search", "the icon search"),
        ("close.png", "Close", "the icon close"),
    ],
)
def test_what_the_small_model_knows_is_written(said: str, file: str, words: str, why: str) -> None:
    # How sure the model is, and so the hedge before these words, changes with its weights.
    assert paragraph(said, file)["Writes"].endswith(words)
    assert why in paragraph(said, file)["Why"]


def test_the_last_words_are_spoken_and_the_voice_is_named(
    toured: tuple[Trying, "subprocess.CompletedProcess[str]"],
) -> None:
    trying, done = toured

    assert trying.spoken.read_text("utf-8").splitlines() == ["Summer sale Half price until Sunday"]
    assert "The voice file now says: Summer sale Half price until Sunday" in done.stdout


def test_nothing_is_left_running_or_lying_about(
    toured: tuple[Trying, "subprocess.CompletedProcess[str]"],
) -> None:
    trying, done = toured

    assert not answers(port_of(done.stdout))
    assert trying.left_behind() == []
    assert not trying.home.exists()


def test_a_screen_reader_reads_plain_lines(said: str) -> None:
    assert not re.search(r"[\u2500-\u259f\x1b]", said)  # boxes, bars, colours


def test_without_a_voice_the_rest_goes_on_and_the_reason_is_told(trying: Trying) -> None:
    done = trying.run(ALTALOUD_VOICE="nobody")

    assert done.returncode == 0
    assert "Nothing is heard: there is no voice named nobody." in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_the_helper_too(trying: Trying, number: signal.Signals) -> None:
    process = trying.start()
    assert process.stdout is not None
    line = process.stdout.readline()
    while "on port" not in line:
        assert line, process.communicate()
        line = process.stdout.readline()

    os.killpg(process.pid, number)
    _, complained = process.communicate(timeout=_SECONDS)

    assert process.returncode == 130
    assert "nothing is left running" in complained
    assert not answers(port_of(line))
    assert trying.left_behind() == []


def test_the_size_of_the_full_model_is_told_and_no_is_an_answer(trying: Trying) -> None:
    done = trying.run("--full", answer="no\n")

    assert done.returncode == 0
    assert re.search(r"a download of [\d,]+ MB", done.stdout)
    assert "Nothing is downloaded" in done.stdout
    assert paragraph(done.stdout, "photograph.webp")["Writes"] == "Photo"


def test_a_download_that_fails_is_explained_and_nothing_is_left_running(trying: Trying) -> None:
    with socket.socket() as taken:  # bound and not listening: every connection is refused
        taken.bind(("127.0.0.1", 0))
        done = trying.run("--full", "--yes", HF_ENDPOINT=f"http://127.0.0.1:{taken.getsockname()[1]}")

    assert done.returncode == 1
    assert "the full model is not there" in done.stderr.lower()
    assert "Traceback" not in done.stderr
    assert "on port" not in done.stdout


def test_keep_leaves_the_helper_running_until_it_is_stopped(trying: Trying) -> None:
    kept = trying.run("--keep")
    port = port_of(kept.stdout)
    was_there = answers(port)
    stopped = trying.run("--stop")

    assert kept.returncode == 0
    assert was_there
    assert "chrome://extensions" in kept.stdout
    assert "about:debugging" in kept.stdout
    assert "browsers connect" in kept.stdout
    assert (stopped.returncode, stopped.stdout) == (0, "The helper has stopped.\n")
    assert not answers(port)


def test_there_is_nothing_to_stop_twice(trying: Trying) -> None:
    done = trying.run("--stop")

    assert done.returncode == 1
    assert done.stderr == "try.py: The helper is not running. There is nothing to stop.\n"


def test_a_browser_without_a_screen_is_refused_before_anything_starts(trying: Trying) -> None:
    done = trying.run("--browser")

    assert done.returncode == 1
    assert "no screen" in done.stderr
    assert done.stdout == ""


@pytest.fixture
def display(tmp_path: Path) -> Iterator[str]:
    """A screen that is only memory."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1000x800x24", "-nolisten", "tcp"]
    with (tmp_path / "xvfb.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, pass_fds=[writing])
    os.close(writing)
    with os.fdopen(reading) as ready:
        number = ready.readline().strip()
    yield f":{number}"
    process.terminate()
    process.wait(10)


@pytest.mark.browser
def test_the_browser_opens_connected_to_the_helper_and_closing_it_ends_the_tour(
    trying: Trying, display: str
) -> None:
    process = trying.start("--browser", "--keep", DISPLAY=display)
    try:
        wait_until(lambda: "browser" in kinds_of_clients(trying), process)
        (browser,) = [
            child
            for child in psutil.Process(process.pid).children(recursive=True)
            if any("--user-data-dir" in part for part in child.cmdline())
            and not any(part.startswith("--type=") for part in child.cmdline())
            and "python" not in child.name()
        ]
        browser.terminate()
        said, _ = process.communicate(timeout=_SECONDS)
    finally:
        trying.run("--stop")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    assert process.returncode == 0
    assert "Close it to go on." in said
    assert trying.left_behind() == []


def kinds_of_clients(trying: Trying) -> set[str]:
    return {client["kind"] for client in json.loads(trying.command("keys", "list", "--json"))["clients"]}


def wait_until(condition: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + _SECONDS
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.2)
