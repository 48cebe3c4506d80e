"""BLIP within the engine: captions, answers and how well they match, whatever runs it.

Its three checkpoints are loaded when they are first needed. Where the GPU's memory does not even hold one
picture, everything is loaded again on the processor, and the status says so.
"""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from altaloud.errors import DeviceFullError, ModelMissingError
from altaloud.vision import mapped_files
from altaloud.vision.album import Album
from altaloud.vision.blip.caption import Caption
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.opening import Opener, Options
from altaloud.vision.blip.pins import ANSWERER, CAPTIONER
from altaloud.vision.blip.preprocess import Pixels
from altaloud.vision.blip.runtime import Answer, Match, Steps

if TYPE_CHECKING:
    from altaloud.vision.blip.runtime import Answerer, Captioner, Features, Matcher, Seer

T = TypeVar("T")

Named = tuple[str | None, Pixels]  # a picture, and under which name it may be kept
Judged = tuple[Caption, Match | None]

_PROMPT = "a picture of"
_BEAMS = 3
_OWN_SIDE = 384  # of every published checkpoint, in pixels


class Talking:
    """The three, and the pictures kept for them.

    Args:
        models: The folder with the checkpoints.
        options: How they are to be run.
        album: Which pictures are at hand.
        opener: Loads the checkpoints; by default as the options say.
    """

    def __init__(self, models: Path, options: Options, album: Album, *, opener: Opener | None = None) -> None:
        self._checkpoints = Checkpoints(models)
        self._opener = opener or Opener(self._checkpoints, options, models=models)
        self._options = options
        self._album = album
        self._captioner: Captioner | None = None
        self._answerer: Answerer | None = None
        self._matcher: Matcher | None = None
        self._last_used: float | None = None

    @property
    def last_used(self) -> float | None:
        """When BLIP was last at work, in `time.monotonic`'s seconds; None while it is not loaded."""
        return self._last_used

    @property
    def batch(self) -> int:
        """How many pictures are best captioned together; 1 as long as nothing is loaded."""
        return self._captioner.batch if self._captioner else 1

    @property
    def side(self) -> int:
        """Of the square that the models look at, in pixels."""
        if self._options.resolution != _OWN_SIDE:
            return self._options.resolution
        for name in (CAPTIONER, ANSWERER):
            if self._checkpoints.is_installed(name):
                return _side_of(self._checkpoints.installed_folder(name))
        return _OWN_SIDE

    def state(self) -> dict[str, object]:
        """Return where and how captions are made, and why not elsewhere."""
        captioner = self._captioner
        if captioner is None:
            return {"device": None}
        return {
            "device": captioner.device,
            "precision": captioner.precision,
            "batch": captioner.batch,
            "threads": captioner.threads,
            "notes": list(self._opener.notes),
        }

    def captions(self, pictures: Sequence[Named], *, prompt: str = "") -> Steps[Sequence[Judged]]:
        """Caption pictures, together.

        Raises:
            ModelMissingError: The captioner is not on this computer.
            ModelDamagedError: Its files cannot be loaded.
        """
        return (yield from self._on_what_there_is(lambda: self._captions(pictures, prompt)))

    def best_caption(self, name: str | None, picture: Pixels) -> Steps[Judged]:
        """Return the one of a few captions that fits best; without the matcher, the first.

        Raises:
            ModelMissingError, ModelDamagedError: As `captions`.
        """
        return (yield from self._on_what_there_is(lambda: self._best_caption(name, picture)))

    def answer(self, name: str | None, picture: Pixels, question: str) -> Steps[Answer]:
        """Answer a question about a picture.

        Raises:
            ModelMissingError: The model that answers is not on this computer.
            ModelDamagedError: Its files cannot be loaded.
        """
        return (yield from self._on_what_there_is(lambda: self._answer(name, picture, question)))

    def _on_what_there_is(self, work: Callable[[], Steps[T]]) -> Steps[T]:
        """Do `work`; once more on the processor if the GPU's memory does not hold it."""
        self._last_used = time.monotonic()
        before = self._loaded()
        try:
            made = yield from work()
            if self._loaded() != before:
                mapped_files.let_go()
            return made
        except DeviceFullError:
            self._captioner = self._answerer = self._matcher = None
            self._album.forget_features()
            self._opener.fall_back()
        finally:
            self._last_used = time.monotonic()
        return (yield from work())

    def _loaded(self) -> tuple[bool, ...]:
        return tuple(each is not None for each in (self._captioner, self._answerer, self._matcher))

    def _captions(self, pictures: Sequence[Named], prompt: str) -> Steps[Sequence[Judged]]:
        captioner = self._loaded_captioner()
        yield
        features = yield from self._seen(captioner, pictures)
        captions = yield from captioner.caption(features, prompt=prompt)
        judged = []
        for named, caption in zip(pictures, captions, strict=True):
            judged.append((caption, (yield from self._match(named, caption.text))))
        return judged

    def _best_caption(self, name: str | None, picture: Pixels) -> Steps[Judged]:
        captioner = self._loaded_captioner()
        yield
        features = yield from self._seen(captioner, [(name, picture)])
        (greedy,) = yield from captioner.caption(features)
        best = (greedy, (yield from self._match((name, picture), greedy.text)))
        if best[1] is None:
            return best
        for prompt, beams in ((_PROMPT, 1), ("", _BEAMS)):
            (other,) = yield from captioner.caption(features, prompt=prompt, beams=beams)
            if other.text and other.text != best[0].text:
                match = yield from self._match((name, picture), other.text)
                if match is not None and match.probability > best[1].probability:
                    best = (other, match)
        return best

    def _match(self, named: Named, sentence: str) -> Steps[Match | None]:
        """Judge a sentence; None without the model for it, or without a word."""
        matcher = self._loaded_matcher()
        if matcher is None or not sentence:
            return None
        yield
        (features,) = yield from self._seen(matcher, [named])
        return (yield from matcher.match(features, sentence))

    def _answer(self, name: str | None, picture: Pixels, question: str) -> Steps[Answer]:
        if self._answerer is None:
            self._answerer = self._opener.answerer()
        answerer = self._answerer
        yield
        (features,) = yield from self._seen(answerer, [(name, picture)])
        return (yield from answerer.answer(features, question))

    def _seen(self, seer: "Seer", pictures: Sequence[Named]) -> "Steps[list[Features]]":
        """Return what `seer` sees in pictures, looking only at those where that is not kept."""
        found = [self._album.features(name, seer.model) for name, _ in pictures]
        unseen = [index for index, features in enumerate(found) if features is None]
        if unseen:
            seen = yield from seer.see([pictures[index][1] for index in unseen])
            for index, features in zip(unseen, seen, strict=True):
                found[index] = features
                self._album.add(pictures[index][0], {seer.model: features})
        return [features for features in found if features is not None]

    def _loaded_captioner(self) -> "Captioner":
        if self._captioner is None:
            self._captioner = self._opener.captioner()
        return self._captioner

    def _loaded_matcher(self) -> "Matcher | None":
        if self._matcher is None:
            try:
                self._matcher = self._opener.matcher()
            except ModelMissingError:
                return None
        return self._matcher


def _side_of(folder: Path) -> int:
    """Return the side that a checkpoint was trained with; where its config is damaged, the usual one."""
    try:
        side = json.loads((folder / "config.json").read_text("utf-8"))["vision_config"]["image_size"]
    except (OSError, ValueError, KeyError, TypeError):
        return _OWN_SIDE
    return side if isinstance(side, int) else _OWN_SIDE
