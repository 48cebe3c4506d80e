"""What every drawing draws with: one seeded source of chance, fonts, colours and words."""

import random
import re
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import ImageFont

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)

# Fonts without Latin letters would draw boxes.
_NOT_LATIN = re.compile(
    "Emoji|CJK|Symbol|Math|Dingbat|D050|Naskh|Noto(Sans|Serif|Nastaliq|Kufi|Rashi|Music|Traditional)[A-Z][a-z]"
)
_LATIN_NOTO = re.compile(r"Noto(Sans|Serif|SansMono|SansDisplay|SerifDisplay)-")

_WORDS = [
    "sale",
    "new",
    "price",
    "total",
    "revenue",
    "growth",
    "user",
    "about",
    "contact",
    "login",
    "news",
    "market",
    "team",
    "open",
    "free",
    "report",
    "year",
    "month",
    "data",
    "chart",
    "page",
    "home",
    "time",
    "work",
    "week",
    "best",
    "more",
    "read",
    "next",
    "start",
    "help",
    "city",
    "world",
    "health",
    "school",
    "water",
    "energy",
    "power",
    "order",
    "cart",
    "shop",
    "account",
    "today",
    "select",
    "option",
    "continue",
    "the",
    "of",
    "and",
    "to",
    "in",
    "is",
    "for",
    "on",
    "with",
    "from",
    "at",
    "by",
    "submit",
    "cancel",
    "save",
    "learn",
    "sign",
    "up",
    "now",
    "only",
    "click",
    "here",
    "subscribe",
    "privacy",
    "policy",
    "terms",
    "welcome",
    "back",
    "error",
    "please",
    "enter",
    "name",
    "email",
    "password",
    "product",
    "service",
    "support",
    "Januar",
    "Februar",
    "Umsatz",
    "Kunden",
    "Einstellungen",
    "weiter",
    "zurück",
    "über",
    "für",
    "Straße",
    "résultats",
    "année",
    "vente",
    "accueil",
    "données",
    "équipe",
    "région",
    "North",
    "South",
    "East",
    "West",
    "Europe",
    "Asia",
    "Africa",
    "temperature",
    "speed",
    "density",
    "average",
    "mean",
    "ratio",
    "percent",
    "people",
    "country",
    "income",
    "budget",
    "forecast",
    "source",
    "figure",
    "table",
]
_TABLEAU: list[Colour] = [
    (31, 119, 180),
    (255, 127, 14),
    (44, 160, 44),
    (214, 39, 40),
    (148, 103, 189),
    (140, 86, 75),
    (227, 119, 194),
]


@lru_cache(maxsize=1)
def font_files(folders: tuple[Path, ...]) -> tuple[str, ...]:
    """Return the Latin font files below the folders, sorted, so that a seed draws the same everywhere."""
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".ttf", ".otf")]
    latin = [path for path in found if _LATIN_NOTO.search(path.name) or not _NOT_LATIN.search(path.name)]
    return tuple(sorted(str(path) for path in latin))


def luminance(colour: Colour) -> float:
    """Return how bright a colour is, 0 to 255."""
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


def blend(one: Colour, other: Colour, share: float) -> Colour:
    """Return `one` with a share of `other` mixed in."""
    mixed = [round(a + (b - a) * share) for a, b in zip(one, other, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def readable_on(colour: Colour) -> Colour:
    """Return black or white, whichever is readable on a colour."""
    return WHITE if luminance(colour) < 135 else BLACK


class Brush(random.Random):
    """Chance with a seed, and what drawings have in common."""

    def __init__(self, seed: int, fonts: tuple[str, ...]) -> None:
        super().__init__(seed)
        self.fonts = fonts
        self.numbers = np.random.default_rng(seed)

    def chance(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self.random() < probability

    def font(self, pixels: float) -> ImageFont.FreeTypeFont:
        """Return any font at a size."""
        return ImageFont.truetype(self.choice(self.fonts), max(6, int(pixels)))

    def colour(self, low: int = 0, high: int = 255) -> Colour:
        """Return any colour with channels in a range."""
        return self.randint(low, high), self.randint(low, high), self.randint(low, high)

    def grey(self, low: int, high: int) -> Colour:
        """Return a grey."""
        value = self.randint(low, high)
        return value, value, value

    def paper(self, *, plain: float = 0.45, dark: float = 0.2) -> tuple[Colour, Colour]:
        """Return background and ink: white paper, dark mode, or any two colours far enough apart."""
        draw = self.random()
        if draw < plain:
            return WHITE, self.choice([BLACK, self.grey(20, 110), self.colour(0, 140)])
        if draw < plain + dark:
            return self.choice([self.grey(0, 50), self.colour(5, 55)]), self.choice(
                [WHITE, self.grey(190, 240), self.colour(150, 255)]
            )
        while True:
            background, ink = self.colour(), self.colour()
            if abs(luminance(background) - luminance(ink)) > 75:
                return background, ink

    def palette(self, size: int) -> list[Colour]:
        """Return colours for the series of a chart."""
        draw = self.random()
        if draw < 0.25:  # shades of one
            base, shade = self.colour(20, 210), self.choice([WHITE, BLACK])
            return [blend(base, shade, 0.7 * i / max(1, size)) for i in range(size)]
        if draw < 0.55:
            start = self.randint(0, 6)
            return [_TABLEAU[(start + i) % 7] for i in range(size)]
        return [self.colour(20, 235) for _ in range(size)]

    def word(self) -> str:
        """Return one word."""
        return self.choice(_WORDS)

    def words(self, fewest: int, most: int) -> str:
        """Return some words in one of the usual cases."""
        said = " ".join(self.word() for _ in range(self.randint(fewest, most)))
        return self.choice([said.title(), said.capitalize(), said.upper(), said, said.capitalize()])

    def number(self) -> str:
        """Return a number as tables and axes print it."""
        return self.choice(
            [
                str(self.randint(0, 9999)),
                f"{self.random() * 99:.2f}",
                f"{self.randint(1, 99)}%",
                f"${self.randint(1, 999)}",
                f"{self.randint(1, 999)},{self.randint(0, 999):03}",
                f"{self.randint(1990, 2026)}",
            ]
        )

    def shares(self, size: int, evenness: float) -> list[float]:
        """Return positive numbers that add up to one."""
        return [float(share) for share in self.numbers.dirichlet(np.ones(size) * evenness)]

    def walk(self, size: int) -> list[float]:
        """Return a random walk scaled to 0..1."""
        steps = np.cumsum(self.numbers.standard_normal(size))
        return [float(step) for step in (steps - steps.min()) / (np.ptp(steps) + 1e-6)]
