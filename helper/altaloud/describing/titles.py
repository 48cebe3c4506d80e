"""The title of a chart, a table or a screenshot, found among the lines that were read in it.

A title stands above all else that is written, alone in its row, and larger than the rest or in the middle.
Where no line is so, there is none: a label of an axis or of a legend must not pass for it.
"""

from collections.abc import Sequence
from statistics import median

from altaloud.vision.kinds import Kind
from altaloud.vision.reading import Line, Reading

_TOP = {Kind.chart: 0.25, Kind.table: 0.3, Kind.screenshot: 0.3}  # of the image's height
_LARGER = 1.25  # times the median height of the lines
_AS_LARGE = 0.95
_AS_LARGE_BESIDE = 0.8  # of a title's height: what is smaller beside it is a label of an axis
_MIDDLE = 0.12  # of the image's width, off the middle
_SAME_SIZE = (0.75, 1.15)  # times the title's height, what belongs to it on a second line
_FEWEST_LETTERS = 3
_SAME_ROW = 0.6  # of a line's height


def title_of(kind: Kind, text: Reading) -> str | None:
    """Return the title as it stands in the image, or None where none is certain."""
    lines = sorted(text.lines, key=lambda line: line.box[1])
    if kind not in _TOP or not lines or lines[0].box[1] > _TOP[kind]:
        return None
    row = _row(lines[0], lines)
    if kind is Kind.table:  # a title, or the names of the columns
        names = [line.text for line in row if _has_words(line)]
        return ", ".join(names) or None
    title = lines[0]
    is_alone = all(_height(line) < _AS_LARGE_BESIDE * _height(title) for line in row if line is not title)
    if not is_alone or not _has_words(title) or not _stands_out(title, lines):
        return None
    second = lines[1] if len(lines) > 1 else None
    if second is not None and _row(second, lines) == [second] and _continues(second, title):
        return f"{title.text} {second.text}"
    return title.text


def _row(first: Line, lines: Sequence[Line]) -> list[Line]:
    """Return all that stands on the level of a line, from left to right."""
    reach = _SAME_ROW * _height(first)
    return sorted((line for line in lines if abs(_middle(line) - _middle(first)) < reach), key=_left)


def _stands_out(line: Line, lines: Sequence[Line]) -> bool:
    usual = median(map(_height, lines))
    return _height(line) >= _LARGER * usual or (_height(line) >= _AS_LARGE * usual and _is_centred(line))


def _continues(line: Line, before: Line) -> bool:
    gap = (line.box[1] - before.box[3]) / _height(before)
    least, most = _SAME_SIZE
    is_alike = least <= _height(line) / _height(before) <= most
    is_aligned = _is_centred(line) == _is_centred(before) or abs(_left(line) - _left(before)) < _MIDDLE / 4
    return is_alike and is_aligned and -0.5 <= gap <= 0.7


def _is_centred(line: Line) -> bool:
    return abs((line.box[0] + line.box[2]) / 2 - 0.5) <= _MIDDLE


def _has_words(line: Line) -> bool:
    return sum(one.isalpha() for one in line.text) >= _FEWEST_LETTERS


def _height(line: Line) -> float:
    return max(line.box[3] - line.box[1], 1e-6)


def _middle(line: Line) -> float:
    return (line.box[1] + line.box[3]) / 2


def _left(line: Line) -> float:
    return line.box[0]
