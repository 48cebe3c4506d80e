"""What is said of what was seen, and what is left unsaid."""

import json
import re
from pathlib import Path
from string import Formatter

import pytest

import altaloud.describing
import altaloud.vision
from altaloud.describing.decoration import in_place
from altaloud.describing.description import Context, Detail
from altaloud.describing.languages import Languages
from altaloud.describing.people import without_guesses
from altaloud.describing.sight import Sight
from altaloud.describing.wording import MOST_CHARACTERS, say
from altaloud.describing.words import Words
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
    ("a site's name turns no words around", PHOTO, to("https://a.\u202eexample/"), "a.example: Photo"),
    ("a script's address says nothing", PHOTO, to("javascript:void(0)"), "Photo"),
    ("a mail address", BLANK, to("mailto:ann@a.example"), "Mail to ann@a.example"),
    ("a telephone number", BLANK, to("tel:+4930123"), "Call +4930123"),
    ("nothing is said twice", TEXT, to("https://a.example/summer-sale"), "Summer sale: 20 % off"),
    ("an address means nothing to a mere image", PHOTO, {"href": SHOES}, "Photo"),
    ("an address on the page's own site", PHOTO, to("/red-running-shoes"), "red running shoes: Photo"),
    ("an address on it that says nothing", PHOTO, to("/p/82731?ref=rel"), "Photo"),
    ("the way home", PHOTO, to("/"), "Photo"),
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


SEARCH = sight(Kind.icon, icon="search", confidence=0.98)
A = "https://a.example"
CHART = sight(Kind.chart, chart="bar chart", title="Library visitors", text="Library visitors\n0 100 Jan")
DOUBTFUL = sight(Kind.chart, chart="pie chart", confidence=0.7)
MAYBE = sight(Kind.unknown, caption="a dog", caption_confidence=0.9)
TABLE = sight(Kind.table, confidence=0.99, title="Name, Price", text="Name\nPrice")
LOGO = sight(Kind.logo, text="Acme")
SMALL: dict[str, object] = {"width": 300, "height": 4}
LIKE_AN_ORNAMENT = sight(Kind.decorative, evidence="starter")


def icon(label: str, confidence: float) -> Sight:
    return sight(Kind.icon, icon=label, confidence=confidence)


BY_KIND_AND_PLACE: list[tuple[str, Sight, dict[str, object], str | None]] = [
    ("an icon button", SEARCH, {"role": "button"}, "Search"),
    ("an icon that is less sure", icon("search", 0.9), {"role": "button"}, "Possibly: Search"),
    ("what may lose something must be surer", icon("delete", 0.95), {"role": "button"}, "Possibly: Delete"),
    ("and then is said as it is", icon("delete", 0.97), {"role": "button"}, "Delete"),
    ("an icon link: the action, then where it goes", SEARCH, to(f"{A}/map"), "Search: map"),
    ("an icon whose address says the same", icon("shopping cart", 0.99), to(f"{A}/cart"), "Shopping cart"),
    ("an address surer than its icon", icon("star", 0.9), to(f"{A}/top"), "top. Possibly: Star"),
    ("the page's own words for an icon", SEARCH, {"role": "button", "title": "Find a book"}, "Find a book"),
    ("a mail address says enough", icon("email", 0.99), to("mailto:ann@a.example"), "Mail to ann@a.example"),
    ("home", icon("home", 0.99), to("https://www.a.example/"), "Home: a.example"),
    ("an icon that is no control", SEARCH, {}, "Icon: search"),
    ("the same, less sure", icon("search", 0.9), {}, "Icon, possibly: search"),
    ("an icon beside its word", icon("phone", 0.99), {"nearby": "Phone: 030 123"}, None),
    ("an icon without a name", sight(Kind.icon), {"role": "button"}, None),
    ("an icon without a name in a link", sight(Kind.icon), TO_SHOES, "red running shoes"),
    ("letters on a button", sight(Kind.icon, text="OK"), {"role": "button"}, "OK"),
    ("a chart", CHART, {}, "Bar chart: Library visitors"),
    ("a chart whose title the figure says", CHART, {"caption": "Library visitors in 2026"}, "Bar chart"),
    ("a chart in a link", CHART, to("https://a.example/figures"), "figures. Bar chart: Library visitors"),
    ("a chart without a type or title", sight(Kind.chart, text="0 1 2"), {}, "Chart or diagram"),
    ("a chart that may be one", DOUBTFUL, {}, "Possibly a pie chart"),
    ("a title that is hard to read", CHART.model_copy(update={"text_confidence": 0.7}), {}, "Bar chart"),
    ("not even possibly one", sight(Kind.logo, confidence=0.5, text="A"), {}, "Image with the text: A"),
    ("a diagram", sight(Kind.chart, chart="diagram"), {}, "Chart or diagram"),
    ("a table", TABLE, {}, "Table: Name, Price"),
    ("a less sure table", TABLE.model_copy(update={"confidence": 0.7}), {}, "Possibly a table: Name, Price"),
    ("a frame that looks like a table", sight(Kind.table, confidence=0.99), {}, None),
    ("a screenshot", sight(Kind.screenshot, title="Files", text="Files"), {}, "Screenshot: Files"),
    ("a screenshot in a script that is not read", CHART, {"page_language": "ru"}, "Bar chart"),
    ("a logo whose name was read", LOGO, {}, "Logo: Acme"),
    ("a logo in the home link", LOGO, to("https://acme.example/"), "acme.example. Logo: Acme"),
    ("a logo without a name", sight(Kind.logo), to("https://acme.example/"), "acme.example: Logo"),
    ("a picture of a person in a link", PHOTO, {**TO_SHOES, "link_text": "Ann"}, "Ann: Photo"),
    ("it may be a photograph", MAYBE, {}, "Possibly a dog"),
    ("and is too uncertain", MAYBE.model_copy(update={"caption_confidence": 0.1}), {}, None),
    ("an image of text that could not be read", sight(Kind.text), {}, None),
    ("an ornament laid out as one", LIKE_AN_ORNAMENT, SMALL, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("seen", "context", "alt"), [c[1:] for c in BY_KIND_AND_PLACE], ids=[c[0] for c in BY_KIND_AND_PLACE]
)
def test_said_by_kind_and_place(seen: Sight, context: dict[str, object], alt: str | None) -> None:
    answer = words(in_place(seen, Context.model_validate(context)), context)

    assert answer.alt == alt
    assert alt is not None or answer.reason
    assert answer.hedged == ("ossibly" in (alt or ""))


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"width": 800, "height": 600},
        {**SMALL, "role": "link"},
        {**SMALL, "role": "button"},
        {**SMALL, "caption": "The border of our first edition"},
    ],
)
def test_the_model_alone_never_silences_an_ornament(context: dict[str, object]) -> None:
    assert in_place(LIKE_AN_ORNAMENT, Context.model_validate(context)).kind is Kind.unknown
    assert in_place(LIKE_AN_ORNAMENT, Context.model_validate(SMALL)).kind is Kind.decorative
    measured = sight(Kind.decorative, evidence="line")
    assert in_place(measured, Context.model_validate(context)).kind is Kind.decorative


