"""The engine, as the helper sees it: the child process that holds the models, and what it is asked.

It starts with the first question, loads each model when it is first needed, and ends after a while without
work, which is how hundreds of megabytes go back to the system. The next question starts it again, as it does
after a crash. The process's own side is `engine_process`.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from altaloud.vision.blip.caption import Caption
from altaloud.vision.blip.opening import Options
from altaloud.vision.blip.runtime import Answer, Match
from altaloud.vision.child import Child
from altaloud.vision.kinds import Kind, KindGuess
from altaloud.vision.pictures import Picture
from altaloud.vision.reading import Line, Reading
from altaloud.vision.urgency import Urgency

# Far above what a step of each takes on a slow computer, loading included: a limit on hanging, not on work.
_KIND_TIMEOUT_SECONDS = 60.0
_READ_TIMEOUT_SECONDS = 180.0
_BLIP_TIMEOUT_SECONDS = 300.0

_ENVIRONMENT = {
    # The weights are on this computer; no library shall ever look for them elsewhere.
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # glibc then gives large blocks back when they are freed, instead of learning to keep them
    # (mallopt(3)): what reading a full page takes must not add to what the captioner takes.
    "MALLOC_MMAP_THRESHOLD_": "1048576",
    "MALLOC_TRIM_THRESHOLD_": "1048576",
    # numpy multiplies nothing large here; its threads would cost a start time and memory.
    "OPENBLAS_NUM_THREADS": "1",
}


@dataclass(frozen=True, slots=True)
class Captioned:
    """A caption, and how well it matches where the model that judges that is installed."""

    caption: Caption
    match: Match | None

    @property
    def confidence(self) -> float:
        """Of 0 to 1: the caption's own likelihood, times how well it matches where that was judged."""
        likelihood = math.exp(self.caption.mean_log_probability)
        return likelihood * self.match.probability if self.match else likelihood


class Engine:
    """Asks the process, which works on the most wanted question first.

    Every question raises ChildCrashedError or ChildTimeoutError if the process fails at it; the others
    get a new process. With `keep`, a name, the process keeps a small copy of the picture and what it has
    seen in it, for questions that come without the picture; the last few, in its memory alone.
    """

    def __init__(
        self, *, models: Path, idle_seconds: float, options: Callable[[], Options] = Options
    ) -> None:
        """Start nothing yet.

        Args:
            models: The folder with the models.
            idle_seconds: The process ends after this long without work.
            options: Tells how BLIP is to be run; asked at each start of the process.
        """

        def arguments() -> list[str]:
            return [str(models), str(idle_seconds), json.dumps(asdict(options()))]

        self._child = Child(
            "altaloud.vision.engine_process",
            arguments,
            name="engine",
            environment=_ENVIRONMENT,
            limits_steps=True,
        )
        self._blip: Mapping[str, object] = {"device": None}

    async def kind(
        self, picture: Picture, urgency: Urgency | None = None, *, keep: str | None = None
    ) -> KindGuess:
        """Return what kind of image it is, and which icon.

        Raises:
            ModelMissingError, ModelDamagedError: The starter model that ships with us cannot be used.
        """
        told = await self._ask("kind", picture, keep, _KIND_TIMEOUT_SECONDS, urgency)
        return KindGuess(**{**told["kind"], "kind": Kind(told["kind"]["kind"])})

    async def read(self, picture: Picture, urgency: Urgency | None = None) -> Reading:
        """Return the text in the image, in reading order."""
        told = await self._ask("read", picture, None, _READ_TIMEOUT_SECONDS, urgency)
        lines = [Line(line["text"], line["confidence"], tuple(line["box"])) for line in told["lines"]]
        return Reading(tuple(lines))

    async def caption(
        self,
        picture: Picture,
        urgency: Urgency | None = None,
        *,
        keep: str | None = None,
        prompt: str = "",
        best_of_several: bool = False,
    ) -> Captioned:
        """Return one sentence about the image.

        Args:
            picture: The image.
            urgency: How much it is wanted.
            keep: See the class.
            prompt: The sentence begins after it.
            best_of_several: Write a few and return the one that matches best, if `itm-base` is installed.

        Raises:
            ModelMissingError: The captioner is not on this computer.
            ModelDamagedError: Its files cannot be loaded.
        """
        told = await self._ask(
            "caption",
            picture,
            keep,
            _BLIP_TIMEOUT_SECONDS,
            urgency,
            prompt=prompt,
            best_of_several=best_of_several,
        )
        self._blip = told["blip"]
        caption = Caption(**{**told["caption"], "token_ids": tuple(told["caption"]["token_ids"])})
        return Captioned(caption, Match(**told["match"]) if told["match"] else None)

    async def answer(
        self,
        question: str,
        picture: Picture | None,
        urgency: Urgency | None = None,
        *,
        keep: str | None = None,
    ) -> Answer:
        """Return the answer to a question about `picture`, or without one about what is kept as `keep`.

        Raises:
            ImageNeededError: That is not there any more.
            ModelMissingError: The model that answers is not on this computer.
            ModelDamagedError: Its files cannot be loaded.
        """
        told = await self._ask("answer", picture, keep, _BLIP_TIMEOUT_SECONDS, urgency, words=question)
        return Answer(**{**told["answer"], "token_ids": tuple(told["answer"]["token_ids"])})

    @property
    def is_loaded(self) -> bool:
        """Whether the process is there, with whatever models it has needed so far."""
        return self._child.is_running

    @property
    def pid(self) -> int | None:
        """The process's number, or None when it is not there."""
        return self._child.pid

    def state(self) -> dict[str, object]:
        """Return whether it is loaded, its pid, and where and how it captions, as the status shows it."""
        # Known from the first caption on, and true of this computer even while the process is away.
        return {"loaded": self.is_loaded, "pid": self.pid, **self._blip}

    async def close(self) -> None:
        """End the process."""
        await self._child.close()

    async def _ask(
        self,
        question: str,
        picture: Picture | None,
        keep: str | None,
        timeout_seconds: float,
        urgency: Urgency | None,
        **more: object,
    ) -> dict[str, Any]:
        header = {"question": question, "picture": _fields(picture), "keep": keep, **more}
        pixels = picture.pixels if picture else b""
        told, _ = await self._child.ask(header, pixels, timeout_seconds=timeout_seconds, urgency=urgency)
        return told


def _fields(picture: Picture | None) -> Mapping[str, object] | None:
    """Return all but the pixels, which travel by themselves."""
    if picture is None:
        return None
    return {
        "width": picture.width,
        "height": picture.height,
        "fingerprint": picture.fingerprint.hex(),
        "columns": picture.columns,
        "rows": picture.rows,
        "transparent": picture.transparent,
        "format": picture.format,
    }
