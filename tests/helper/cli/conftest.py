"""The real command line in a home of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commandline import Altaloud, Said


@pytest.fixture
def altaloud(tmp_path: Path) -> Iterator[Altaloud]:
    """Run `altaloud ARGUMENTS` and return what it said; whatever it started is stopped afterwards."""
    home = tmp_path / "home"
    environment = {
        **os.environ,
        "ALTALOUD_HOME": str(home),
        "ALTALOUD_PORT": "0",
        "ALTALOUD_VOICE": "file",
        "ALTALOUD_VOICE_FILE": str(tmp_path / "spoken.txt"),
    }

    def run(*arguments: str, stdin: bytes = b"", **variables: str) -> Said:
        done = subprocess.run(
            [str(Path(sys.executable).with_name("altaloud")), *arguments],
            input=stdin,
            capture_output=True,
            env={**environment, **variables},
            timeout=120,
            check=False,
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    yield run
    if (home / "runtime.json").exists():
        run("stop")
