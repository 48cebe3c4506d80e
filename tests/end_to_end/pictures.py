"""Pictures drawn for the tests, with words that a reader of text must find in them."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_LETTER_PX = 44
_MARGIN_PX = 24


def draw_words(file: Path, words: str) -> None:
    """Write a PNG that shows `words`, dark on light."""
    font = ImageFont.load_default(_LETTER_PX)
    ruler = ImageDraw.Draw(Image.new("RGB", (1, 1)))
    _, _, right, bottom = ruler.multiline_textbbox((_MARGIN_PX, _MARGIN_PX), words, font=font)
    picture = Image.new("RGB", (int(right) + _MARGIN_PX, int(bottom) + _MARGIN_PX), "#fdf6e3")
    ImageDraw.Draw(picture).text((_MARGIN_PX, _MARGIN_PX), words, font=font, fill="#222222")
    picture.save(file)
