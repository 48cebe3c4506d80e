"""What pages are trimmed with: gradients, patterns, rules, shadows, corners; and blanks."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from altaloud.training.drawing.brush import BLACK, WHITE, Brush, Colour, blend


def decoration(brush: Brush) -> Image.Image:
    """Draw something that only decorates."""
    draws = [
        _any_gradient,
        _any_gradient,
        _rule,
        _rule,
        _pattern,
        _pattern,
        _blob,
        _grain,
        _corner,
        _shadow,
        _wave,
    ]
    return brush.choice(draws)(brush)


def blank(brush: Brush) -> Image.Image:
    """Draw nothing: one colour, nearly one colour, or the noise of a compressed nothing."""
    size = brush.choice([(1, 1), (2, 2), (10, 10), (64, 64), (200, 10), (10, 200), (300, 200), (100, 100)])
    colour = _any_colour(brush)
    image = Image.new("RGB", size, colour)
    if brush.chance(0.25):
        noise = brush.numbers.standard_normal((*size[::-1], 3)) * brush.uniform(0.3, 1.5)
        image = Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))
    return image


def gradient(brush: Brush, size: tuple[int, int]) -> Image.Image:
    """Draw a gradient: straight at any angle, or round, between two or three colours."""
    first = _any_colour(brush)
    second = (
        brush.colour()
        if brush.chance(0.6)
        else blend(first, brush.choice([WHITE, BLACK]), brush.uniform(0.1, 0.6))
    )
    rows, columns = np.mgrid[0 : 1 : size[1] * 1j, 0 : 1 : size[0] * 1j]
    if brush.chance(0.25):
        share = np.clip(np.hypot(columns - brush.random(), rows - brush.random()), 0, 1)
    else:
        angle = brush.choice([0, math.pi / 2, math.pi / 2, brush.uniform(0, math.tau)])
        share = columns * math.cos(angle) + rows * math.sin(angle)
        share = (share - share.min()) / (np.ptp(share) + 1e-9)
    if brush.chance(0.15):
        share = np.abs(2 * share - 1)
    mixed = share[..., None] * np.array(first) + (1 - share[..., None]) * np.array(second)
    return Image.fromarray(mixed.astype(np.uint8))


def _any_colour(brush: Brush) -> Colour:
    return (
        brush.colour()
        if brush.chance(0.6)
        else brush.choice([WHITE, BLACK, brush.grey(190, 250), brush.grey(0, 60)])
    )


def _near(brush: Brush, colour: Colour) -> Colour:
    """Return a second colour: any, or a shade of the first."""
    if brush.chance(0.5):
        return brush.colour()
    shifted = [max(0, min(255, channel + brush.randint(-45, 45))) for channel in colour]
    return shifted[0], shifted[1], shifted[2]


def _any_gradient(brush: Brush) -> Image.Image:
    return gradient(brush, (brush.randint(4, 400), brush.randint(4, 260)))


def _rule(brush: Brush) -> Image.Image:
    """Draw rules and dashes, lying or standing."""
    long, short = brush.randint(60, 700), brush.randint(2, 36)
    lying = brush.chance(0.7)
    colour = _any_colour(brush)
    image = Image.new("RGB", (long, short), colour)
    draw, ink = ImageDraw.Draw(image), _near(brush, colour)
    lines, dash, width = (
        brush.choice([1, 1, 2, 3]),
        brush.choice([0, 0, brush.randint(2, 14)]),
        brush.randint(1, 5),
    )
    for number in range(lines):
        y = short * (number + 1) / (lines + 1)
        for x in range(0, long, 2 * dash or long):
            draw.line([(x, y), (x + (dash or long), y)], fill=ink, width=width)
    if brush.chance(0.25):
        middle, radius = long / 2, min(short / 2, 8)
        draw.ellipse([middle - radius, short / 2 - radius, middle + radius, short / 2 + radius], fill=ink)
    return image if lying else image.transpose(Image.Transpose.ROTATE_90)


def _pattern(brush: Brush) -> Image.Image:
    """Draw a tile: dots, stripes, checks, a grid, triangles."""
    colour = _any_colour(brush)
    ink, step = _near(brush, colour), brush.randint(5, 36)
    image = Image.new("RGB", (brush.randint(30, 320), brush.randint(30, 240)), colour)
    draw, sign = (
        ImageDraw.Draw(image),
        brush.choice(["dot", "stripe", "check", "grid", "triangle", "cross", "ring"]),
    )
    width = max(1, step // brush.randint(3, 9))
    for y in range(0, image.height, step):
        for x in range(0, image.width, step):
            if sign in ("dot", "check", "triangle"):
                _filled(draw, sign, (x, y), step, ink)
            else:
                _lined(draw, sign, (x, y), step, ink, width=width)
    return image


def _filled(draw: ImageDraw.ImageDraw, sign: str, place: tuple[int, int], step: int, ink: Colour) -> None:
    x, y = place
    if sign == "dot":
        draw.ellipse([x, y, x + step * 0.4, y + step * 0.4], fill=ink)
    elif sign == "triangle":
        draw.polygon([(x, y), (x + step, y), (x, y + step)], fill=ink)
    elif (x // step + y // step) % 2:
        draw.rectangle([x, y, x + step, y + step], fill=ink)


def _lined(
    draw: ImageDraw.ImageDraw, sign: str, place: tuple[int, int], step: int, ink: Colour, *, width: int
) -> None:
    x, y = place
    if sign == "grid":
        draw.rectangle([x, y, x + step, y + step], outline=ink)
    elif sign == "ring":
        draw.ellipse([x, y, x + step, y + step], outline=ink, width=width)
    else:
        draw.line([(x, y + step), (x + step, y)], fill=ink, width=width)
        if sign == "cross":
            draw.line([(x, y), (x + step, y + step)], fill=ink, width=width)


def _wave(brush: Brush) -> Image.Image:
    """Draw a wavy edge, as sections of pages are parted, or wavy lines."""
    colour = _any_colour(brush)
    image = Image.new("RGB", (brush.randint(120, 700), brush.randint(20, 160)), colour)
    draw, length, swing = ImageDraw.Draw(image), brush.uniform(20, 200), brush.uniform(2, 30)
    middle = image.height * brush.uniform(0.3, 0.7)
    line = [(x, middle + swing * math.sin(x / length * math.tau)) for x in range(0, image.width + 2, 2)]
    if brush.chance(0.6):
        draw.polygon([*line, (image.width, image.height), (0, image.height)], fill=_near(brush, colour))
    else:
        draw.line(line, fill=_near(brush, colour), width=brush.randint(1, 5))
    return image


def _blob(brush: Brush) -> Image.Image:
    """Draw blurred spots, as behind headings."""
    colour = _any_colour(brush)
    image = Image.new("RGB", (brush.randint(30, 260), brush.randint(30, 200)), colour)
    draw = ImageDraw.Draw(image)
    for _ in range(brush.randint(1, 5)):
        x, y, radius = brush.randint(0, image.width), brush.randint(0, image.height), brush.randint(10, 140)
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=_near(brush, colour))
    return image.filter(ImageFilter.GaussianBlur(brush.uniform(2, 25)))


def _grain(brush: Brush) -> Image.Image:
    """Draw a texture: grain, paper, brushed metal."""
    rows, columns = brush.randint(20, 200), brush.randint(20, 200)
    noise = brush.numbers.standard_normal((rows, columns, 1)) * brush.uniform(3, 35)
    image = Image.fromarray(np.clip(np.array(_any_colour(brush)) + noise, 0, 255).astype(np.uint8))
    blur = (brush.uniform(0, 2), brush.choice([0, 0, brush.uniform(2, 12)]))
    return image.filter(ImageFilter.GaussianBlur(blur))


def _corner(brush: Brush) -> Image.Image:
    """Draw a corner piece of a box: round, cut, or a frame's."""
    side = brush.randint(4, 64)
    colour = _any_colour(brush)
    large = Image.new("RGB", (side * 3, side * 3), colour)
    draw, ink, width = ImageDraw.Draw(large), _near(brush, colour), brush.randint(2, 12)
    match brush.choice(["round", "cut", "frame", "ring"]):
        case "round":
            draw.ellipse([0, 0, side * 6, side * 6], fill=ink)
        case "cut":
            draw.polygon([(0, side * 3), (side * 3, side * 3), (side * 3, 0)], fill=ink)
        case "frame":
            draw.line([(width, side * 3), (width, width), (side * 3, width)], fill=ink, width=width)
        case _:
            draw.ellipse([0, 0, side * 6, side * 6], outline=ink, width=width)
    image = large.resize((side, side), Image.Resampling.LANCZOS)
    return image.rotate(brush.choice([0, 90, 180, 270]))


