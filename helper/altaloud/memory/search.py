"""Finding remembered descriptions by their words, and writing them all out.

Rows are sealed, so a search opens each one; a thousand take a few tens of milliseconds.
"""

import json
import unicodedata
from collections.abc import Iterator
from typing import TextIO

from altaloud.memory.store import Remembered, Store


def search(store: Store, words: str) -> Iterator[Remembered]:
    """Yield what holds all of `words` somewhere in its texts, the newest first.

    Case and accents make no difference; a part of a word is enough. No words find everything.
    """
    wanted = _plain(words).split()
    for remembered in store.newest():
        text = _plain("\n".join([remembered.correction or "", *_texts(remembered.seen)]))
        if all(word in text for word in wanted):
            yield remembered


def export(store: Store, file: TextIO) -> int:
    """Write everything, one JSON object a line, the newest first; return how many."""
    lines = 0
    for remembered in store.newest():
        line = {
            "id": remembered.id,
            "made_at": remembered.made_at.isoformat(),
            "model": remembered.model,
            "seen": remembered.seen,
            "correction": remembered.correction,
        }
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        lines += 1
    return lines


def _texts(value: object) -> Iterator[str]:
    """Yield every text inside a JSON value, but not the names of its fields."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _plain(text: str) -> str:
    """Return `text` without case and accents: "Café" becomes "cafe"."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
