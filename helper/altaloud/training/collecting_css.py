"""What pages draw with CSS or export from a drawing program: banners, quotes, decorations, nothing at all.

Each ground, pattern or edge stands on one of three lists, to teach, to tune or to test; words and fonts come
by chance.
"""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from altaloud.training.collecting_browser import Browser
from altaloud.training.collecting_wear import compressed

Labelled = tuple[str, Image.Image]
_AT_ONCE = 15  # in one page, which is drawn so far down that they fit
_WAVES = 0.15  # share of the decorations


@dataclass(frozen=True, slots=True)
class Stock:
    """What a split's pictures are made of."""

    said: list[str]
    waves: list[str]  # paths, over 600 x 120
    decorative: list[str]  # styles; C1 and C2 are colours, ANGLE is an angle
    fonts: list[str]


def stock(split: str) -> Stock:
    """Return a split's stock, from `collecting_css.toml`."""
    held = tomllib.loads((Path(__file__).parent / "collecting_css.toml").read_text(encoding="utf-8"))
    return Stock(said=held["said"], **held[split])


def css(split: str, decorations: int, writing: int, browser: Browser) -> Iterator[Labelled]:
    """Yield decorations, images of words, and blanks, as many blanks as a tenth of both."""
    chance = random.Random(f"css {split}")  # noqa: S311  # not for secrets
    held = stock(split)
    made = [("decorative", _decoration(held, chance)) for _ in range(decorations)]
    made += [("text", _writing(held, chance)) for _ in range(writing)]
    for start in range(0, len(made), _AT_ONCE):
        some = made[start : start + _AT_ONCE]
        browser.write("<!doctype html><body>" + "".join(html for _, html in some) + "</body>", width=1100)
        page = browser.shown()
        for (kind, _), box in zip(some, browser.boxes(".collected"), strict=True):
            yield kind, compressed(page.crop(box), chance, share=0.3)
    for _ in range((decorations + writing) // 10):
        size = chance.choice([1, 2, 10, 40, 120, 300]), chance.choice([1, 1, 8, 40, 200])
        yield (
            "blank",
            Image.new("RGB", size, chance.choice(["white", "white", "black", "#eee", _colour(chance)])),
        )


def _decoration(held: Stock, chance: random.Random) -> str:
    width, height = (
        chance.choice([32, 60, 120, 240, 400, 800, 1000]),
        chance.choice([30, 40, 80, 120, 200, 300]),
    )
    if chance.random() < _WAVES:
        path = chance.choice(held.waves).format(chance.randint(0, 50), chance.randint(40, 110))
        return (
            f'<svg class="collected" style="display: block; margin: 9px" width="{width}" height="{height}" '
            'viewBox="0 0 600 120" preserveAspectRatio="none">'
            f'<path fill="{_colour(chance)}" d="{path}"/></svg>'
        )
    style = chance.choice(held.decorative).replace("ANGLE", str(chance.randint(0, 359)))
    style = style.replace("C1", _colour(chance)).replace("C2", _colour(chance))
    return _box(f"width: {width}px; height: {height}px; {style}", "")


def _writing(held: Stock, chance: random.Random) -> str:
    is_dark = chance.random() < 0.5
    ground = _colour(chance, 20, 45) if is_dark else _colour(chance, 85, 100)
    ink = _colour(chance, 85, 100) if is_dark else _colour(chance, 5, 35)
    shaded = f"linear-gradient({chance.randint(0, 359)}deg, {ground}, {_colour(chance, 30, 50)})"
    size, larger = chance.choice([11, 13, 16, 20, 28, 40, 56]), chance.choice([1, 1, 1.6])
    words = "".join(
        f'<div style="font-size: {size * (1 if place else larger):.0f}px">{line}</div>'
        for place, line in enumerate(chance.sample(held.said, chance.choice([1, 1, 1, 2, 3])))
    )
    style = (
        f"width: fit-content; max-width: {chance.choice([200, 320, 480, 700])}px; color: {ink}; "
        f"padding: {chance.choice([2, 6, 14, 30])}px; font-family: '{chance.choice(held.fonts)}'; "
        f"background: {chance.choice([ground, shaded]) if is_dark else ground}; line-height: 1.3; "
        f"font-weight: {chance.choice([400, 400, 700])}; text-align: {chance.choice(['left', 'center'])}; "
        f"text-transform: {chance.choice(['none', 'none', 'uppercase'])}; "
        f"text-shadow: {chance.choice(['none', 'none', '2px 2px 3px #0006'])}"
    )
    return _box(style, words)


def _box(style: str, words: str) -> str:
    return f'<div class="collected" style="box-sizing: border-box; margin: 9px; {style}">{words}</div>'


def _colour(chance: random.Random, darkest: int = 10, lightest: int = 95) -> str:
    lightness = chance.randint(darkest, lightest)
    return f"hsl({chance.randint(0, 359)}, {chance.randint(0, 90)}%, {lightness}%)"
