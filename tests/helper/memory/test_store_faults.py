"""Killed programs, flipped bits, swapped rows, two programs at once: no wrong words, no lost correction."""

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from altaloud.errors import RememberingError
from altaloud.memory.sealing import Seal
from altaloud.memory.store import Store

MODEL = "caption-base@82a3776"
KEY = bytes(range(32))

# Saves and corrects picture after picture, and says so after each: what it has said must be there.
WRITER = """
import hashlib, sys
from pathlib import Path
from altaloud.memory.sealing import Seal
from altaloud.memory.store import Store
store = Store(Path(sys.argv[1]), Seal(bytes(range(32))))
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    name = store.save(hashlib.sha256(b"%d" % number).digest(), "caption-base@82a3776", {"number": number}).id
    print("saved", number, flush=True)
    store.correct(name, f"the user's {number}")
    print("corrected", number, flush=True)
store.close()
"""


def picture(number: int) -> bytes:
    return hashlib.sha256(b"%d" % number).digest()


def writer(path: Path, first: int, end: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, path, str(first), str(end)], stdout=subprocess.PIPE
    )


def test_a_program_killed_in_the_middle_of_writing_loses_nothing_it_had_acknowledged(
    path: Path, seal: Seal
) -> None:
    chance = random.Random(2)  # noqa: S311 (moments to kill at, not secrets)
    first = 0
    for _ in range(6):
        child = writer(path, first, 1_000_000)
        assert child.stdout is not None
        said = [child.stdout.readline() for _ in range(chance.randrange(2, 60))]
        os.kill(child.pid, signal.SIGKILL)
        said += child.stdout.readlines()
        child.wait()
        child.stdout.close()

        store = Store(path, seal)
        for line in said:
            what, number = line.split()
            found = store.find(picture(int(number)), MODEL)
            assert found is not None
            assert found.seen == {"number": int(number)}
            if what == b"corrected":
                assert found.correction == f"the user's {int(number)}"
        assert store.damaged() == 0
        store.close()
        first += 1_000


def test_two_programs_write_and_read_the_same_store_at_once(path: Path, seal: Seal) -> None:
    children = [writer(path, first, first + 100) for first in (0, 1_000)]
    for child in children:
        output, _ = child.communicate(timeout=60)
        assert child.returncode == 0
        assert output.count(b"corrected") == 100

    store = Store(path, seal)
    assert store.count() == 200
    assert all(remembered.correction for remembered in store.newest())
    store.close()


def test_a_change_made_by_another_program_is_seen_at_once(path: Path, seal: Seal) -> None:
    daemon, command = Store(path, seal), Store(path, seal)
    name = daemon.save(picture(1), MODEL, {"number": 1}).id

    command.correct(name, "Rex")
    assert daemon.correction(picture(1)) == "Rex"

    assert command.forget() == 1
    assert daemon.find(picture(1), MODEL) is None
    assert name.encode() not in b"".join(file.read_bytes() for file in path.parent.iterdir())
    daemon.close()
    command.close()


def test_flipped_bits_never_give_wrong_words(tmp_path: Path, seal: Seal) -> None:
    whole = tmp_path / "whole.sqlite3"
    store = Store(whole, seal)
    truth = {store.save(picture(n), MODEL, {"number": n, "text": "x" * n}).id: n for n in range(30)}
    for name, number in truth.items():
        store.correct(name, f"the user's {number}")
    store.close()
    content = whole.read_bytes()
    chance = random.Random(1)  # noqa: S311 (bits to flip, not secrets)
    intact = 0

    for trial in range(300):
        path = tmp_path / f"{trial}.sqlite3"
        flipped = bytearray(content)
        flipped[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(flipped)
        try:
            found = read_all(path)
        except RememberingError:
            continue
        for name, seen, correction in found:
            assert truth[name] == seen
            assert correction in (None, f"the user's {seen}")
        intact += len(found) == 30
        path.unlink()

    assert intact > 30  # the test does read stores, and not only errors


def read_all(path: Path) -> list[tuple[str, object, str | None]]:
    store = Store(path, Seal(KEY))
    try:
        for number in range(30):
            store.correction(picture(number))
        return [(one.id, one.seen["number"], one.correction) for one in store.newest()]
    finally:
        store.close()


@pytest.mark.parametrize(
    "damage",
    [
        "CREATE TEMP TABLE was AS SELECT id, sealed FROM seen;"
        "UPDATE seen SET sealed = (SELECT sealed FROM was WHERE was.id <> seen.id LIMIT 1)",
        "UPDATE seen SET model = 'another@1'",
        "UPDATE seen SET made_at = made_at + 1",
        "UPDATE seen SET sealed = x''",
    ],
)
def test_rows_swapped_moved_or_given_another_date_are_dropped_and_seen_anew(
    store: Store, path: Path, damage: str
) -> None:
    for number in range(3):
        store.save(picture(number), MODEL, {"number": number})
    other = sqlite3.connect(path)
    other.executescript(damage)
    other.close()

    assert store.find(picture(0), MODEL) is None
    assert store.find(picture(0), "another@1") is None
    assert list(store.newest()) == []
    assert store.count() == 0
    assert store.damaged() == 3
    store.save(picture(0), MODEL, {"number": 0})
    assert store.find(picture(0), MODEL) is not None


def test_a_damaged_correction_is_reported_and_kept_and_the_picture_still_described(
    store: Store, path: Path
) -> None:
    name = store.save(picture(1), MODEL, {"number": 1}).id
    store.correct(name, "Rex")
    other = sqlite3.connect(path)
    other.execute("UPDATE correction SET sealed = substr(sealed, 1, 20)")
    other.commit()

    found = store.find(picture(1), MODEL)

    assert found is not None
    assert found.seen == {"number": 1}
    assert found.correction is None
    assert store.correction(picture(1)) is None
    assert store.damaged() == 1
    assert other.execute("SELECT count(*) FROM correction").fetchone() == (1,)
    other.close()
    store.correct(name, "Rex again")
    assert store.correction(picture(1)) == "Rex again"
    assert store.damaged() == 0


def test_a_damaged_proof_of_the_key_does_not_lock_the_owner_out(path: Path, seal: Seal) -> None:
    store = Store(path, seal)
    store.save(picture(1), MODEL, {"number": 1})
    store.close()
    other = sqlite3.connect(path)
    other.execute("UPDATE key_proof SET sealed = x'00'")
    other.commit()
    other.close()

    store = Store(path, seal)
    assert store.find(picture(1), MODEL) is not None
    store.close()
