"""Finding remembered descriptions by their words, and writing them all out.

Rows are sealed, so a search opens each one; a thousand take a few tens of milliseconds.
"""

import json
import unicodedata
from collections.abc import Iterator
from typing import TextIO

from altaloud.memory.store import Remembered, Store

# Of what was seen: the rest is how it was found out.
_FIELDS = ("kind", "text", "caption", "icon")


def search(store: Store, words: str) -> Iterator[Remembered]:
    """Yield what holds all of `words` somewhere in its texts, the newest first.

    Case and accents make no difference; a part of a word is enough. No words find everything.
    """
    wanted = _plain(words).split()
    for remembered in store.newest():
        said = [remembered.correction, *(remembered.seen.get(field) for field in _FIELDS)]
        text = _plain("\n".join(words for words in said if isinstance(words, str)))
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


def _plain(text: str) -> str:
    """Return `text` without case and accents: "Café" becomes "cafe"."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
