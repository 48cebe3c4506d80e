"""Logos of firms that do not exist: a word in a typeface of its own, with or without a mark."""

import math
from typing import Any

from PIL import Image, ImageDraw

from altaloud.training.drawing.brush import WHITE, Brush, Colour, readable_on

_SYLLABLES = [
    "zen",
    "tor",
    "vex",
    "lum",
    "ora",
    "qui",
    "na",
    "mo",
    "ply",
    "cor",
    "do",
    "nex",
    "ver",
    "ti",
    "go",
    "ka",
    "bri",
    "sol",
    "ap",
    "ex",
    "on",
    "ia",
    "ly",
    "fy",
    "io",
    "hub",
    "lab",
    "ware",
    "tec",
]
_TAILS = ["", "", "", " Group", " Labs", " & Co", ".io", " Media", " GmbH", " Bank", " Foods"]


def logo(brush: Brush) -> Image.Image:
    """Draw a logo: word and mark side by side or one above the other, word alone, or a badge."""
    background, ink = brush.paper(plain=0.6, dark=0.2)
    if brush.chance(0.5):
        ink = _vivid(brush, background)
    name = "".join(brush.choice(_SYLLABLES) for _ in range(brush.randint(1, 3)))
    name = brush.choice([name.title(), name.title(), name.upper(), name]) + brush.choice(_TAILS)
    draw = brush.random()
    if draw < 0.2:
        return _badge(brush, name, background, ink)
    mark = None if draw < 0.35 else _mark(brush, brush.randint(36, 110), background, ink)
    return _set(brush, name, mark, background, ink)


def _vivid(brush: Brush, background: Colour) -> Colour:
    """Return a brand's colour that stands out from the background."""
    while True:
        colour = brush.choice([brush.colour(), brush.colour(0, 160)])
        if (
            max(abs(a - b) for a, b in zip(colour, background, strict=True)) > 110
            and max(colour) - min(colour) > 70
        ):
            return colour


def _set(brush: Brush, name: str, mark: Image.Image | None, background: Colour, ink: Colour) -> Image.Image:
    """Set the name beside or below the mark."""
    size = brush.randint(20, 64)
    font = brush.font(size)
    left, top, right, bottom = (round(edge) for edge in font.getbbox(name))
    wide, high, pad = right - left, bottom - top, brush.randint(2, 24)
    below = mark is not None and brush.chance(0.35)
    gap = brush.randint(4, 16) if mark else 0
    side = mark.width if mark else 0
    width = max(wide, side) if below else wide + gap + side
    height = high + gap + side if below else max(high, side)
    image = Image.new("RGB", (width + 2 * pad, height + 2 * pad), background)
    draw = ImageDraw.Draw(image)
    if mark:
        image.paste(mark, (pad + (width - side) // 2, pad) if below else (pad, pad + (height - side) // 2))
    x = pad + ((width - wide) // 2 if below else side + gap) - left
    y = pad + (side + gap if below else (height - high) // 2) - top
    two = brush.chance(0.25) and len(name) > 4
    split = len(name) // 2 if two else len(name)
    draw.text((x, y), name[:split], fill=ink, font=font)
    if two:
        draw.text(
            (x + font.getlength(name[:split]), y), name[split:], fill=_vivid(brush, background), font=font
        )
    if brush.chance(0.25):
        draw.text((x, y + bottom + 1), brush.words(2, 5), fill=ink, font=brush.font(size / 3))
    return image


def _badge(brush: Brush, name: str, background: Colour, ink: Colour) -> Image.Image:
    """Draw an emblem: a filled shape with the name or a monogram in it."""
    width = brush.randint(70, 240)
    height = width if brush.chance(0.6) else round(width * brush.uniform(0.4, 0.8))
    image = Image.new("RGB", (width + 8, height + 8), background)
    draw = ImageDraw.Draw(image)
    shape: Any = brush.choice([draw.ellipse, draw.rectangle, draw.rounded_rectangle])
    shape([4, 4, width + 3, height + 3], fill=ink)
    letter = readable_on(ink)
    if brush.chance(0.6):
        inset = brush.randint(6, 12)
        shape(
            [inset, inset, width + 7 - inset, height + 7 - inset],
            fill=ink,
            outline=letter,
            width=brush.randint(1, 3),
        )
    said = name[: brush.randint(1, 3)].upper() if brush.chance(0.4) else name
    size = min(height * 0.6, 1.5 * width / max(2, len(said)))
    font = brush.font(size)
    box = font.getbbox(said)
    draw.text(
        ((width + 8 - box[0] - box[2]) / 2, (height + 8 - box[1] - box[3]) / 2), said, fill=letter, font=font
    )
    return image


def _mark(brush: Brush, side: int, background: Colour, ink: Colour) -> Image.Image:
    """Draw an abstract mark: rings, petals, slices, stripes, steps."""
    large = Image.new("RGB", (side * 3, side * 3), background)
    draw = ImageDraw.Draw(large)
    colours = [ink, *(_vivid(brush, background) for _ in range(brush.randint(0, 3)))]
    brush.choice([_petals, _slices, _stripes, _polygon])(brush, draw, side * 3, colours, background)
    return large.resize((side, side), Image.Resampling.LANCZOS)


def _petals(
    brush: Brush, draw: ImageDraw.ImageDraw, side: int, colours: list[Colour], background: Colour
) -> None:
    many, radius = brush.randint(2, 7), side * brush.uniform(0.14, 0.3)
    start = brush.uniform(0, math.tau)
    for number in range(many):
        angle = start + math.tau * number / many
        x = side / 2 + math.cos(angle) * (side / 2 - radius)
        y = side / 2 + math.sin(angle) * (side / 2 - radius)
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=colours[number % len(colours)])


def _slices(
    brush: Brush, draw: ImageDraw.ImageDraw, side: int, colours: list[Colour], background: Colour
) -> None:
    many, gap, start = brush.randint(2, 5), brush.uniform(0, 25), brush.uniform(0, 360)
    for number in range(many):
        first = start + 360 * number / many
        draw.pieslice(
            [0, 0, side - 1, side - 1], first, first + 360 / many - gap, fill=colours[number % len(colours)]
        )
    if brush.chance(0.6):
        hole = side * brush.uniform(0.15, 0.35)
        draw.ellipse([side / 2 - hole, side / 2 - hole, side / 2 + hole, side / 2 + hole], fill=background)


def _stripes(
    brush: Brush, draw: ImageDraw.ImageDraw, side: int, colours: list[Colour], background: Colour
) -> None:
    many, slant = brush.randint(2, 5), brush.uniform(-0.4, 0.4) * side
    for number in range(many):
        top, bottom = side * number / many, side * (number + brush.uniform(0.5, 0.9)) / many
        shift = slant * (0.5 - number / many)
        draw.polygon(
            [(shift, top), (side + shift, top), (side + shift, bottom), (shift, bottom)],
            fill=colours[number % len(colours)],
        )


def _polygon(
    brush: Brush, draw: ImageDraw.ImageDraw, side: int, colours: list[Colour], background: Colour
) -> None:
    corners, turn = brush.randint(3, 8), brush.uniform(0, math.tau)
    for number, share in enumerate([0.5, brush.uniform(0.25, 0.4), brush.uniform(0.08, 0.2)]):
        points = [
            (
                side / 2 + side * share * math.cos(turn + math.tau * i / corners),
                side / 2 + side * share * math.sin(turn + math.tau * i / corners),
            )
            for i in range(corners)
        ]
        colour = background if number == 1 and brush.chance(0.6) else colours[number % len(colours)]
        draw.polygon(points, fill=colour or WHITE)
