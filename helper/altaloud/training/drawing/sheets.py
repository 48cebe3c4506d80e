"""Tables and diagrams of boxes and arrows."""

import itertools
import math
from typing import Any

from PIL import Image, ImageDraw

from altaloud.training.drawing.brush import Brush, Colour, blend, readable_on


def table(brush: Brush) -> Image.Image:
    """Draw a table: ruled, striped or bare, with or without a head, sometimes empty."""
    width, height = brush.randint(120, 560), brush.randint(60, 380)
    background, ink = brush.paper(plain=0.7, dark=0.2)
    image = Image.new("RGB", (width, height), background)
    draw = ImageDraw.Draw(image)
    rows, columns = brush.randint(2, 16), brush.randint(2, 8)
    edges = [0.0]
    for share in brush.shares(columns, 6):
        edges.append(edges[-1] + share * width)
    rules = brush.choice(["all", "all", "rows", "none", "stripes"])
    head = brush.choice([None, brush.colour(180, 250), brush.colour(0, 120), (220, 220, 220)])
    side = head if brush.chance(0.2) else None
    rule = blend(background, ink, brush.uniform(0.15, 0.9))
    stripe = blend(background, ink, 0.07)
    empty, numeric = brush.chance(0.08), brush.uniform(0.3, 0.95)
    font = brush.font(min(16.0, height / rows * 0.6))
    bottom = height / rows
    for row in range(rows):
        for column in range(columns):
            box = [edges[column], row * bottom, edges[column + 1], (row + 1) * bottom]
            fill = head if row == 0 else side if column == 0 else None
            fill = fill or (stripe if rules == "stripes" and row % 2 else None)
            if fill or rules == "all":
                draw.rectangle(box, fill=fill, outline=rule if rules == "all" else None)
            if empty:
                continue
            said = brush.number() if brush.chance(numeric) and row and column else brush.words(1, 2)
            place = (box[0] + 4, box[1] + bottom * 0.15)
            draw.text(
                place,
                said[: max(2, int((box[2] - box[0]) / 6))],
                fill=readable_on(fill or background),
                font=font,
            )
        if rules == "rows" or (row == 0 and brush.chance(0.3)):
            draw.line([(0, (row + 1) * bottom - 1), (width, (row + 1) * bottom - 1)], fill=rule)
    return _captioned(brush, image, background, ink) if brush.chance(0.2) else image


def _captioned(brush: Brush, image: Image.Image, background: Colour, ink: Colour) -> Image.Image:
    """Return the image with a title above it."""
    band = brush.randint(16, 34)
    taller = Image.new("RGB", (image.width, image.height + band), background)
    taller.paste(image, (0, band))
    ImageDraw.Draw(taller).text((4, 2), brush.words(2, 6), fill=ink, font=brush.font(band * 0.6))
    return taller


def diagram(brush: Brush) -> Image.Image:
    """Draw boxes with lines: a tree, a flow, or a ring."""
    width, height = brush.randint(180, 560), brush.randint(120, 400)
    background, ink = brush.paper(plain=0.75, dark=0.15)
    image = Image.new("RGB", (width, height), background)
    draw = ImageDraw.Draw(image)
    places = brush.choice([_tree, _flow, _ring])(brush, draw, (width, height), ink)
    fill = brush.choice([None, brush.colour(150, 250), brush.colour(40, 200)])
    font = brush.font(brush.randint(8, 14))
    shapes = [draw.rectangle, draw.rectangle, draw.rounded_rectangle, draw.ellipse]
    shape: Any = brush.choice(shapes)
    half = brush.uniform(24, 50), brush.uniform(10, 18)
    for x, y in places:
        colour = fill or (background if brush.chance(0.8) else brush.colour(100, 250))
        shape([x - half[0], y - half[1], x + half[0], y + half[1]], fill=colour, outline=ink)
        draw.text((x - half[0] + 6, y - 7), brush.words(1, 2)[:12], fill=readable_on(colour), font=font)
    return image


def _tree(
    brush: Brush, draw: ImageDraw.ImageDraw, size: tuple[int, int], ink: Colour
) -> list[tuple[float, float]]:
    levels = brush.randint(2, 4)
    above: list[tuple[float, float]] = []
    places: list[tuple[float, float]] = []
    for level in range(levels):
        many = 1 if level == 0 else brush.randint(2, 5)
        y = (level + 0.5) * size[1] / levels
        here = [((i + 0.5) * size[0] / many, y) for i in range(many)]
        for x, _ in here if above else []:
            parent, middle = brush.choice(above), y - size[1] / levels / 2
            draw.line([parent, (parent[0], middle), (x, middle), (x, y)], fill=ink, width=brush.randint(1, 2))
        places += here
        above = here
    return places


def _flow(
    brush: Brush, draw: ImageDraw.ImageDraw, size: tuple[int, int], ink: Colour
) -> list[tuple[float, float]]:
    many, scattered = brush.randint(3, 8), brush.chance(0.4)
    places = [
        (
            brush.uniform(0.1, 0.9) * size[0] if scattered else (i + 0.5) * size[0] / many,
            brush.uniform(0.15, 0.85) * size[1],
        )
        for i in range(many)
    ]
    for one, other in itertools.pairwise(places):
        _arrow(draw, one, other, ink, brush.randint(1, 3))
    return places


def _ring(
    brush: Brush, draw: ImageDraw.ImageDraw, size: tuple[int, int], ink: Colour
) -> list[tuple[float, float]]:
    many = brush.randint(3, 7)
    places = [
        (
            size[0] * (0.5 + 0.36 * math.cos(math.tau * i / many)),
            size[1] * (0.5 + 0.36 * math.sin(math.tau * i / many)),
        )
        for i in range(many)
    ]
    for one, other in zip(places, [*places[1:], places[0]], strict=True):
        _arrow(draw, one, other, ink, brush.randint(1, 3))
    return places


def _arrow(
    draw: ImageDraw.ImageDraw, one: tuple[float, float], other: tuple[float, float], ink: Colour, width: int
) -> None:
    """Draw a line with its head in the middle, where no box hides it."""
    draw.line([one, other], fill=ink, width=width)
    angle = math.atan2(other[1] - one[1], other[0] - one[0])
    tip = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
    wings = [
        (tip[0] - 9 * math.cos(angle + turn), tip[1] - 9 * math.sin(angle + turn)) for turn in (-0.4, 0.4)
    ]
    draw.polygon([tip, *wings], fill=ink)