def test_at_length_a_chart_gives_what_was_read_in_it() -> None:
    assert words(CHART, detail="long").alt == "Bar chart: Library visitors. Text: 0 100 Jan"


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


def test_a_logo_of_which_the_name_is_all_is_not_said_twice() -> None:
    assert words(sight(Kind.logo, text="Daily", title=None), detail="long").alt == "Logo: Daily"


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
        assert languages.choose(code).icons.keys() == ENGLISH.icons.keys(), code


def test_every_language_has_the_same_places_in_its_sentences() -> None:
    languages = Languages()
    for code in languages.codes():
        for key, sentence in languages.choose(code).sentences.items():
            places = [
                {name for _, name, _, _ in Formatter().parse(one) if name}
                for one in (sentence, ENGLISH.sentences[key])
            ]
            assert places[0] == places[1], (code, key)


def test_every_sentence_is_used() -> None:
    folder = Path(altaloud.describing.__file__).parent
    source = "\n".join(file.read_text("utf-8") for file in folder.glob("*.py"))
    beginnings = tuple(re.findall(r'f"(\w+_)\{', source))

    unused = [key for key in ENGLISH.sentences if f'"{key}"' not in source and not key.startswith(beginnings)]
    assert unused == []


def test_every_icon_that_the_model_names_has_words() -> None:
    file = Path(altaloud.vision.__file__).parent / "starter" / "labels.json"
    labels = {entry.get("icon") for entry in json.loads(file.read_text("utf-8"))["classes"]} - {None}

    assert labels <= ENGLISH.icons.keys()
    assert all(all(both) for both in ENGLISH.icons.values())


@pytest.mark.parametrize(
    ("code", "context", "alt"),
    [
        ("de", {"role": "button"}, "Schließen"),
        ("fr", {"role": "button"}, "Fermer"),
        ("de", {}, "Symbol: Schließkreuz"),
        ("fr", {}, "Icône : croix de fermeture"),
    ],
)
def test_an_icon_speaks_the_language(code: str, context: dict[str, object], alt: str) -> None:
    place = Context.model_validate(context)

    said = say(icon("close", 1.0), place, Languages().choose(code), detail="short", model_megabytes=None)

    assert (said.alt, said.language) == (alt, code)


@pytest.mark.parametrize(("wanted", "code"), [("de-AT", "de"), ("xx", "en"), (None, "en"), ("FR", "fr")])
def test_the_nearest_language_is_chosen(wanted: str | None, code: str) -> None:
    assert Languages().choose(wanted).code == code


@pytest.mark.parametrize(
    ("confidence", "expected", "hedged"),
    [(0.9, "A dog on a beach", False), (0.4, "Possibly a dog on a beach", True)],
)
def test_without_hedges_the_likely_is_said_plainly_and_a_guess_still_says_that_it_is_one(
    confidence: float, expected: str, *, hedged: bool
) -> None:
    seen = sight(Kind.photo, caption="a dog on a beach", caption_confidence=confidence)

    said = say(seen, Context(), ENGLISH, detail="short", model_megabytes=None, hedges=False)

    assert (said.alt, said.hedged) == (expected, hedged)
