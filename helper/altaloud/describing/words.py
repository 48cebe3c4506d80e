"""Words as they are written into a page, and how one line of them is compared and cut."""

import re
from dataclasses import dataclass

from altaloud.describing.languages import Language


@dataclass(frozen=True, slots=True)
class Words:
    """What to write, or why nothing."""

    alt: str | None
    reason: str | None
    confidence: float
    language: str  # BCP 47
    hedged: bool = False


def silence(reason: str, confidence: float, language: Language) -> Words:
    """Return no words, and the sentence that says why."""
    return Words(None, language.say(reason), confidence, language.code)


def holds(whole: str, part: str) -> bool:
    """Return whether the words of `part` stand in `whole`, whatever their case and punctuation."""
    bare = f" {_bare(part)} "
    return bare.strip() != "" and bare in f" {_bare(whole)} "


def cut(words: str, most: int) -> str:
    """Return the words, of at most so many characters, cut between two of them."""
    if len(words) <= most:
        return words
    kept = words[: most - 1]
    space = kept.rfind(" ")
    # Scripts without spaces have them anywhere or nowhere.
    return kept[: space if space > most // 2 else None].rstrip(" ,;:.") + "…"


def _bare(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))
