"""A picture as a page shows it: its size there, its ground, what compression left of it."""

import io
import random
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance

Colour = tuple[int, int, int]

_ICON_SIDES = (12, 14, 16, 16, 18, 20, 22, 24, 24, 28, 32, 32, 40, 48, 48, 64, 64, 96, 128)
_PHOTO_SIDES = (64, 96, 120, 150, 200, 240, 320, 320, 400, 480, 640, 800, 1024, 1280)
_WIDTHS = (200, 240, 300, 320, 360, 400, 480, 560, 640, 720, 800, 960, 1200)
_LOGO_HEIGHTS = (16, 20, 24, 28, 32, 40, 40, 48, 56, 64, 80, 100, 128, 200)
_GROUNDS: tuple[Colour, ...] = ((255, 255, 255), (246, 247, 248), (238, 238, 238), (222, 226, 230))
_DARK: tuple[Colour, ...] = ((0, 0, 0), (18, 18, 18), (33, 37, 41), (45, 52, 70), (60, 63, 65))
_INKS: tuple[Colour, ...] = ((0, 0, 0), (34, 34, 34), (85, 85, 85), (0, 91, 187), (176, 0, 32), (30, 120, 60))
_DRAWN = 256  # pixels of a vector picture's width, before it gets its size
_LARGEST = 2000


def opened(path: Path) -> Image.Image:
    """Return an image file as RGBA; a vector picture is drawn large.

    Raises:
        OSError: The file is damaged.
        ValueError: It is no picture that can be drawn.
    """
    if path.suffix in (".svg", ".svgz"):
        return drawn(path.read_text(encoding="utf-8", errors="replace"))
    with Image.open(path) as image:
        image.draft(
            "RGB", (_LARGEST, _LARGEST)
        )  # a large JPEG is read at a part of its size, in a part of the time
        return image.convert("RGBA")


def drawn(svg: str, side: int = _DRAWN) -> Image.Image:
    """Return SVG source drawn `side` pixels wide, RGBA."""
    import resvg_py

    data = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=side, skip_system_fonts="<text" not in svg))
    return Image.open(io.BytesIO(data)).convert("RGBA")


def icon(image: Image.Image, chance: random.Random) -> Image.Image:
    """Return a coloured icon at one of the sizes of icons, on a ground that it stands out from."""
    side = chance.choice(_ICON_SIDES)
    small = _scaled(image, min(side, 2 * max(image.size)))
    return _padded(small, _ground_for(small, chance), chance)


def symbolic(image: Image.Image, chance: random.Random) -> Image.Image:
    """Return a single-colour icon in one of the inks of pages."""
    small = _scaled(image, chance.choice(_ICON_SIDES))
    ground = chance.choice(_DARK) if chance.random() < 0.3 else chance.choice(_GROUNDS)
    ink = chance.choice([c for c in (*_INKS, (255, 255, 255)) if abs(_light(c) - _light(ground)) > 70])
    inked = Image.new("RGBA", small.size, ink)
    inked.putalpha(small.getchannel("A"))
    return _padded(inked, ground, chance)


def photo(image: Image.Image, chance: random.Random) -> Image.Image:
    """Return a part of a photograph as pages have them: any shape and size, some grey, some round."""
    shown = on(image, (255, 255, 255))
    if chance.random() < 0.7:
        shown = _part(shown, chance)
    shown = _reduced(shown, chance.choice(_PHOTO_SIDES))
    turn = chance.random()
    if turn < 0.06:
        shown = shown.convert("L").convert("RGB")
    elif turn < 0.12:
        shown = ImageEnhance.Brightness(shown).enhance(chance.uniform(0.5, 0.8))
    elif turn < 0.18:
        shown = _round(shown)
    return compressed(shown, chance, share=0.7)


def figure(image: Image.Image, chance: random.Random) -> Image.Image:
    """Return a drawing, table or screenshot in its own size or reduced as articles and previews do."""
    shown = _reduced(on(image, chance.choice(_GROUNDS[:2])), _LARGEST)
    if chance.random() < 0.4:
        shown = _reduced(shown, chance.choice(_WIDTHS))
    return compressed(shown, chance, share=0.25)


def logo(image: Image.Image, chance: random.Random) -> Image.Image:
    """Return a logo at a height of headers, footers and cards; one that is not long as a mark."""
    if image.width < 1.5 * image.height:
        return mark(image, chance)
    height = min(chance.choice(_LOGO_HEIGHTS), 2 * image.height)
    width = max(1, round(image.width * height / image.height))
    small = image.resize((width, height), Image.Resampling.LANCZOS)
    return _padded(small, _ground_for(small, chance), chance)


