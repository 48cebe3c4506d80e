"""What was seen in a picture is found again; the user's own words are never lost; nothing else is kept."""

import hashlib
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from altaloud.errors import NotFoundError, RememberingError, StoreDamagedError
from altaloud.memory.sealing import Seal
from altaloud.memory.store import Store, erase

MODEL = "caption-base@82a3776"
SEEN = {"kind": "photo", "caption": "a dog on a beach", "lines": [{"text": "Café", "confidence": 0.5}]}


def picture(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


BEACH = picture("beach")


def test_a_picture_seen_before_is_found_with_all_that_was_seen(store: Store) -> None:
    before = datetime.now(UTC)
    saved = store.save(BEACH, MODEL, SEEN)

    found = store.find(BEACH, MODEL)

    assert found == saved
    assert found is not None
    assert found.id == store.identify(BEACH)
    assert found.seen == SEEN
    assert found.model == MODEL
    assert found.correction is None
    assert before <= found.made_at <= datetime.now(UTC)


def test_a_picture_never_seen_is_not_found(store: Store) -> None:
    store.save(BEACH, MODEL, SEEN)

    assert store.find(picture("cat"), MODEL) is None
    assert store.find(BEACH, "another@1") is None


def test_what_was_seen_last_replaces_what_was_seen_first(store: Store) -> None:
    store.save(BEACH, MODEL, SEEN)
    store.save(BEACH, MODEL, {"kind": "icon"})

    found = store.find(BEACH, MODEL)

    assert found is not None
    assert found.seen == {"kind": "icon"}
    assert store.count() == 1


def test_everything_is_there_after_a_restart(path: Path, seal: Seal) -> None:
    first = Store(path, seal)
    name = first.save(BEACH, MODEL, SEEN).id
    first.correct(name, "Rex in Kiel, 2019 \N{DOG FACE}")
    first.close()

    second = Store(path, seal)
    found = second.find(BEACH, MODEL)
    second.close()

    assert found is not None
    assert found.seen == SEEN
    assert found.correction == "Rex in Kiel, 2019 \N{DOG FACE}"


def test_opening_it_writes_nothing(path: Path, seal: Seal) -> None:
    Store(path, seal).close()
    before = path.read_bytes()

    Store(path, seal).close()

    assert path.read_bytes() == before


def test_the_users_words_belong_to_the_picture_whatever_model_looks_at_it(store: Store) -> None:
    store.correct(store.save(BEACH, MODEL, SEEN).id, "Rex")

    assert store.correction(BEACH) == "Rex"
    assert store.save(BEACH, "another@1", {}).correction == "Rex"
    assert store.save(BEACH, MODEL, {}).correction == "Rex"
    store.correct(store.identify(BEACH), "Rex and Anna")
    assert store.correction(BEACH) == "Rex and Anna"
    assert store.correction(picture("cat")) is None


def test_correcting_a_picture_that_is_not_remembered_is_an_error(store: Store) -> None:
    with pytest.raises(NotFoundError):
        store.correct(store.identify(BEACH), "Rex")

    assert store.correction(BEACH) is None


def test_the_newest_comes_first(store: Store) -> None:
    for name in ("first", "second", "third"):
        store.save(picture(name), MODEL, {"caption": name})
    store.correct(store.identify(picture("first")), "corrected")

    newest = list(store.newest())

    assert [remembered.seen["caption"] for remembered in newest] == ["third", "second", "first"]
    assert [remembered.correction for remembered in newest] == [None, None, "corrected"]


def test_forgetting_everything_leaves_nothing_in_the_file(store: Store, path: Path) -> None:
    for number in range(300):
        store.save(picture(str(number)), MODEL, SEEN)
    name = store.identify(picture("7"))
    store.correct(name, "Rex")
    assert name.encode() in contents(path)

    assert store.forget() == 300

    assert name.encode() not in contents(path)
    assert (store.count(), list(store.newest()), store.correction(picture("7"))) == (0, [], None)
    assert store.bytes_on_disk() < 100_000


def test_forgetting_the_old_keeps_the_new(store: Store) -> None:
    old = store.save(picture("old"), MODEL, SEEN)
    both = store.save(picture("both"), MODEL, SEEN)
    store.correct(old.id, "gone")
    time.sleep(0.002)
    moment = datetime.now(UTC)
    store.save(picture("both"), "another@1", SEEN)
    new = store.save(picture("new"), MODEL, SEEN)
    store.correct(both.id, "stays")
    store.correct(new.id, "stays too")

    assert store.forget(before=moment.astimezone(None)) == 2

    assert {remembered.id for remembered in store.newest()} == {both.id, new.id}
    assert store.correction(picture("old")) is None
    assert store.correction(picture("both")) == "stays"
    assert store.correction(picture("new")) == "stays too"


def test_forgetting_before_the_first_forgets_nothing(store: Store) -> None:
    store.correct(store.save(BEACH, MODEL, SEEN).id, "Rex")

    assert store.forget(before=datetime.now(UTC) - timedelta(days=1)) == 0
    assert store.correction(BEACH) == "Rex"


def test_nothing_readable_reaches_the_disk(store: Store, path: Path) -> None:
    store.correct(store.save(BEACH, MODEL, SEEN).id, "Our Rex")

    kept = contents(path)

    for secret in (b"dog", b"beach", b"photo", b'caption"', b"Caf", b"Rex", BEACH, BEACH.hex().encode()):
        assert secret not in kept


def test_only_the_owner_may_read_the_files(store: Store, path: Path) -> None:
    store.save(BEACH, MODEL, SEEN)

    assert {file.name for file in path.parent.iterdir()} == {path.name + end for end in ("", "-wal", "-shm")}
    assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}


