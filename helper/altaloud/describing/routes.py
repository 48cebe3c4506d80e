"""Which way a picture goes: whether its words are what it is about, and whether a caption is the answer."""

from altaloud.vision.kinds import STARTER, Kind, KindGuess
from altaloud.vision.pictures import Picture
from altaloud.vision.reading import Reading

# The share of an image of text that its lines cover, margins and the space between them left out.
_TEXT_FILLS = 0.12
_SURE_OF_KIND = 0.8  # of the kind's confidence: less, and words that fill the image are what it is about
_FEW_CHARACTERS = 125  # as many as are said in one line; an image of more is a page, whatever its kind
_LIKE_TEXT = (Kind.chart, Kind.icon, Kind.logo, Kind.screenshot, Kind.table)
_LARGER_THAN_SIGNS = 96  # pixels; on smaller drawings the captioner invents


def is_image_of_text(guess: KindGuess, text: Reading) -> bool:
    """Whether the words are what the image is about: a graphic that they fill, not a label on a drawing."""
    if not text.lines or text.coverage < _TEXT_FILLS:
        return False
    if not _is_of_words(text.text):
        return False  # the numbers of a chart
    is_doubtful = guess.confidence < _SURE_OF_KIND and len(text.text) <= _FEW_CHARACTERS
    return guess.kind is Kind.unknown or (guess.kind in _LIKE_TEXT and is_doubtful)


def _is_of_words(text: str) -> bool:
    return sum(one.isalpha() for one in text) > sum(one.isdigit() for one in text)


def is_for_captioning(kind: Kind, evidence: str, text: Reading, picture: Picture) -> bool:
    """Whether a caption is the answer: a photograph, or what may be one and is no sign and no writing."""
    may_be = kind is Kind.unknown or (kind is Kind.decorative and evidence == STARTER)
    if may_be:
        return not text.lines and min(picture.width, picture.height) >= _LARGER_THAN_SIGNS
    return kind is Kind.photo
