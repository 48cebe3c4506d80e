"""A caption without guesses about people.

Race, gender, age and disability cannot be seen, only guessed, so the words of a caption
say "person" where the model wrote "man" (the design's section 4, step 9). What the model
wrote stays in `Description.caption`. Animals and things keep their words: a baby elephant,
a lady bug, women's shoes.
"""

import re

_ONE = "man|woman|boy|girl|gentleman|guy|toddler|teenager|grandmother|grandfather|grandma|grandpa"
_MANY = "men|women|boys|girls|gentlemen|guys|toddlers|teenagers|children|grandparents"
# These go before animals and things as well, so they mean a person only where a phrase ends after them.
_EITHER = "male|female|baby|child|kid|lady|adult|teen"
_EITHER_MANY = "males|females|babies|kids|ladies|adults|teens"
_ENDS = (
    r"(?=\s*(?:$|[.,;:!?)]|\b(?:and|are|as|at|behind|beside|by|for|from|has|holds|in|inside|is|looks|near|next|of|"
    r"on|or|over|sits|stands|that|to|under|wears|while|who|with|\w+ing)\b))"
)
_GUESSED = (
    "young|younger|old|older|elderly|middle[- ]aged|little|teenage|adult|male|female|black|white|asian|"
    "african(?:[- ]american)?|american|indian|hispanic|latino|latina|caucasian|arab|chinese|japanese|"
    "dark[- ]skinned|light[- ]skinned|disabled|handicapped|blind|deaf"
)
_PERSONS = rf"(?:(?:{_ONE}|{_MANY}|person|people|couple|lady|ladies)\b|(?:{_EITHER}|{_EITHER_MANY})\b{_ENDS})"

_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        # Only before a person: "a white shirt" and "an old car" stay.
        (rf"\b(?:(?:{_GUESSED})\s+)+(?={_PERSONS})", ""),
        (r"\bpolice(?:man|woman)\b", "police officer"),
        (r"\bpolice(?:men|women)\b", "police officers"),
        (r"\bfire(?:man|woman)\b", "firefighter"),
        (r"\bfire(?:men|women)\b", "firefighters"),
        (r"\b(?:business|sales|sports|camera|crafts|fisher|service)(?:man|woman)\b", "person"),
        (r"\b(?:business|sales|sports|camera|crafts|fisher|service)(?:men|women)\b", "people"),
        (r"\b(?:mother|father|mom|mum|dad)\b", "parent"),
        (r"\b(?:mothers|fathers|moms|mums|dads)\b", "parents"),
        (r"\b(?:wife|husband)\b", "spouse"),
        (r"\b(?:son|daughter|brother|sister)\b", "relative"),
        (r"\b(?:sons|daughters|brothers|sisters)\b", "relatives"),
        (r"\bbride and (?:the )?groom\b", "couple at a wedding"),
        (r"\b(?:bride|groom)\b", "person at a wedding"),
        (rf"\b(?:{_ONE})\b", "person"),
        (rf"\b(?:{_EITHER})\b{_ENDS}", "person"),
        (rf"\b(?:{_MANY})\b(?!['\u2019]s)", "people"),
        (rf"\b(?:{_EITHER_MANY})\b{_ENDS}", "people"),
        (r"\ban (?=p(?:erson|arent)\b)", "a "),
        (r"\ba (?=old\b)", "an "),
        (r"\ba person and (?:a )?person\b", "two people"),
        (r"\b(?:himself|herself)\b", "themself"),
        (r"\b(?:he|she) is\b", "they are"),
        (r"\b(?:he|she)\b", "they"),
        (r"\bhim\b", "them"),
        (rf"\bher\b{_ENDS}", "them"),
        (r"\b(?:his|her)\b", "their"),
        (r"\bhers\b", "theirs"),
    )
)


def without_guesses(caption: str) -> str:
    """Return `caption` with what it guesses about people left out."""
    for pattern, words in _RULES:
        caption = pattern.sub(words, caption)
    return caption


# A question of one of these is not put to the model: it would answer, and it cannot know.
_PEOPLE = (
    r"(?:person|people|man|men|woman|women|boy|boys|girl|girls|guy|guys|lady|ladies|child|children|kid|kids|"
    r"he|she|him|her|his|they|them|their|someone|anyone|player|players|couple|family|baby)"
)
_THE = r"(?:the |this |that |these |those )?"
_ASKS_FOR_A_GUESS = re.compile(
    "|".join(
        (
            r"\b(?:who|whom|whose)\b",
            rf"\bname of {_THE}{_PEOPLE}\b",
            r"\b(?:his|her|their) (?:name|age|race|gender|sex|religion|nationality)\b",
            r"\b(?:race|races|ethnicity|ethnic|nationality|gender|sex|skin colou?r|religion|sexual\w*)\b",
            rf"\bhow old (?:is|are|was|were) {_THE}(?:\w+ )?{_PEOPLE}\b",
            r"\bwhat age\b|\bmale or female\b|\bfemale or male\b",
            r"\b(?:man|woman|boy|girl) or (?:an? )?(?:man|woman|boy|girl)\b",
            rf"\b(?:is|are) {_THE}{_PEOPLE} (?:an? )?(?:{_GUESSED}|{_ONE}|{_MANY}|gay|pregnant)\b",
        )
    ),
    re.IGNORECASE,
)
_ABOUT_PEOPLE = re.compile(rf"\b{_PEOPLE}\b", re.IGNORECASE)
_ABOUT_COLOURS = re.compile(r"\b(?:colou?rs?|wear\w*|shirt|dress|hair|hat)\b", re.IGNORECASE)
_GUESS = re.compile(rf"(?:{_GUESSED}|gay|straight|pregnant)(?: {_PEOPLE})?", re.IGNORECASE)


def asks_for_a_guess(question: str) -> bool:
    """Whether a question is for who somebody is, or for race, gender, age, disability or belief."""
    return _ASKS_FOR_A_GUESS.search(question) is not None


def is_a_guess(question: str, answer: str) -> bool:
    """Whether an answer says such a thing of a person, whatever was asked."""
    is_about_people = _ABOUT_PEOPLE.search(question) is not None and not _ABOUT_COLOURS.search(question)
    return is_about_people and _GUESS.fullmatch(answer) is not None
