"""Text that somebody else wrote, made safe to show, to speak and to write into a page."""

import unicodedata


def plain(text: str) -> str:
    """Return `text` as one line, without what steers screen readers, terminals or the direction of words."""
    composed = unicodedata.normalize("NFC", text)
    # Categories C*: control, format (bidirectional marks among them), private, unassigned. Z*: spaces.
    shown = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in composed)
    return " ".join(shown.split())
