"""What weights that were read take is given back, and they can be read again."""

import mmap
import subprocess
import sys
from pathlib import Path

import pytest

from altaloud.vision import mapped_files

SIZE = 8 << 20


@pytest.mark.skipif(sys.platform != "linux", reason="only there")
def test_mapped_weights_are_given_back_and_can_be_read_again(tmp_path: Path) -> None:
    weights, other = tmp_path / "vision0.bin", tmp_path / "words.txt"
    for file in (weights, other):
        file.write_bytes(bytes(range(256)) * (SIZE // 256))
    with weights.open("rb") as one, other.open("rb") as two:
        maps = [mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) for file in (one, two)]
        for each in maps:
            assert sum(each[::4096]) >= 0  # touches every page
        before = [resident_bytes(file) for file in (weights, other)]

        mapped_files.let_go()

        assert before == [SIZE, SIZE]
        assert [resident_bytes(file) for file in (weights, other)] == [0, SIZE]
        assert maps[0][:256] == bytes(range(256))
        for each in maps:
            each.close()


# Maps and unmaps weights, lets go of them, and has others use the memory in between, all at once.
_AT_ONCE = """
import mmap, sys, threading
from altaloud.vision import mapped_files

def unmap():
    with open(sys.argv[1], "rb") as file:
        while not ended.is_set():
            weights = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            weights[0]
            with mapped_files.UNMAPPING:
                weights.close()

def let_go():
    while not ended.is_set():
        mapped_files.let_go()

sys.setswitchinterval(1e-6)
ended = threading.Event()
threads = [threading.Thread(target=each) for each in (unmap, let_go)]
for thread in threads:
    thread.start()
held = []
is_whole = True
for number in range(20_000):
    memory = mmap.mmap(-1, 1 << 20, flags=mmap.MAP_PRIVATE)
    memory[0] = memory[-1] = 1
    held.append(memory)
    if len(held) == 16:
        oldest = held.pop(0)
        is_whole = is_whole and oldest[0] == oldest[-1] == 1
        oldest.close()
ended.set()
for thread in threads:
    thread.join()
sys.exit(0 if is_whole else "somebody else's memory was lost")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only there")
def test_nobodys_memory_is_lost_while_weights_come_and_go(tmp_path: Path) -> None:
    weights = tmp_path / "vision0.bin"
    weights.write_bytes(bytes(1 << 20))

    ran = subprocess.run([sys.executable, "-c", _AT_ONCE, weights], capture_output=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, b"")


def resident_bytes(file: Path) -> int:
    total, is_ours = 0, False
    for line in Path("/proc/self/smaps").read_text("utf-8").splitlines():
        if "-" in line.split()[0]:
            is_ours = line.endswith(str(file))
        elif is_ours and line.startswith("Rss:"):
            total += int(line.split()[1]) * 1024
    return total
