"""Text on its way to a voice: one plain line of a bounded length, in which no voice finds a command."""

import unicodedata

LONGEST = 5_000  # characters; about five minutes of speech
_SECONDS_TO_SPARE = 15.0  # for starting, and for a sound server that plays out what it holds


def plain(text: str) -> str:
    """Return `text` as a voice may have it; empty if there is nothing to say.

    Control, direction and unassigned characters are dropped: espeak takes Ctrl-A for the start of a command.
    Doubled square brackets are taken apart: espeak and the voices of macOS read commands between them.
    """
    letters = "".join(" " if letter.isspace() else letter for letter in text if not _is_unspoken(letter))
    line = " ".join(letters.split())
    while "[[" in line or "]]" in line:
        line = line.replace("[[", "[ [").replace("]]", "] ]")
    if len(line) <= LONGEST:
        return line
    whole_words, _, _ = line[: LONGEST + 1].rpartition(" ")
    return whole_words or line[:LONGEST]


def seconds_to_say(text: str, words_per_minute: int) -> float:
    """Return how long a voice may take before something must be wrong: well over what it needs.

    A word is taken as three characters, since some scripts write no spaces and spell numbers out.
    """
    return _SECONDS_TO_SPARE + 60 * len(text) / 3 / words_per_minute


def _is_unspoken(letter: str) -> bool:
    return unicodedata.category(letter).startswith("C") and not letter.isspace()
