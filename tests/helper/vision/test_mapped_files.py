"""Mapped weights give their memory back."""

import mmap
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from altaloud.vision import mapped_files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells what is mapped")

_BYTES = 32 * 2**20


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    file = tmp_path / "weights.bin"
    file.write_bytes(os.urandom(_BYTES))
    return file


def mapped(file: Path) -> mmap.mmap:
    with file.open("rb") as opened:
        return mmap.mmap(opened.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)


def resident() -> int:
    """Return how many bytes of mapped files are in memory."""
    kilobytes = re.search(r"^RssFile:\s+(\d+)", Path("/proc/self/status").read_text("utf-8"), re.MULTILINE)
    assert kilobytes
    return 1024 * int(kilobytes[1])


def test_what_was_read_is_given_back_and_can_be_read_again(weights: Path) -> None:
    with mapped(weights) as data:
        before = resident()
        read = bytes(data)
        assert resident() - before > 0.9 * _BYTES

        mapped_files.let_go()

        assert resident() - before < 0.1 * _BYTES
        assert bytes(data) == read


_HOLES = """
import re
import subprocess
from pathlib import Path
import numpy as np
from altaloud.vision import mapped_files

def own():
    status = Path("/proc/self/status").read_text("utf-8")
    return 1024 * int(re.search(r"RssAnon:\\s+(\\d+)", status)[1])

before, held, between = own(), [], []
for _ in range(1000):
    held.append(np.ones(100_000, np.uint8))
    between.append(np.ones(2_000, np.uint8))
del held
with_holes = own() - before
mapped_files.let_go()
print(with_holes, own() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another heap")
def test_holes_in_the_heap_are_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", _HOLES], capture_output=True, text=True, check=True)

    with_holes, after = map(int, done.stdout.split())
    assert with_holes > 90e6
    assert after < 20e6
