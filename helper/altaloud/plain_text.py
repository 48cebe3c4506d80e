"""Text that somebody else wrote, made safe to show, to speak and to write into a page."""

import unicodedata

# They shape the letters of many scripts and hold an emoji together, and steer nothing else.
_JOINERS = "\u200c\u200d"


def plain(text: str) -> str:
    """Return `text` as one line, without what steers screen readers, terminals or the direction of words."""
    shown = "".join(map(_plain, unicodedata.normalize("NFC", text)))
    return " ".join(shown.split()).strip(_JOINERS + " ")


def _plain(one: str) -> str:
    category = unicodedata.category(one)
    if category == "Cf":  # format: bidirectional marks, and soft hyphens in the middle of words
        return one if one in _JOINERS else ""
    return " " if category[0] in "CZ" else one  # control, private, unassigned; spaces
