"""Remembered descriptions are found by any of their words, and can all be written out."""

import io
import json

import pytest

from altaloud.memory.search import export, search
from altaloud.memory.store import Store

MODEL = "caption-base@82a3776"


@pytest.fixture
def filled(store: Store) -> Store:
    store.save(bytes(32), MODEL, {"caption": "a dog on a beach", "kind": "photo"})
    store.save(bytes([1]) * 32, MODEL, {"text": "Straße zum Café\nOPEN", "evidence": "flat"})
    third = store.save(bytes([2]) * 32, MODEL, {"caption": "a cat on a beach"})
    store.correct(third.id, "Minka, our cat, in Zürich")
    return store


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("beach", ["a cat on a beach", "a dog on a beach"]),
        ("BEACH dog", ["a dog on a beach"]),
        ("dog cat", []),
        ("cafe", [None]),
        ("CAFÉ strasse", [None]),
        ("open", [None]),
        ("minka", ["a cat on a beach"]),
        ("zurich", ["a cat on a beach"]),
        ("caption", []),  # the name of a field is not a word of the description
        ("flat", []),  # how it was found out is not either
        ("base", []),
        ("", ["a cat on a beach", None, "a dog on a beach"]),
    ],
)
def test_all_words_in_any_case_without_accents(filled: Store, words: str, expected: list[str | None]) -> None:
    assert [found.seen.get("caption") for found in search(filled, words)] == expected


def test_everything_is_written_out_one_object_a_line(filled: Store) -> None:
    file = io.StringIO()

    assert export(filled, file) == 3

    lines = [json.loads(line) for line in file.getvalue().splitlines()]
    assert [line["correction"] for line in lines] == ["Minka, our cat, in Zürich", None, None]
    assert lines[2]["seen"] == {"caption": "a dog on a beach", "kind": "photo"}
    assert {len(line["id"]) for line in lines} == {22}
    assert lines[0]["made_at"].endswith("+00:00")
