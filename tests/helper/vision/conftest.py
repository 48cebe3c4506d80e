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
from altaloud.vision.serving import OneByOne, serve


def answer(header, body):
    match header["do"]:
        case "echo":
            print("a library prints to standard output", flush=True)
            return {"pid": os.getpid(), "said": header.get("say"), "names": sorted(os.environ)}, body
        case "sleep":
            time.sleep(60)
        case "chatter":
            while True:
                os.write(REPLIES, bytes.fromhex(header["hex"]))
                time.sleep(0.02)
        case "exit":
            os._exit(header["code"])
        case "raise":
            raise DamagedImageError("half of it is missing", advice="Load it again.")
        case "bug":
            raise RuntimeError("a secret in a traceback")
        case "signal":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "write":
            os.write(REPLIES, bytes.fromhex(header["hex"]))
            time.sleep(60)
    raise AssertionError


class Steps(OneByOne):
    """A step takes 10 ms; "steps" says how many; "with" is what may be begun together."""

    def together(self, job):
        return job[0].get("with"), 8 if job[0].get("with") else 1

    def begin(self, jobs):
        first = jobs[0][0]
        for _ in range(first.get("steps", 0)):
            time.sleep(0.01)
            yield
        if any(header["do"] == "crash" for header, _ in jobs):
            os._exit(7)
        FINISHED.append(first.get("say"))
        if first["do"] == "finished":
            return [({"finished": FINISHED}, b"")]
        if first["do"] == "step":
            told = {"together": len(jobs), "pid": os.getpid()}
            return [({"said": header["say"], **told}, b"") for header, _ in jobs]
        return [self._answer(*job) for job in jobs]


FINISHED = []
REPLIES = os.dup(1)
serve(Steps(answer), idle_seconds=float(sys.argv[1]) if sys.argv[1] else None)
'''


@pytest.fixture
def odd_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a module that a Child can run and that does what its request says."""
    (tmp_path / "odd_child.py").write_text(_CHILD, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "odd_child"
