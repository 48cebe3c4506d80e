"""The title of a chart, a table or a screenshot, found among the lines that were read in it.

A title stands at the top and is written at least as large as the rest. Where no line is so, there is none:
a label of an axis must not pass for it.
"""

from collections.abc import Sequence
from statistics import median

from altaloud.vision.kinds import Kind
from altaloud.vision.reading import Line, Reading

_TOP = {
    Kind.chart: 0.25,
    Kind.table: 0.3,
    Kind.screenshot: 0.4,
}  # of the image's height, where a title stands
_LARGER = 1.15  # times the median height of the lines: surely larger than the rest
_AS_LARGE = 0.8  # of the title's height, what belongs to it on a second line
_FEWEST_LETTERS = 3
_SAME_ROW = 0.5  # of a line's height
_MOST_LINES = 2


def title_of(kind: Kind, text: Reading) -> str | None:
    """Return the title as it stands in the image, or None where none is certain."""
    if kind not in _TOP:
        return None
    lines = [line for line in text.lines if line.box[1] < _TOP[kind] and _has_words(line)]
    if not lines:
        return None
    if kind is Kind.table:
        return _first_row(lines)
    return _largest(lines, text.lines)


def _largest(lines: list[Line], all_lines: Sequence[Line]) -> str | None:
    """Return the largest line and what continues it, if it is larger than the rest, or above all of them."""
    usual = median(map(_height, all_lines))
    best = max(lines, key=lambda line: (round(_height(line) / usual, 1), -line.box[1]))
    is_topmost = best.box[1] == min(line.box[1] for line in lines)
    if _height(best) < _LARGER * usual and not (is_topmost and _height(best) >= usual):
        return None
    following = all_lines[all_lines.index(best) + 1 :][: _MOST_LINES - 1]
    parts = [best, *(line for line in following if _continues(line, best))]
    return " ".join(line.text for line in parts)


def _first_row(lines: list[Line]) -> str:
    """Return the cells of the first row: a title, or the names of the columns."""
    first = min(lines, key=lambda line: line.box[1])
    row = [line for line in lines if abs(line.box[1] - first.box[1]) < _SAME_ROW * _height(first)]
    return ", ".join(line.text for line in sorted(row, key=lambda line: line.box[0]))


def _continues(line: Line, before: Line) -> bool:
    gap = line.box[1] - before.box[3]
    return _height(line) >= _AS_LARGE * _height(before) and -0.5 <= gap / _height(before) <= 0.7


def _has_words(line: Line) -> bool:
    return sum(one.isalpha() for one in line.text) >= _FEWEST_LETTERS


def _height(line: Line) -> float:
    return max(line.box[3] - line.box[1], 1e-6)