def test_a_store_without_a_file_forgets_with_the_program(tmp_path: Path, seal: Seal) -> None:
    store = Store(None, seal)
    store.correct(store.save(BEACH, MODEL, SEEN).id, "Rex")

    found = store.find(BEACH, MODEL)

    assert found is not None
    assert found.correction == "Rex"
    assert store.bytes_on_disk() == 0
    assert store.forget() == 1
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_another_key_is_told_apart_from_damage_and_loses_nothing(path: Path, seal: Seal) -> None:
    store = Store(path, seal)
    store.save(BEACH, MODEL, SEEN)
    store.close()

    with pytest.raises(StoreDamagedError, match="another key") as caught:
        Store(path, Seal(bytes(32)))

    assert "forget --all" in caught.value.advice
    store = Store(path, seal)
    assert store.find(BEACH, MODEL) is not None
    store.close()


def test_an_emptied_store_takes_a_new_key(path: Path, seal: Seal) -> None:
    Store(path, seal).close()

    store = Store(path, Seal(bytes(32)))
    store.save(BEACH, MODEL, SEEN)
    assert store.find(BEACH, MODEL) is not None
    store.close()


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough to look at" * 40, b"SQLite format 3\0"]
)
def test_a_file_that_is_not_a_store_is_refused_and_can_be_erased(
    path: Path, seal: Seal, content: bytes
) -> None:
    path.write_bytes(content)

    with pytest.raises(StoreDamagedError) as caught:
        Store(path, seal)
    assert "forget --all" in caught.value.advice

    erase(path)
    Store(path, seal).close()


def test_a_store_of_a_newer_version_is_left_alone(path: Path, seal: Seal) -> None:
    Store(path, seal).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()

    with pytest.raises(RememberingError, match="newer"):
        Store(path, seal)


def test_a_locked_file_is_an_error_after_two_seconds_and_not_a_hang(store: Store, path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    start = time.monotonic()

    with pytest.raises(RememberingError, match="locked"):
        store.save(BEACH, MODEL, SEEN)

    assert 1.5 < time.monotonic() - start < 4
    other.close()
    store.save(BEACH, MODEL, SEEN)
    assert store.count() == 1


def test_a_folder_that_cannot_be_written_is_an_error_with_advice(tmp_path: Path, seal: Seal) -> None:
    with pytest.raises(RememberingError, match="No such file") as caught:
        Store(tmp_path / "nowhere" / "memory.sqlite3", seal)
    assert "ALTALOUD_HOME" in caught.value.advice


def contents(path: Path) -> bytes:
    """Everything that SQLite has put on the disk."""
    return b"".join(file.read_bytes() for file in path.parent.iterdir())