def _shadow(brush: Brush) -> Image.Image:
    """Draw a shadow: along an edge, or around a box that is not there."""
    ground = _any_colour(brush)
    shade = blend(ground, BLACK, brush.uniform(0.2, 0.8))
    if brush.chance(0.4):
        size = brush.randint(20, 400), brush.randint(4, 30)
        fade = np.linspace(1, 0, size[1])[:, None, None] ** brush.uniform(0.7, 2.5)
        rows = np.broadcast_to(fade, (size[1], size[0], 1))
        image = Image.fromarray((rows * np.array(shade) + (1 - rows) * np.array(ground)).astype(np.uint8))
        return image.rotate(brush.choice([0, 90, 180]), expand=True)
    width, height, pad = brush.randint(20, 240), brush.randint(20, 160), brush.randint(4, 30)
    image = Image.new("RGB", (width + 2 * pad, height + 2 * pad), ground)
    ImageDraw.Draw(image).rounded_rectangle(
        [pad, pad, pad + width, pad + height], brush.randint(0, 20), fill=shade
    )
    image = image.filter(ImageFilter.GaussianBlur(pad / 2.5))
    if brush.chance(0.6):
        box = [pad, pad - 2, pad + width, pad + height - 3]
        ImageDraw.Draw(image).rectangle(box, fill=brush.choice([WHITE, ground, BLACK]))
    return image
