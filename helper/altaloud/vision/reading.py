"""Text in a picture."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, as it stands in the picture."""

    text: str
    confidence: float  # 0..1
    box: tuple[float, float, float, float]  # left, top, right, bottom, as shares of the picture


@dataclass(frozen=True, slots=True)
class Reading:
    """What is written in a picture, in reading order; no line if nothing is."""

    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """The lines, one below the other."""
        return "\n".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float:
        """The lines' confidence, each counting by its length; 0 without text."""
        characters = sum(len(line.text) for line in self.lines)
        return (
            sum(line.confidence * len(line.text) for line in self.lines) / characters if characters else 0.0
        )

    @property
    def coverage(self) -> float:
        """Share of the picture that lies inside the lines' boxes, overlaps counted twice, at most 1."""
        return min(1.0, sum((right - left) * (bottom - top) for left, top, right, bottom in self._boxes()))

    def _boxes(self) -> list[tuple[float, float, float, float]]:
        return [line.box for line in self.lines]
