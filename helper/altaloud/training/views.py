"""Icons as a page shows them, drawn for measuring: at a size, in colours, padded, turned, compressed, cut.

Training changes masks on tensors; here each icon is drawn anew from its SVG by resvg, and goes the way of a
real picture through `prepare`, so that what is measured is what is used.
"""

import io
import random
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from altaloud.training.drawing.brush import BLACK, WHITE, Colour, luminance

Shown = NDArray[np.uint8]  # (rows, columns, 3)
View = Callable[[str, random.Random], Shown]

_INK: Colour = (33, 33, 33)
_DARK: Colour = (24, 26, 30)


def plain(svg: str, chance: random.Random, *, side: int = 48) -> Shown:
    """Dark on white, with a little room around."""
    return _shown(svg, side, _INK, WHITE)


def mixed(svg: str, chance: random.Random) -> Shown:
    """As pages mix them: usual sizes; half dark on white, the others in any colours, dark mode, padded."""
    side = chance.choice([16, 20, 24, 24, 24, 32, 32, 48, 64, 96])
    if chance.random() < 0.5:
        return _shown(svg, side, _INK, WHITE, padding=chance.choice([0, 2, 8]))
    if chance.random() < 0.4:
        return _shown(svg, side, (230, 230, 230), _DARK, padding=chance.choice([0, 4, 12]))
    ink, ground = _two_colours(chance)
    return _shown(svg, side, ink, ground, padding=chance.choice([0, 2, 8, 16]))


def _sized(side: int) -> View:
    return lambda svg, chance: _shown(svg, side, _INK, WHITE)


def _dark_mode(svg: str, chance: random.Random) -> Shown:
    return _shown(svg, 24, (235, 235, 235), _DARK)


def _coloured(svg: str, chance: random.Random) -> Shown:
    ink, ground = _two_colours(chance)
    return _shown(svg, 32, ink, ground)


def _padded(svg: str, chance: random.Random) -> Shown:
    return _shown(svg, 32, _INK, WHITE, padding=32)


def _turned(svg: str, chance: random.Random) -> Shown:
    image = Image.fromarray(_shown(svg, 64, _INK, WHITE, padding=8))
    angle = chance.choice([-1, 1]) * chance.uniform(3, 6)
    return np.asarray(image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=WHITE))


def _compressed(svg: str, chance: random.Random) -> Shown:
    stored = io.BytesIO()
    Image.fromarray(_shown(svg, 48, _INK, WHITE, padding=4)).save(stored, "JPEG", quality=35)
    return np.asarray(Image.open(stored).convert("RGB"))


def _unknown_ground(svg: str, chance: random.Random) -> Shown:
    """Light ink of a transparent icon on a middle grey, where the page's background was guessed wrong."""
    return _shown(svg, 32, (200, 200, 200), (245, 245, 245))


def _cut_from_sprite(svg: str, chance: random.Random) -> Shown:
    """Two pixels of a neighbour at the right edge, as a careless crop leaves them."""
    shown = _shown(svg, 32, _INK, WHITE, padding=4).copy()
    shown[8:28, -2:] = _INK
    return shown


def _on_button(svg: str, chance: random.Random) -> Shown:
    """White on a filled button of any colour, cropped to it."""
    _, ground = _two_colours(chance)
    dark: Colour = (ground[0] // 3, ground[1] // 3, ground[2] // 3) if luminance(ground) > 110 else ground
    return _shown(svg, 24, WHITE, dark, padding=10)


CONDITIONS: dict[str, View] = {
    "12 px": _sized(12),
    "16 px": _sized(16),
    "24 px": _sized(24),
    "48 px": plain,
    "128 px": _sized(128),
    "256 px": _sized(256),
    "512 px": _sized(512),
    "dark mode, 24 px": _dark_mode,
    "colour on colour, 32 px": _coloured,
    "light grey on off-white, 32 px": _unknown_ground,
    "on a button, 24 px": _on_button,
    "padded to three times its size": _padded,
    "turned by 3 to 6 degrees": _turned,
    "JPEG quality 35": _compressed,
    "crop with a neighbour's edge": _cut_from_sprite,
}


def _two_colours(chance: random.Random) -> tuple[Colour, Colour]:
    """Return ink and ground of any colour, at least readable."""
    while True:
        ink, ground = (
            (chance.randrange(256), chance.randrange(256), chance.randrange(256)),
            (chance.randrange(256), chance.randrange(256), chance.randrange(256)),
        )
        if abs(luminance(ink) - luminance(ground)) > 70:
            return ink, ground


def _shown(svg: str, side: int, ink: Colour, ground: Colour, *, padding: int = 1) -> Shown:
    """Draw with `currentColor` as `ink`; drawings with fixed colours keep them."""
    import resvg_py

    coloured = svg.replace('color="black"', f'color="rgb{ink}"', 1).replace("currentColor", f"rgb{ink}")
    try:
        drawn = Image.open(
            io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=coloured, width=side, height=side)))
        ).convert("RGBA")
    except ValueError:  # what resvg does not understand is shown as nothing
        drawn = Image.new("RGBA", (side, side), (*BLACK, 0))
    page = Image.new("RGBA", (side + 2 * padding, side + 2 * padding), (*ground, 255))
    page.alpha_composite(drawn.convert("RGBA"), (padding, padding))
    return np.asarray(page.convert("RGB"))
