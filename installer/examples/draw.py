"""Draws the example images that are not photographs; the drawn files are kept beside it.

Run it in the project's environment after a change: .venv/bin/python installer/examples/draw.py
The letters are those of the font that Pillow carries, so every machine draws the same.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_INK = "#1d2b36"
_PAPER = "#fdf6e3"
_BLUE = "#1f6feb"

_VISITORS = {"Jan": 120, "Feb": 150, "Mar": 210, "Apr": 260, "May": 340, "Jun": 410}

# Of the damaged file this share is kept: its header and the upper part of the picture.
_KEPT = 0.4


def draw_words(lines: dict[str, int], size: tuple[int, int]) -> Image.Image:
    """Return a notice with one line under the other; `lines` gives each one's letter height in pixels."""
    picture = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=_INK, width=3)
    gap = (size[1] - sum(lines.values())) / (len(lines) + 1)
    top = gap
    for words, height in lines.items():
        middle = (size[0] / 2, top + height / 2)
        draw.text(middle, words, font=ImageFont.load_default(height), fill=_INK, anchor="mm")
        top += height + gap
    return picture


def draw_magnifier(side: int = 32) -> Image.Image:
    """Return the sign for "search", dark on transparent, as toolbars show it."""
    fine = side * 8  # drawn large and reduced, for smooth edges
    picture = Image.new("RGBA", (fine, fine), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.line((fine * 0.60, fine * 0.60, fine * 0.90, fine * 0.90), fill=_INK, width=fine // 8)
    draw.ellipse((fine * 0.08, fine * 0.08, fine * 0.68, fine * 0.68), outline=_INK, width=fine // 10)
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def draw_cross(side: int = 24) -> Image.Image:
    """Return the sign for "close", light on transparent, as dark dialogs show it."""
    fine = side * 8
    picture = Image.new("RGBA", (fine, fine), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    near, far, width = fine * 0.2, fine * 0.8, fine // 10
    draw.line((near, near, far, far), fill="white", width=width)
    draw.line((near, far, far, near), fill="white", width=width)
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def draw_logo() -> Image.Image:
    """Return a library's emblem and name, on transparent."""
    picture = Image.new("RGBA", (220, 64), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((4, 4, 60, 60), radius=14, fill=_BLUE)
    draw.polygon([(16, 20), (31, 26), (31, 50), (16, 44)], fill="white")
    draw.polygon([(48, 20), (33, 26), (33, 50), (48, 44)], fill="#cfe3ff")
    draw.text((72, 32), "Corner", font=ImageFont.load_default(40), fill=_BLUE, anchor="lm")
    return picture


def draw_chart() -> Image.Image:
    """Return a bar chart with a title and a label on each axis."""
    width, height, left, bottom, top = 480, 320, 80, 250, 60
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    large, small = ImageFont.load_default(24), ImageFont.load_default(16)
    draw.text((width / 2, 28), "Library visitors", font=large, fill=_INK, anchor="mm")
    for value in range(0, 500, 100):
        y = bottom - (bottom - top) * value / 450
        draw.line((left, y, width - 20, y), fill="#d0d7de")
        draw.text((left - 8, y), str(value), font=small, fill=_INK, anchor="rm")
    step = (width - 20 - left) / len(_VISITORS)
    for place, (month, visitors) in enumerate(_VISITORS.items()):
        middle = left + step * (place + 0.5)
        y = bottom - (bottom - top) * visitors / 450
        draw.rectangle((middle - step * 0.3, y, middle + step * 0.3, bottom), fill=_BLUE)
        draw.text((middle, bottom + 16), month, font=small, fill=_INK, anchor="mm")
    draw.line((left, top, left, bottom, width - 20, bottom), fill=_INK, width=2)
    draw.text(((left + width - 20) / 2, bottom + 46), "Month", font=small, fill=_INK, anchor="mm")
    draw.text((8, 40), "Visitors", font=small, fill=_INK, anchor="lm")
    return picture


def draw_landscape() -> Image.Image:
    """Return soft hills under a sky."""
    sky = Image.merge(
        "RGB",
        [Image.linear_gradient("L").point(lambda shade, low=low: low + shade // 4) for low in (90, 140, 190)],
    ).resize((320, 200))
    draw = ImageDraw.Draw(sky)
    draw.ellipse((230, 20, 280, 70), fill="#fff3b0")
    draw.ellipse((-80, 120, 220, 380), fill="#4d7c4a")
    draw.ellipse((120, 140, 420, 380), fill="#6a994e")
    return sky


def damaged() -> bytes:
    """Return a JPEG file that ends early, as a broken download leaves it."""
    whole = BytesIO()
    draw_landscape().save(whole, "JPEG", quality=85)
    return whole.getvalue()[: int(len(whole.getvalue()) * _KEPT)]


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "sale.png": lambda: draw_words({"Summer sale": 56, "Half price until Sunday": 28}, (420, 180)),
    "notice.png": lambda: draw_words({"Open until 8 pm": 36}, (320, 90)),
    "icon.png": draw_magnifier,
    "close.png": draw_cross,
    "logo.png": draw_logo,
    "chart.png": draw_chart,
    "spacer.gif": lambda: Image.new("RGBA", (10, 1), (0, 0, 0, 0)),
}


def main(folder: Path) -> None:
    """Write all of them into `folder`."""
    for name, draw in PICTURES.items():
        draw().save(folder / name)
    (folder / "damaged.jpg").write_bytes(damaged())


if __name__ == "__main__":
    main(Path(__file__).parent)
