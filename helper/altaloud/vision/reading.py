"""Text in a picture: PP-OCRv6 (small) through rapidocr and OpenVINO, on this computer alone.

The models are those inside rapidocr's wheel, named by their paths, so that nothing is ever downloaded. They
read the Latin alphabet of some fifty European and other languages, Chinese and Japanese (rapidocr's
default_models.yaml, `ppocrv6_langs`); not Cyrillic, Greek, Arabic, Hebrew, Hindi, Thai or Korean.

What is read may be hostile: it is stripped of control and bidirectional characters, and bounded.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from altaloud.plain_text import plain
from altaloud.vision import silent_openvino
from altaloud.vision.bands import Finder, Found, cut_out
from altaloud.vision.blip.runtime import Steps
from altaloud.vision.pictures import Picture
from altaloud.vision.reading_order import in_reading_order, is_tall

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MODEL = "pp-ocrv6-small@rapidocr-3.10.0"  # what is remembered is kept by it

# Their letters are unknown to the models, which make of them Latin ones that look alike: a text read on such
# a page is not to be believed. BCP 47, main part.
UNREAD_LANGUAGES = frozenset(
    [
        *(
            "am",
            "ar",
            "be",
            "bg",
            "bn",
            "ckb",
            "dv",
            "el",
            "fa",
            "gu",
            "he",
            "hi",
            "hy",
            "ka",
            "kk",
            "km",
            "kn",
        ),
        *(
            "ko",
            "ky",
            "lo",
            "mk",
            "ml",
            "mn",
            "mr",
            "my",
            "ne",
            "or",
            "pa",
            "ps",
            "ru",
            "sd",
            "si",
            "sr",
            "ta",
        ),
        *("te", "tg", "th", "ti", "tt", "ug", "uk", "ur", "yi"),
    ]
)

_DETECTION, _DIRECTION, _RECOGNITION = (
    "PP-OCRv6_det_small.onnx",
    "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "PP-OCRv6_rec_small.onnx",
)
# Small pictures are enlarged: 12 px text had 2.6 % wrong characters at 1x, none at 1.5x.
_ENLARGED, _MOST_ENLARGED = 1.5, 3.0
_LONGEST_SIDE_TO_ENLARGE = 1000
_SHORTEST_SIDE_TO_READ = 48  # of a strip with one line of text; enlarged towards it
_SHORTEST_SIDE = 8  # below, nothing can be written

_WIDTH_STEP = 128  # of a line made 48 high, in pixels
_SMALL_INPUT = 3 * 48 * 2000  # numbers: a long line; what it takes may be kept

_MIN_CONFIDENCE = 0.7
_MIN_CONFIDENCE_OF_ONE = 0.9  # a single character is more often an ornament
# In all, letters and digits: a magnifying glass alone is read as "Q" with full confidence.
_FEWEST_CHARACTERS = 2
_MAX_LINES = 400
_MAX_LINE_CHARACTERS = 500
_MAX_CHARACTERS = 10_000
_LONG_LINES = 5  # whose direction stands for the picture's
_MIN_CONFIDENCE_OF_DIRECTION = 0.8
_A_WORD = 3  # characters; a lone digit is tall without running upwards


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
        boxes = [line.box for line in self.lines]
        return min(1.0, sum((right - left) * (bottom - top) for left, top, right, bottom in boxes))


class Reader:
    """Reads text. The models load with the first picture: 0.4 s, about 130 MB."""

    def __init__(self, *, threads: int | None = None) -> None:
        """Load nothing yet.

        Args:
            threads: How many the models may use; None: OpenVINO's own choice.
        """
        self._threads = threads
        self._finder: Finder | None = None

    def read(self, picture: Picture) -> Steps[Reading]:
        """Return the text in `picture`. Takes 0.2 s for a few lines, seconds for each full page."""
        import numpy as np

        if min(picture.columns, picture.rows) < _SHORTEST_SIDE:
            return Reading()
        if self._finder is None:
            self._finder = self._loaded()
            yield
        finder = self._finder
        pixels = _enlarged(picture)
        found = yield from finder.read(pixels, may_be_turned=True, most_characters=_MAX_CHARACTERS)
        turns = _turns(finder, pixels, found) if found.txts else 0
        if turns:
            # Lines by themselves may be taken for standing on their head; the page as a whole is not.
            pixels = np.ascontiguousarray(np.rot90(pixels, turns))
            found = yield from finder.read(pixels, may_be_turned=False, most_characters=_MAX_CHARACTERS)
        return _reading(found, pixels, turns)

    def _loaded(self) -> Finder:
        silent_openvino.load()  # before rapidocr does
        import rapidocr

        folder = Path(rapidocr.__file__).parent / "models"
        openvino = rapidocr.EngineType.OPENVINO
        ocr = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.text_score": _MIN_CONFIDENCE,
                "Det.engine_type": openvino,
                "Det.model_path": str(folder / _DETECTION),
                "Det.limit_type": "max",
                "Cls.engine_type": openvino,
                "Cls.model_path": str(folder / _DIRECTION),
                "Rec.engine_type": openvino,
                "Rec.model_path": str(folder / _RECOGNITION),
                "Rec.rec_batch_num": 1,  # several lines at once are no faster here, and take 150 MB more
            }
        )
        # rapidocr's own sessions keep compiled kernels, and copies of the weights, for each size of input:
        # forty pictures took 200 MB, and it would go on. rapidocr 3.10 has no setting that reaches this.
        ocr._load_det_model().session = _Session(folder / _DETECTION, self._threads)
        ocr._load_cls_model().session = _Session(folder / _DIRECTION, self._threads)
        ocr._load_rec_model().session = _Session(folder / _RECOGNITION, self._threads, step=_WIDTH_STEP)
        return Finder(ocr)


class _Session:
    """One model in OpenVINO, called as rapidocr calls its own.

    Args:
        path: The model.
        threads: How many it may use; None: OpenVINO's own choice.
        step: Inputs are made so wide, or a multiple of it: each other width is prepared for anew, which
            takes half as long as reading a short line.
    """

    def __init__(self, path: Path, threads: int | None, *, step: int = 1) -> None:
        ov = silent_openvino.load()
        properties: dict[str, str | int] = {"CPU_RUNTIME_CACHE_CAPACITY": "0"}
        if threads is not None:
            properties["INFERENCE_NUM_THREADS"] = threads
        self._model = ov.Core().compile_model(path, "CPU", properties)
        self._step = step

    def __call__(self, content: "npt.NDArray[np.float32]") -> "npt.NDArray[np.float32]":
        import numpy as np

        if missing := -content.shape[-1] % self._step:
            content = np.pad(content, [(0, 0)] * 3 + [(0, missing)], mode="edge")
        request = self._model.create_infer_request()
        request.infer([content])
        output: npt.NDArray[np.float32] = request.get_output_tensor().data.copy()
        del request
        if content.size > _SMALL_INPUT:
            self._model.release_memory()  # hundreds of megabytes that would be kept for the next large page
        return output


def _turns(finder: Finder, pixels: "npt.NDArray[np.uint8]", found: Found) -> int:
    """Return how many quarter turns anticlockwise make the page upright, as its longest lines say."""
    longest = sorted(range(len(found.txts)), key=lambda at: -len(found.txts[at]))[:_LONG_LINES]
    # Tall crops come turned by a quarter anticlockwise.
    crops = [cut_out(pixels, found.boxes[at]) for at in longest]
    on_their_head = finder.are_on_their_head(crops, _MIN_CONFIDENCE_OF_DIRECTION)
    tall = [is_tall(found.boxes[at]) and len(found.txts[at]) >= _A_WORD for at in longest]
    half = len(longest) / 2
    return (1 if sum(tall) > half else 0) + (2 if sum(on_their_head) > half else 0)


def _enlarged(picture: Picture) -> "npt.NDArray[np.uint8]":
    """Return the pixels as rapidocr takes them: uint8, (rows, columns, blue green red)."""
    import numpy as np
    from PIL import Image

    image = Image.frombytes("RGB", (picture.columns, picture.rows), picture.pixels)
    wanted = min(_MOST_ENLARGED, max(_ENLARGED, _SHORTEST_SIDE_TO_READ / min(image.size)))
    scale = min(wanted, _LONGEST_SIDE_TO_ENLARGE / max(image.size))
    if scale > 1:
        size = (round(image.width * scale), round(image.height * scale))
        image = image.resize(size, Image.Resampling.BICUBIC)
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def _reading(found: Found, pixels: "npt.NDArray[np.uint8]", turns: int) -> Reading:
    import numpy as np

    if not found.txts:
        return Reading()
    height, width = pixels.shape[:2]
    order = in_reading_order(np.stack(found.boxes))[:_MAX_LINES]
    return Reading(_bounded([_line(found, at, width, height, turns) for at in order]))


def _line(found: Found, at: int, width: int, height: int, turns: int) -> Line:
    quad = found.boxes[at]  # float32, (4 corners clockwise from the top left, x and y)
    left, top = quad.min(axis=0)
    right, bottom = quad.max(axis=0)
    box = (_share(left, width), _share(top, height), _share(right, width), _share(bottom, height))
    for _ in range(turns):  # back by a quarter clockwise
        box = (1 - box[3], box[0], 1 - box[1], box[2])
    return Line(
        text=plain(found.txts[at][:_MAX_LINE_CHARACTERS]),
        confidence=min(1.0, float(found.scores[at])),
        box=box,
    )


def _share(position: float, size: int) -> float:
    return min(1.0, max(0.0, float(position) / size))


def _bounded(lines: list[Line]) -> tuple[Line, ...]:
    """Return the lines that say something, up to the most characters that we hand on."""
    kept: list[Line] = []
    characters = 0
    for line in lines:
        if not any(one.isalnum() for one in line.text):
            continue
        if len(line.text) == 1 and line.confidence < _MIN_CONFIDENCE_OF_ONE:
            continue
        characters += len(line.text)
        if characters > _MAX_CHARACTERS:
            break
        kept.append(line)
    written = sum(one.isalnum() for line in kept for one in line.text)
    return tuple(kept) if written >= _FEWEST_CHARACTERS else ()
