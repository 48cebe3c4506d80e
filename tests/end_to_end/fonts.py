"""An icon font of one icon, a cross: it has a sign of its own, and a word becomes it."""

from pathlib import Path

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

SIGN = "\ue5cd"
WORD = "close"

_EM = 1000
_CROSS = (
    (150, 80), (500, 430), (850, 80), (920, 150), (570, 500), (920, 850),
    (850, 920), (500, 570), (150, 920), (80, 850), (430, 500), (80, 150),
)  # fmt: skip


def draw_icon_font(file: Path) -> None:
    """Write the font."""
    letters = sorted(set(WORD))
    glyphs = [".notdef", *letters, "cross"]
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({ord(letter): letter for letter in letters} | {ord(SIGN): "cross"})
    builder.setupGlyf({glyph: _outline(glyph) for glyph in glyphs})
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (_EM, 0)))
    builder.setupHorizontalHeader(ascent=_EM, descent=0)
    builder.setupNameTable({"familyName": "Signs", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=_EM, usWinAscent=_EM)
    builder.setupPost()
    ligature = f"feature liga {{ sub {' '.join(WORD)} by cross; }} liga;"
    addOpenTypeFeaturesFromString(builder.font, ligature)
    builder.save(file)


def _outline(glyph: str) -> object:
    """Return the cross; letters show nothing, so that no word can be read in a picture of them."""
    pen = TTGlyphPen(None)
    if glyph == "cross":
        first, *others = _CROSS
        pen.moveTo(first)
        for point in others:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()
