"""Where a link goes, in words: what a person wants to know of an image in a link."""

import re
from urllib.parse import unquote, urlsplit

from altaloud.describing.description import Context
from altaloud.describing.languages import Language
from altaloud.plain_text import plain

_EXTENSION = re.compile(r"\.(html?|php|aspx?|jsp|cgi|pdf|jpe?g|png|gif|webp|avif|svg)$", re.IGNORECASE)
_INDEX = {"index", "default", "home", "start"}
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"^(?=.*\d)[0-9a-z]{8,}$", re.IGNORECASE)  # a number or digest, not words
_MOST_CHARACTERS = 80


def authors_words(context: Context) -> str | None:
    """Return what the page itself says of the link or button."""
    for words in (context.link_text, context.title):
        if words and plain(words):
            return plain(words)
    return None


def address_words(context: Context, language: Language) -> str | None:
    """Return what the address of a link says: whom it writes or calls, or its last words."""
    if context.role != "link" or not context.href:
        return None
    return _address_words(context.href, language)


def _address_words(href: str, language: Language) -> str | None:
    try:
        address = urlsplit(href)
    except ValueError:
        return None
    rest = plain(unquote(address.path))
    if address.scheme == "mailto" and rest:
        return language.say("mail", address=rest[:_MOST_CHARACTERS])
    if address.scheme == "tel" and rest:
        return language.say("telephone", number=rest[:_MOST_CHARACTERS])
    if address.scheme not in ("http", "https", ""):  # without one, it is an address on the page's own site
        return None
    for part in reversed(rest.split("/")):
        words = " ".join(re.split(r"[-_+\s.]+", _EXTENSION.sub("", part))).strip()
        if _WORD.search(words) and words.lower() not in _INDEX and not _CODE.match(part):
            return words[:_MOST_CHARACTERS]
    return plain(address.hostname or "").removeprefix("www.") or None
