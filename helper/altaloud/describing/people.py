"""A caption without guesses about people.

Race, gender, age and disability cannot be seen, only guessed, so the words of a caption
say "person" where the model wrote "man" (the design's section 4, step 9). What the model
wrote stays in `Description.caption`.
"""

import re

_ONE = r"man|woman|boy|girl|lady|guy|gentleman|male|female|child|kid|baby|toddler|teenager|teen|adult"
_MANY = (
    r"men|women|boys|girls|ladies|guys|gentlemen|males|females|children|kids|babies|toddlers|teenagers|"
    r"teens|adults"
)
_GUESSED = (
    r"young|younger|old|older|elderly|middle[- ]aged|little|teenage|adult|male|female|black|white|asian|"
    r"african(?:[- ]american)?|american|indian|hispanic|latino|latina|caucasian|arab|chinese|japanese|"
    r"dark[- ]skinned|light[- ]skinned|disabled|handicapped|blind|deaf"
)
_PERSONS = rf"{_ONE}|{_MANY}|person|people|couple"

_RULES = (
    # Only before a person: "a white shirt" and "an old car" stay.
    (rf"\b(?:(?:{_GUESSED})\s+)+(?=(?:{_PERSONS})\b)", ""),
    (rf"\b(?:{_ONE})\b", "person"),
    (rf"\b(?:{_MANY})\b", "people"),
    (r"\ban (?=person\b)", "a "),
    (r"\ba person and a person\b", "two people"),
    (r"\b(?:himself|herself)\b", "themself"),
    (r"\bhe is\b|\bshe is\b", "they are"),
    (r"\bhe\b|\bshe\b", "they"),
    (r"\bhim\b", "them"),
    (r"\bhis\b|\bher(?=\s+\w)", "their"),
    (r"\bher\b|\bhers\b", "them"),
)


def without_guesses(caption: str) -> str:
    """Return `caption` with what it guesses about people left out."""
    for pattern, words in _RULES:
        caption = re.sub(pattern, words, caption, flags=re.IGNORECASE)
    return caption
