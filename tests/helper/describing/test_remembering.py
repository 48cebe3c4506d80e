"""A store that fails costs time, and never a description."""

import sqlite3
from pathlib import Path

import pytest

from altaloud.describing.remembering import Remembering
from altaloud.describing.sight import Sight
from altaloud.errors import KeyringError, NotFoundError, RequestError
from altaloud.memory.sealing import Seal, new_key
from altaloud.memory.store import Store
from altaloud.vision.kinds import Kind

PICTURE = bytes(32)
SEEN = Sight(kind=Kind.text, confidence=0.9, evidence="flat_colours", text="Open", model="m@1")


def remembering(path: Path | None = None) -> Remembering:
    return Remembering(Store(path, Seal(new_key())), not_lasting=None)


def test_what_was_seen_is_found_again_for_the_same_model() -> None:
    kept = remembering()
    kept.keep(PICTURE, SEEN)

    assert kept.sight(PICTURE, "m@1") == SEEN
    assert kept.sight(PICTURE, "m@2") is None


def test_the_users_own_words_are_kept_plain() -> None:
    kept = remembering()
    kept.keep(PICTURE, SEEN)

    kept.correct(kept.identify(PICTURE), "  Our \u202eshop\x1b[2J  ")

    assert kept.correction(PICTURE) == "Our shop [2J"


@pytest.mark.parametrize("words", ["", "  \t ", "\u202e\x1b"])
def test_own_words_that_say_nothing_are_refused(words: str) -> None:
    kept = remembering()
    kept.keep(PICTURE, SEEN)

    with pytest.raises(RequestError):
        kept.correct(kept.identify(PICTURE), words)


def test_own_words_for_an_unknown_picture_are_refused() -> None:
    with pytest.raises(NotFoundError):
        remembering().correct("nobody", "A dog")


def test_own_words_that_would_be_lost_are_refused_with_the_reason() -> None:
    lost = Remembering(Store(None, Seal(new_key())), not_lasting=KeyringError("the keyring is locked"))
    lost.keep(PICTURE, SEEN)

    with pytest.raises(KeyringError, match="locked"):
        lost.correct(lost.identify(PICTURE), "A dog")
    assert lost.status()["is_lasting"] is False
    assert lost.status()["problem"]["message"] == "the keyring is locked"


def test_a_store_that_is_locked_by_another_program_costs_no_description(tmp_path: Path) -> None:
    kept = remembering(tmp_path / "memory.sqlite3")
    kept.keep(PICTURE, SEEN)
    other = sqlite3.connect(tmp_path / "memory.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    kept.keep(bytes([1]) * 32, SEEN)

    assert kept.status()["problem"] is not None
    other.execute("ROLLBACK")
    other.close()
    assert kept.sight(PICTURE, "m@1") == SEEN
    assert kept.status()["problem"] is None


def test_what_another_version_kept_is_looked_at_anew(tmp_path: Path) -> None:
    store = Store(tmp_path / "memory.sqlite3", Seal(new_key()))
    store.save(PICTURE, "m@1", {"kind": "hologram"})

    assert Remembering(store, not_lasting=None).sight(PICTURE, "m@1") is None