def mark(image: Image.Image, chance: random.Random) -> Image.Image:
    """Return a logo without words, not as small as an icon."""
    small = _scaled(image, chance.choice((40, 48, 64, 80, 100, 128, 160, 200)))
    return _padded(small, _ground_for(small, chance), chance)


def surface(image: Image.Image, chance: random.Random) -> Image.Image:
    """Return a texture or a piece of a frame: as it is, or repeated over an area."""
    ground = chance.choice((*_GROUNDS, *_DARK[2:4]))
    if max(image.size) >= 48 and chance.random() < 0.5:
        return on(image, ground)
    wide, high = chance.choice([60, 120, 240, 400, 800]), chance.choice([8, 24, 60, 120, 300])
    area = Image.new("RGBA", (max(wide, image.width), max(image.height, min(high, image.height * 8))))
    for left in range(0, area.width, image.width):
        for top in range(0, area.height, image.height):
            area.paste(image, (left, top))
    return on(area, ground)


def as_it_is(image: Image.Image, chance: random.Random) -> Image.Image:
    """Return the image on white, in its own size."""
    del chance
    return _reduced(on(image, (255, 255, 255)), _LARGEST)


WEARS: dict[str, Callable[[Image.Image, random.Random], Image.Image]] = {
    "icon": icon,
    "symbolic": symbolic,
    "photo": photo,
    "figure": figure,
    "logo": logo,
    "mark": mark,
    "surface": surface,
    "as it is": as_it_is,
}


def on(image: Image.Image, ground: Colour) -> Image.Image:
    """Return the image on a ground, RGB."""
    page = Image.new("RGBA", image.size, ground)
    page.alpha_composite(image.convert("RGBA"))
    return page.convert("RGB")


def compressed(image: Image.Image, chance: random.Random, *, share: float) -> Image.Image:
    """Return the image with what JPEG or WebP leaves of it, for a share of the images."""
    if chance.random() >= share:
        return image
    stored = io.BytesIO()
    image.save(stored, chance.choice(["JPEG", "JPEG", "WEBP"]), quality=chance.randint(40, 92))
    return Image.open(stored).convert("RGB")


def _scaled(image: Image.Image, side: int) -> Image.Image:
    scale = side / max(image.size)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.LANCZOS)


def _reduced(image: Image.Image, side: int) -> Image.Image:
    return image if max(image.size) <= side else _scaled(image, side)


def _part(image: Image.Image, chance: random.Random) -> Image.Image:
    share, shape = chance.uniform(0.6, 1.0), chance.choice([0.66, 0.75, 1.0, 1.0, 1.33, 1.5, 1.78, 2.4])
    width = min(image.width * share, image.height * share * shape)
    height = width / shape
    left, top = chance.uniform(0, image.width - width), chance.uniform(0, image.height - height)
    return image.crop((round(left), round(top), round(left + width), round(top + height)))


def _round(image: Image.Image) -> Image.Image:
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square, mask = image.crop((left, top, left + side, top + side)), Image.new("L", (side * 4, side * 4))
    ImageDraw.Draw(mask).ellipse([0, 0, side * 4 - 1, side * 4 - 1], fill=255)
    cut = Image.new("RGB", (side, side), "white")
    cut.paste(square, mask=mask.resize((side, side), Image.Resampling.BOX))
    return cut


def _padded(image: Image.Image, ground: Colour, chance: random.Random) -> Image.Image:
    pad = chance.choice([0, 0, 0, 0, 2, 4, max(image.size) // 4])
    around = Image.new("RGBA", (image.width + 2 * pad, image.height + 2 * pad))
    around.paste(image, (pad, pad))
    return on(around, ground)


def _ground_for(image: Image.Image, chance: random.Random) -> Colour:
    """Return a ground that differs from the picture's own brightness."""
    weighed = on(image, (255, 255, 255)).convert("L").resize((1, 1), Image.Resampling.BOX)
    alpha = image.getchannel("A").resize((1, 1), Image.Resampling.BOX)
    share = max(1, int(str(alpha.getpixel((0, 0))))) / 255
    ink = 255 - (255 - int(str(weighed.getpixel((0, 0))))) / share  # brightness of the ink alone
    likes_dark = ink > 190 or (ink > 90 and chance.random() < 0.2)
    return chance.choice(_DARK if likes_dark else _GROUNDS)


def _light(colour: Colour) -> float:
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]
