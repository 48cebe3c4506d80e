"""Pictures that the tests of this room draw, and a child process that misbehaves when told to."""

from pathlib import Path

import pytest

_CHILD = '''
"""Answers as its request tells it."""

import os
import signal
import sys
import time

from altaloud.errors import DamagedImageError
from altaloud.vision.serving import serve


def answer(header, body):
    match header["do"]:
        case "echo":
            print("a library prints to standard output", flush=True)
            return {"pid": os.getpid(), "said": header.get("say"), "names": sorted(os.environ)}, body
        case "sleep":
            time.sleep(60)
        case "exit":
            os._exit(header["code"])
        case "raise":
            raise DamagedImageError("half of it is missing", advice="Load it again.")
        case "bug":
            raise RuntimeError("a secret in a traceback")
        case "signal":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "name":
            return {"error": "os", "message": "x" * 10_000}, b""
        case "write":
            os.write(REPLIES, bytes.fromhex(header["hex"]))
            time.sleep(60)
    raise AssertionError


REPLIES = os.dup(1)
serve(answer, idle_seconds=float(sys.argv[1]) if sys.argv[1] else None)
'''


@pytest.fixture
def odd_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a module that a Child can run and that does what its request says."""
    (tmp_path / "odd_child.py").write_text(_CHILD, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "odd_child"
