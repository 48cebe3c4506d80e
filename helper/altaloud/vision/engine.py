"""The child process that holds the models: what the helper asks it, and what it does.

It starts with the first question, loads each model when it is first needed, and ends after a while
without work, which is how hundreds of megabytes go back to the system. The next question starts it
again, as it does after a crash. Run as `python -m altaloud.vision.engine`, it is that process.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from altaloud.vision.blip.caption import Caption
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.pins import CAPTIONER
from altaloud.vision.first_look import FirstLook
from altaloud.vision.kinds import Kind, KindGuess
from altaloud.vision.pictures import Picture
from altaloud.vision.reading import Line, Reader, Reading
from altaloud.vision.serving import OneByOne, serve
from altaloud.vision.urgency import Urgency

if TYPE_CHECKING:
    from altaloud.vision.blip.torch_blip import TorchCaptioner

# Far above what each takes on a slow computer, loading included: a limit on hanging, not on work.
_KIND_TIMEOUT_SECONDS = 60.0
_READ_TIMEOUT_SECONDS = 180.0
_CAPTION_TIMEOUT_SECONDS = 300.0


class Engine:
    """Asks the process, which works on the most wanted question first.

    Every question raises ChildCrashedError or ChildTimeoutError if the process fails at it; the others
    get a new process.
    """

    def __init__(self, *, models: Path, idle_seconds: float) -> None:
        # Here, because the process itself also reads this file and has no use for asyncio.
        from altaloud.vision.child import Child

        arguments = ["--models", str(models), "--idle", str(idle_seconds)]
        # The weights are on this computer; no library shall ever look for them elsewhere.
        offline = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
        # glibc then gives large blocks back when they are freed, instead of learning to keep them
        # (mallopt(3)): what reading a full page takes must not add to what the captioner takes.
        memory = {"MALLOC_MMAP_THRESHOLD_": "1048576", "MALLOC_TRIM_THRESHOLD_": "1048576"}
        self._child = Child(
            "altaloud.vision.engine", arguments, name="engine", environment={**offline, **memory}
        )
        self._device: str | None = None

    async def kind(self, picture: Picture, urgency: Urgency | None = None) -> KindGuess:
        """Return what kind of image it is, and which icon.

        Raises:
            ModelMissingError, ModelDamagedError: The starter model that ships with us cannot be used.
        """
        told, _ = await self._child.ask(
            _question("kind", picture),
            picture.pixels,
            timeout_seconds=_KIND_TIMEOUT_SECONDS,
            urgency=urgency,
        )
        return KindGuess(**{**told["kind"], "kind": Kind(told["kind"]["kind"])})

    async def read(self, picture: Picture, urgency: Urgency | None = None) -> Reading:
        """Return the text in the image, in reading order."""
        told, _ = await self._child.ask(
            _question("read", picture),
            picture.pixels,
            timeout_seconds=_READ_TIMEOUT_SECONDS,
            urgency=urgency,
        )
        lines = [Line(line["text"], line["confidence"], tuple(line["box"])) for line in told["lines"]]
        return Reading(tuple(lines))

    async def caption(self, picture: Picture, urgency: Urgency | None = None, *, prompt: str = "") -> Caption:
        """Return one sentence about the image, which begins after `prompt` if there is one.

        Raises:
            ModelMissingError: The captioner is not on this computer.
            ModelDamagedError: Its files cannot be loaded.
        """
        told, _ = await self._child.ask(
            _question("caption", picture, prompt=prompt),
            picture.pixels,
            timeout_seconds=_CAPTION_TIMEOUT_SECONDS,
            urgency=urgency,
        )
        self._device = told["device"]
        return Caption(**{**told["caption"], "token_ids": tuple(told["caption"]["token_ids"])})

    @property
    def is_loaded(self) -> bool:
        """Whether the process is there, with whatever models it has needed so far."""
        return self._child.is_running

    @property
    def pid(self) -> int | None:
        """The process's number, or None when it is not there."""
        return self._child.pid

    def state(self) -> dict[str, object]:
        """Return whether it is loaded, its pid, and where it captions, as `altaloud status` shows it."""
        # Known from the first caption on, and true of this computer even while the process is away.
        return {"loaded": self.is_loaded, "pid": self.pid, "device": self._device}

    async def close(self) -> None:
        """End the process."""
        await self._child.close()


def _question(name: str, picture: Picture, **more: object) -> Mapping[str, object]:
    values = {
        "width": picture.width,
        "height": picture.height,
        "fingerprint": picture.fingerprint.hex(),
        "columns": picture.columns,
        "rows": picture.rows,
        "transparent": picture.transparent,
        "format": picture.format,
    }
    return {"question": name, "picture": values, **more}


def _picture(header: Mapping[str, Any], pixels: bytes) -> Picture:
    values = header["picture"]
    return Picture(**{**values, "fingerprint": bytes.fromhex(values["fingerprint"]), "pixels": pixels})


class _Models:
    """The process's own side: each model is loaded when it is first needed and kept."""

    def __init__(self, models: Path) -> None:
        self._checkpoints = Checkpoints(models)
        self._first_look = FirstLook()
        self._reader = Reader()
        self._captioner: TorchCaptioner | None = None

    def answer(self, header: dict[str, Any], body: bytes) -> tuple[Mapping[str, object], bytes]:
        """Answer one question. A header that `Engine` does not write ends the process."""
        questions: Mapping[str, Callable[[Picture, Mapping[str, Any]], Mapping[str, object]]] = {
            "kind": self._kind,
            "read": self._read,
            "caption": self._caption,
        }
        return questions[header["question"]](_picture(header, body), header), b""

    def _kind(self, picture: Picture, _: Mapping[str, Any]) -> Mapping[str, object]:
        return {"kind": asdict(self._first_look.look(picture))}

    def _read(self, picture: Picture, _: Mapping[str, Any]) -> Mapping[str, object]:
        return {"lines": [asdict(line) for line in self._reader.read(picture).lines]}

    def _caption(self, picture: Picture, header: Mapping[str, Any]) -> Mapping[str, object]:
        captioner = self._loaded_captioner()
        caption = captioner.caption(picture, header["prompt"])
        return {"caption": asdict(caption), "device": captioner.device}

    def _loaded_captioner(self) -> "TorchCaptioner":
        if self._captioner is None:
            folder = self._checkpoints.installed_folder(CAPTIONER)
            # Only now: it imports torch, which takes seconds and 380 MB.
            from altaloud.vision.blip.torch_blip import TorchCaptioner

            self._captioner = TorchCaptioner(folder, model=self._checkpoints.version(CAPTIONER))
        return self._captioner


def main(arguments: Sequence[str]) -> None:
    """Be the process."""
    parser = argparse.ArgumentParser(prog="altaloud.vision.engine")
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--idle", type=float, required=True, help="seconds")
    options = parser.parse_args(arguments)
    serve(OneByOne(_Models(options.models).answer), idle_seconds=options.idle)


if __name__ == "__main__":
    main(sys.argv[1:])
