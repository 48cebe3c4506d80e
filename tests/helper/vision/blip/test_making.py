"""What is made from a model's weights is made in a process whose libraries may say what they like."""

from pathlib import Path

import pytest

from altaloud.errors import ChildCrashedError, ModelDamagedError
from altaloud.vision.blip import making

_HEAD = """
import os, sys
from altaloud.errors import ModelDamagedError
from altaloud.vision.blip import making

def work(at):
    os.write(1, b"a library says this\\n")
    print("and that")
    at(1)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for modules that the process finds."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def run(folder: Path, rest: str) -> list[int]:
    (folder / "maker.py").write_text(f"{_HEAD}    {rest}\n\nsys.exit(making.child(work))\n", "utf-8")
    numbers: list[int] = []
    making.run("maker", folder / "caption-base", at=numbers.append)
    return numbers


def test_what_a_library_prints_is_no_number(folder: Path) -> None:
    assert run(folder, "at(2)") == [1, 2]


def test_what_is_refused_is_said_whatever_a_library_prints(folder: Path) -> None:
    with pytest.raises(ModelDamagedError, match=r"^no BLIP$"):
        run(folder, "raise ModelDamagedError('no BLIP')")


def test_another_end_is_told_without_saying_what_was_made(folder: Path) -> None:
    with pytest.raises(ChildCrashedError, match=r"^preparing caption-base ended with code 7$") as raised:
        run(folder, "os._exit(7)")

    assert "`altaloud models download caption-base`" in raised.value.advice


def test_complaints_that_fill_a_pipe_stop_nobody(folder: Path) -> None:
    assert run(folder, "os.write(2, b'careful\\n' * 40_000); at(2)") == [1, 2]


def test_the_last_of_many_complaints_is_the_reason(folder: Path) -> None:
    with pytest.raises(ModelDamagedError, match=r"^no BLIP$"):
        run(folder, "os.write(2, b'careful\\n' * 40_000); raise ModelDamagedError('no BLIP')")
