"""What weights that were read take is given back, and they can be read again."""

import mmap
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


def resident_bytes(file: Path) -> int:
    total, is_ours = 0, False
    for line in Path("/proc/self/smaps").read_text("utf-8").splitlines():
        if "-" in line.split()[0]:
            is_ours = line.endswith(str(file))
        elif is_ours and line.startswith("Rss:"):
            total += int(line.split()[1]) * 1024
    return total
