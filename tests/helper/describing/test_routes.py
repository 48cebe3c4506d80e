"""Which way a picture goes, and what is found to be its title."""

import pytest

from altaloud.describing.routes import is_for_captioning, is_image_of_text
from altaloud.describing.titles import title_of
from altaloud.vision.kinds import STARTER, Kind, KindGuess
from altaloud.vision.pictures import Picture
from altaloud.vision.reading import Line, Reading

NOTHING = Reading()


def read(*lines: tuple[str, float, float, float]) -> Reading:
    """Return lines of a text, their left and top, and their height, each as a share of the image."""
    return Reading(tuple(Line(text, 0.99, (x, y, x + 0.3, y + high)) for text, x, y, high in lines))


def picture(side: int) -> Picture:
    return Picture(side, side, bytes(32), side, side, bytes(3 * side * side), 0.0, "PNG")


@pytest.mark.parametrize(
    ("kind", "evidence", "text", "side", "expected"),
    [
        (Kind.photo, STARTER, NOTHING, 40, True),
        (Kind.unknown, STARTER, NOTHING, 200, True),
        (Kind.unknown, STARTER, NOTHING, 48, False),  # a sign, on which a captioner invents
        (Kind.unknown, STARTER, read(("Sale", 0, 0, 0.2)), 200, False),
        (Kind.decorative, STARTER, NOTHING, 200, True),  # the model alone silences nothing
        (Kind.decorative, "gradient", NOTHING, 200, False),
        (Kind.icon, STARTER, NOTHING, 200, False),
        (Kind.chart, STARTER, NOTHING, 200, False),
    ],
)
def test_what_is_captioned(kind: Kind, evidence: str, text: Reading, side: int, expected: bool) -> None:
    assert is_for_captioning(kind, evidence, text, picture(side)) is expected


FILLING = read(("Summer sale", 0, 0.1, 0.4), ("Half price", 0, 0.5, 0.4))
NUMBERS = read(("100", 0, 0.1, 0.4), ("200", 0, 0.5, 0.4))
LABEL = read(("Total", 0, 0.1, 0.05))


@pytest.mark.parametrize(
    ("kind", "confidence", "text", "expected"),
    [
        (Kind.unknown, 0.9, FILLING, True),
        (Kind.screenshot, 0.6, FILLING, True),
        (Kind.screenshot, 0.95, FILLING, False),
        (Kind.chart, 0.6, FILLING, True),
        (Kind.chart, 0.9, FILLING, False),
        (Kind.unknown, 0.6, NUMBERS, False),
        (Kind.unknown, 0.9, LABEL, False),
        (Kind.unknown, 0.9, NOTHING, False),
    ],
)
def test_what_is_an_image_of_text(kind: Kind, confidence: float, text: Reading, expected: bool) -> None:
    assert is_image_of_text(KindGuess(kind, confidence, STARTER, has_text=True), text) is expected


AXES = (("400", 0, 0.3, 0.04), ("300", 0, 0.5, 0.04), ("Jan", 0.2, 0.9, 0.04), ("Month", 0.4, 0.95, 0.04))
C, T, S = Kind.chart, Kind.table, Kind.screenshot
TITLES = [
    ("larger than the rest", C, read(("Visitors", 0.1, 0.05, 0.07), *AXES), "Visitors"),
    ("in the middle", C, read(("Visitors", 0.35, 0.05, 0.04), *AXES), "Visitors"),
    ("two lines", C, read(("Cats", 0.35, 0.03, 0.07), ("in 26", 0.35, 0.11, 0.06), *AXES), "Cats in 26"),
    ("beside an axis", C, read(("Visitors", 0.35, 0.03, 0.07), ("Number", 0, 0.05, 0.04), *AXES), "Visitors"),
    ("of an axis", C, read(("Visitors", 0.0, 0.05, 0.04), *AXES), None),
    ("of a legend", C, read(("Mon", 0.1, 0.05, 0.06), ("Tue", 0.5, 0.05, 0.06), *AXES), None),
    ("a legend below", C, read(("Days", 0.35, 0, 0.1), ("Mon", 0, 0.1, 0.1), ("Tue", 0.5, 0.1, 0.1)), "Days"),
    ("none", C, read(*AXES), None),
    ("at the foot", C, read(("Source: us", 0.3, 0.9, 0.09), *AXES), None),
    ("columns", T, read(("Name", 0, 0, 0.1), ("Cost", 0.5, 0, 0.1), ("Tea", 0, 0.5, 0.1)), "Name, Cost"),
    ("a window's", S, read(("Files", 0.35, 0.01, 0.03), ("New", 0, 0.1, 0.03)), "Files"),
    ("a toolbar's", S, read(("New", 0, 0.02, 0.03), ("Open", 0.3, 0.02, 0.03)), None),
    ("a photograph has none", Kind.photo, read(("Settings", 0, 0.15, 0.08)), None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "title"), [c[1:] for c in TITLES], ids=[c[0] for c in TITLES])
def test_a_title_stands_alone_above_all_and_stands_out(kind: Kind, text: Reading, title: str | None) -> None:
    assert title_of(kind, text) == title
