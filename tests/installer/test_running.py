"""Commands are shown while they run, explained when they fail, and never left behind."""

import sys
import time
from pathlib import Path

import psutil
import pytest

import running
from running import SetupError


def run(code: str, *, seconds: float = 20) -> None:
    running.run((sys.executable, "-c", code), seconds=seconds, advice="Try again.")


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_lines_that_tell_how_far_it_is_are_shown_and_the_rest_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run("print('Collecting x\\nDownloading x-1.whl (12.3 MB)\\nInstalling collected packages: x')")

    assert capsys.readouterr().out == "  Downloading x-1.whl (12.3 MB)\n  Installing collected packages: x\n"


def test_a_command_that_fails_leaves_its_last_words() -> None:
    with pytest.raises(SetupError, match="failed: ") as caught:
        run("print('no room on the disk'); raise SystemExit(3)")

    assert caught.value.output == "no room on the disk"
    assert caught.value.advice == "Try again."


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(SetupError, match="cannot start no-such-program"):
        running.run(("no-such-program",), seconds=5, advice="")


def test_a_command_that_takes_too_long_is_ended_with_all_it_started(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    child = f"import os, time; open({str(file)!r}, 'w').write(str(os.getpid())); time.sleep(60)"

    with pytest.raises(SetupError, match="took longer than 2 seconds"):
        run(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])", seconds=2)

    deadline = time.monotonic() + 5
    while is_alive(int(file.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.02)
