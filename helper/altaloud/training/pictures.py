"""A sheet of small pictures with captions, for people who look at what went wrong."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from altaloud.training.measuring import Seen

_COLUMNS, _CELL = 8, (150, 96)


def contact_sheet(seen: Sequence[Seen], path: Path) -> None:
    """Write the pictures with what is true above and what was said below; nothing where there are none."""
    if not seen:
        path.unlink(missing_ok=True)
        return
    rows = -(-len(seen) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * _CELL[0], rows * _CELL[1]), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(11)
    for number, one in enumerate(seen):
        x, y = number % _COLUMNS * _CELL[0], number // _COLUMNS * _CELL[1]
        draw.text((x + 4, y + 2), one.truth[:24], fill=(0, 110, 0), font=font)
        sheet.paste(Image.fromarray(one.canonical), (x + 4, y + 16))
        draw.text(
            (x + 4, y + 81), f"{one.guess.icon} {one.guess.confidence:.0%}"[:26], fill=(170, 0, 0), font=font
        )
    sheet.quantize(64).save(path, optimize=True)
