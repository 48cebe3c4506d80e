"""What is said of what was seen, and what is left unsaid."""

import pytest

from altaloud.describing.description import Context, Detail
from altaloud.describing.languages import Languages
from altaloud.describing.people import without_guesses
from altaloud.describing.sight import Sight
from altaloud.describing.wording import MOST_CHARACTERS, Words, say
from altaloud.vision.kinds import Kind

ENGLISH = Languages().choose("en")


def sight(kind: Kind, **seen: object) -> Sight:
    return Sight.model_validate(
        {"kind": kind, "confidence": 0.9, "evidence": "test", "text_confidence": 0.95, "model": "m", **seen}
    )


def words(
    seen: Sight,
    context: dict[str, object] | None = None,
    *,
    detail: Detail = "short",
    megabytes: int | None = None,
) -> Words:
    place = Context.model_validate(context or {})
    return say(seen, place, ENGLISH, detail=detail, model_megabytes=megabytes)


SHOES = "https://shop.example/shoes/red-running-shoes.html?ref=7"


def to(href: str) -> dict[str, object]:
    return {"role": "link", "href": href}


TO_SHOES = to(SHOES)
TITLED = {**TO_SHOES, "title": "Shoes"}
TEXT = sight(Kind.text, text="Summer sale:\n20 % off")
PHOTO = sight(Kind.photo)
BLANK = sight(Kind.blank)

SAID = [
    ("text that was read is said as it stands", TEXT, {}, "Summer sale: 20 % off"),
    ("a photograph without the model is a photograph", PHOTO, {}, "Photo"),
    ("a link's address comes first", PHOTO, TO_SHOES, "red running shoes: Photo"),
    ("a link's title wins over its address", PHOTO, TITLED, "Shoes: Photo"),
    ("a blank image in a link is its destination", BLANK, TO_SHOES, "red running shoes"),
    ("a number says nothing", PHOTO, to("https://a.example/news/20260113"), "news: Photo"),
    ("a home page is its site", PHOTO, to("https://www.a.example/index.html"), "a.example: Photo"),
    ("a script's address says nothing", PHOTO, to("javascript:void(0)"), "Photo"),
    ("a mail address", BLANK, to("mailto:ann@a.example"), "Mail to ann@a.example"),
    ("a telephone number", BLANK, to("tel:+4930123"), "Call +4930123"),
    ("nothing is said twice", TEXT, to("https://a.example/summer-sale"), "Summer sale: 20 % off"),
    ("an address means nothing to a mere image", PHOTO, {"href": SHOES}, "Photo"),
    ("a graphic with words", sight(Kind.unknown, text="Sales\n2026"), {}, "Image with the text: Sales 2026"),
    ("a blank image is silent", BLANK, {}, None),
    ("a decoration is silent", sight(Kind.decorative), {}, None),
    ("what cannot be told is not told", sight(Kind.unknown), {}, None),
    ("a doubtful reading", sight(Kind.text, text="Sa1e", text_confidence=0.7), {}, "Possibly the text: Sa1e"),
    ("letters that cannot be read", TEXT, {"page_language": "ru-RU"}, None),
    ("a hostile address", PHOTO, to("https://a.example/%E2%80%AEred%1B%5B31m"), "red [31m: Photo"),
    ("the page says the text beside it", TEXT, {"nearby": "Now: summer sale, 20 % off!"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("seen", "context", "alt"), [c[1:] for c in SAID], ids=[c[0] for c in SAID])
def test_said(seen: Sight, context: dict[str, object], alt: str | None) -> None:
    answer = words(seen, context)

    assert answer.alt == alt
    assert alt is not None or answer.reason


HEDGES = [
    (0.8, "Appears to be a dog on a beach"),
    (0.4, "Possibly a dog on a beach"),
    (0.1, "Photo"),
]


@pytest.mark.parametrize(("confidence", "alt"), HEDGES)
def test_a_caption_is_hedged_by_its_confidence(confidence: float, alt: str) -> None:
    answer = words(sight(Kind.photo, caption="a dog on a beach", caption_confidence=confidence))

    assert answer.alt == alt
    assert answer.hedged == (alt != "Photo")
    assert answer.confidence == (confidence if answer.hedged else 0.9)


def test_a_missing_model_is_named_with_its_size() -> None:
    answer = words(PHOTO, megabytes=991)

    assert answer.alt == "Photo"
    assert answer.reason is not None
    assert "991 megabytes" in answer.reason


def test_a_short_text_is_cut_between_words_and_a_long_one_is_whole() -> None:
    seen = sight(Kind.text, text="word " * 60)

    short = words(seen).alt
    assert short is not None
    assert len(short) <= MOST_CHARACTERS
    assert short.endswith("word…")
    assert words(seen, detail="long").alt == ("word " * 60).strip()


GUESSES = [
    ("a young woman sitting on the beach with her dog", "a person sitting on the beach with their dog"),
    ("an old man in a white shirt", "a person in a white shirt"),
    ("a man and a woman next to her", "two people next to them"),
    ("two black men with an old car", "two people with an old car"),
    ("a little girl holding his hand", "a person holding their hand"),
    ("a german shepherd on a chair", "a german shepherd on a chair"),
    ("a baby elephant next to an adult elephant", "a baby elephant next to an adult elephant"),
    ("a male lion and a lady bug", "a male lion and a lady bug"),
    ("a row of women's shoes", "a row of women's shoes"),
    ("a baby in a blanket", "a person in a blanket"),
    ("an older lady walking two kids", "a person walking two people"),
    ("a woman's hand", "a person's hand"),
    ("a mother and her daughter", "a parent and their relative"),
    ("a bride and groom cutting a cake", "a couple at a wedding cutting a cake"),
    ("a policeman on a horse", "a police officer on a horse"),
    ("a businesswoman", "a person"),
    ("a snowman in a white hat", "a snowman in a white hat"),
]


@pytest.mark.parametrize(("caption", "bare"), GUESSES)
def test_no_guess_about_a_person(caption: str, bare: str) -> None:
    assert without_guesses(caption) == bare


def test_every_language_says_everything() -> None:
    languages = Languages()

    assert {"en", "de", "fr"} <= set(languages.codes())
    for code in languages.codes():
        assert languages.choose(code).sentences.keys() == ENGLISH.sentences.keys(), code


@pytest.mark.parametrize(("wanted", "code"), [("de-AT", "de"), ("xx", "en"), (None, "en"), ("FR", "fr")])
def test_the_nearest_language_is_chosen(wanted: str | None, code: str) -> None:
    assert Languages().choose(wanted).code == code
