"""Text in a picture."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from altaloud.vision.pictures import Picture

MODEL = "rapidocr@3.10.0"


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


class Reader:
    """Reads text with rapidocr's models on OpenVINO; loaded at the first picture."""

    def __init__(self) -> None:
        self._engine: Any = None

    def read(self, picture: Picture) -> Reading:
        """Return the text in the picture, from top to bottom."""
        import numpy as np

        if self._engine is None:
            self._engine = _load()
        image = np.frombuffer(picture.pixels, np.uint8).reshape(picture.rows, picture.columns, 3)
        found = self._engine(np.ascontiguousarray(image[:, :, ::-1]))
        if found.txts is None:
            return Reading()
        lines = [
            Line(text, float(score), _box(corners, picture))
            for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        ]
        return Reading(tuple(sorted(lines, key=lambda line: line.box[1])))


def _load() -> Any:
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    engine = rapidocr.EngineType.OPENVINO
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Det.engine_type": engine,
            "Cls.engine_type": engine,
            "Rec.engine_type": engine,
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Cls.model_path": str(models / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
        }
    )


def _box(corners: Any, picture: Picture) -> tuple[float, float, float, float]:
    across, down = [c[0] / picture.columns for c in corners], [c[1] / picture.rows for c in corners]
    return float(min(across)), float(min(down)), float(max(across)), float(max(down))


NOTHING_READ = Reading()
