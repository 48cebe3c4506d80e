"""Flat illustrations as pages have them: scenes of simple shapes. Neither a photograph nor an icon."""

import math

from PIL import Image, ImageDraw

from altaloud.training.drawing.brush import Brush, Colour, blend
from altaloud.training.drawing.decorations import gradient


def illustration(brush: Brush) -> Image.Image:
    """Draw a scene: ground, hills or rooms, things, and figures made of simple shapes."""
    width, height = brush.randint(120, 520), brush.randint(100, 400)
    if brush.chance(0.5):
        image = gradient(brush, (width, height))
    else:
        image = Image.new(
            "RGB", (width, height), brush.choice([(255, 255, 255), brush.colour(190, 250), brush.colour()])
        )
    draw = ImageDraw.Draw(image)
    colours = [brush.colour(30, 240) for _ in range(brush.randint(3, 6))]
    horizon = height * brush.uniform(0.5, 0.85)
    if brush.chance(0.6):
        _hills(brush, draw, (width, height), horizon, colours)
    for _ in range(brush.randint(1, 5)):
        thing = brush.choice([_tree, _house, _figure, _figure, _plant, _cloud, _screen])
        foot = (brush.uniform(0.05, 0.95) * width, horizon + brush.uniform(0, 0.9) * (height - horizon))
        thing(brush, draw, foot, height * brush.uniform(0.2, 0.7), colours)
    if brush.chance(0.5):
        x, y, radius = brush.uniform(0, width), brush.uniform(0, horizon), brush.uniform(8, 40)
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=brush.choice(colours))
    return image


Point = tuple[float, float]


def _hills(
    brush: Brush, draw: ImageDraw.ImageDraw, size: tuple[int, int], horizon: float, colours: list[Colour]
) -> None:
    for number in range(brush.randint(1, 3)):
        swing, length, shift = brush.uniform(5, 50), brush.uniform(60, 300), brush.uniform(0, 9)
        level = horizon + number * 20
        edge = [
            (x, level + swing * math.sin(x / length * math.tau + shift)) for x in range(0, size[0] + 4, 4)
        ]
        draw.polygon([*edge, (size[0], size[1]), (0, size[1])], fill=brush.choice(colours))


def _tree(brush: Brush, draw: ImageDraw.ImageDraw, foot: Point, height: float, colours: list[Colour]) -> None:
    x, y = foot
    draw.rectangle(
        [x - height * 0.04, y - height * 0.5, x + height * 0.04, y],
        fill=blend(brush.choice(colours), (60, 40, 20), 0.6),
    )
    leaf = brush.choice(colours)
    if brush.chance(0.5):
        draw.ellipse([x - height * 0.25, y - height, x + height * 0.25, y - height * 0.35], fill=leaf)
    else:
        draw.polygon(
            [(x - height * 0.25, y - height * 0.3), (x, y - height), (x + height * 0.25, y - height * 0.3)],
            fill=leaf,
        )


def _house(
    brush: Brush, draw: ImageDraw.ImageDraw, foot: Point, height: float, colours: list[Colour]
) -> None:
    x, y = foot
    half = height * brush.uniform(0.3, 0.6)
    draw.rectangle([x - half, y - height * 0.6, x + half, y], fill=brush.choice(colours))
    draw.polygon(
        [(x - half * 1.15, y - height * 0.6), (x, y - height), (x + half * 1.15, y - height * 0.6)],
        fill=brush.choice(colours),
    )
    for side in (-0.5, 0.2):
        left = x + side * half
        draw.rectangle(
            [left, y - height * 0.45, left + half * 0.3, y - height * 0.25], fill=brush.choice(colours)
        )


def _figure(
    brush: Brush, draw: ImageDraw.ImageDraw, foot: Point, height: float, colours: list[Colour]
) -> None:
    x, y = foot
    skin, coat, legs = (brush.choice([brush.colour(60, 230), *colours]) for _ in range(3))
    head = height * 0.09
    for side in (-1, 1):
        knee = x + side * height * brush.uniform(0.02, 0.15)
        draw.line(
            [(x, y - height * 0.45), (knee, y - height * 0.2), (knee, y)],
            fill=legs,
            width=max(2, int(height * 0.08)),
        )
        hand = (x + side * height * brush.uniform(0.1, 0.3), y - height * brush.uniform(0.35, 0.8))
        draw.line([(x, y - height * 0.75), hand], fill=coat, width=max(2, int(height * 0.06)))
    draw.rounded_rectangle(
        [x - height * 0.11, y - height * 0.8, x + height * 0.11, y - height * 0.4], 6, fill=coat
    )
    draw.ellipse([x - head, y - height, x + head, y - height + 2 * head], fill=skin)


def _plant(
    brush: Brush, draw: ImageDraw.ImageDraw, foot: Point, height: float, colours: list[Colour]
) -> None:
    x, y = foot
    for _ in range(brush.randint(3, 8)):
        angle = brush.uniform(-1, 1)
        tip = x + math.sin(angle) * height * 0.5, y - math.cos(angle) * height * 0.6
        middle = (x + tip[0]) / 2 + height * 0.06, (y + tip[1]) / 2
        draw.polygon(
            [(x, y), middle, tip, (middle[0] - height * 0.12, middle[1])], fill=brush.choice(colours)
        )


def _cloud(
    brush: Brush, draw: ImageDraw.ImageDraw, foot: Point, height: float, colours: list[Colour]
) -> None:
    x, y = foot[0], foot[1] * 0.3
    for _ in range(brush.randint(3, 6)):
        radius = height * brush.uniform(0.06, 0.15)
        shift = x + brush.uniform(-0.25, 0.25) * height
        draw.ellipse([shift - radius, y - radius, shift + radius, y + radius], fill=(245, 245, 250))


def _screen(
    brush: Brush, draw: ImageDraw.ImageDraw, foot: Point, height: float, colours: list[Colour]
) -> None:
    x, y = foot
    half = height * brush.uniform(0.25, 0.5)
    draw.rounded_rectangle(
        [x - half, y - height * 0.8, x + half, y - height * 0.1], 5, fill=brush.choice(colours)
    )
    for row in range(brush.randint(1, 5)):
        top = y - height * (0.72 - row * 0.12)
        draw.rectangle(
            [x - half * 0.8, top, x + half * brush.uniform(-0.4, 0.8), top + height * 0.05],
            fill=brush.choice(colours),
        )
