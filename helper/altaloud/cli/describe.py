"""`altaloud describe`: images to words, without a running helper."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress

from altaloud.cli.ground import Ground, complain
from altaloud.describing.description import Context, Description, DescriptionRequest, Detail
from altaloud.errors import AltaloudError, SpeechError, UnreadableImageError
from altaloud.service.opening import open_describer
from altaloud.settings import Settings
from altaloud.speech.voice import Speaker, choose

_STDIN = "-"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(describe)


def describe(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Image files; - reads standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a file.")] = False,
    aloud: Annotated[bool, typer.Option("--say", help="Speak the descriptions, too.")] = False,
    detail: Annotated[str, typer.Option(metavar="short|long", help="How much to say.")] = "short",
    lang: Annotated[str | None, typer.Option(metavar="xx", help="Language of the words.")] = None,
    context: Annotated[
        str | None, typer.Option(metavar="JSON", help="Where the image stands: role, href, title …")
    ] = None,
) -> None:
    """Describe images."""
    if files.count(_STDIN) > 1:
        raise typer.BadParameter("standard input can be read once", param_hint="FILE")
    request = _request(detail, lang, context)
    if not asyncio.run(_describe_all(Ground.read(), files, request, as_json=as_json, aloud=aloud)):
        raise typer.Exit(1)


def _request(detail: str, lang: str | None, context: str | None) -> DescriptionRequest:
    if detail not in ("short", "long"):
        raise typer.BadParameter("either short or long", param_hint="--detail")
    wanted: Detail = "long" if detail == "long" else "short"
    try:
        surroundings = Context.model_validate_json(context) if context else Context()
    except ValidationError as error:
        raise typer.BadParameter(_first_of(error), param_hint="--context") from error
    try:
        return DescriptionRequest(context=surroundings, priority="focused", detail=wanted, language=lang)
    except ValidationError as error:
        raise typer.BadParameter(_first_of(error), param_hint="--lang") from error


def _first_of(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])} {first['msg']}".strip()


async def _describe_all(
    ground: Ground, files: list[str], request: DescriptionRequest, *, as_json: bool, aloud: bool
) -> bool:
    """Describe each file; what fails is said and the rest still done. Return whether all went well."""
    is_all_well = True
    async with (
        open_describer(ground.home, ground.settings) as opened,
        aclosing(_Voice(ground.settings, is_wanted=aloud)) as voice,
    ):
        if opened.memory_error is not None:
            complain(opened.memory_error, about="descriptions are not remembered")
        with _steps(len(files)) as steps:
            for file, _ in zip(files, steps, strict=True):
                try:
                    description = await opened.describer.describe(
                        read_file(file, max_bytes=ground.settings.max_bytes), request
                    )
                except AltaloudError as error:
                    is_all_well = False
                    complain(error, about=file)
                    if as_json:
                        _print_json(file, error.fields())
                    continue
                if as_json:
                    _print_json(file, description.model_dump(mode="json"))
                else:
                    _print_words(description, file if len(files) > 1 else None)
                is_all_well &= await voice.say(description)
    return is_all_well


class _Voice:
    """Says descriptions, one after the other. Why it cannot is said once, and costs no description."""

    def __init__(self, settings: Settings, *, is_wanted: bool) -> None:
        self._settings = settings
        self._is_wanted = is_wanted
        self._speaker: Speaker | None = None

    async def say(self, description: Description) -> bool:
        """Speak to the end; return whether that went well, or was not wanted."""
        if not self._is_wanted:
            return True
        try:
            speaker = self._speaker = self._speaker or self._chosen()
            await speaker.say(description.alt or description.reason or "", language=description.language)
            await speaker.finish()
        except SpeechError as error:
            complain(error, about="the descriptions cannot be spoken")
            self._is_wanted = False
            return False
        return True

    async def aclose(self) -> None:
        """Be silent, and leave no process behind."""
        if self._speaker is not None:
            await self._speaker.close()

    def _chosen(self) -> Speaker:
        wanted = self._settings
        return Speaker(
            choose(wanted.voice, voice_file=wanted.voice_file, words_per_minute=wanted.words_per_minute)
        )


@contextmanager
def _steps(total: int) -> Iterator[Iterator[int]]:
    """Count to `total`, with a progress bar where a person may look at one."""
    console = Console(stderr=True)
    if total == 1 or not console.is_terminal:
        yield iter(range(total))
        return
    with Progress(console=console, transient=True) as progress:
        yield iter(progress.track(range(total), description="Describing"))


def read_file(file: str, *, max_bytes: int) -> bytes:
    """Return the file's bytes; of one that is too large, enough to see that it is."""
    try:
        if file == _STDIN:
            return sys.stdin.buffer.read(max_bytes + 1)
        with Path(file).open("rb") as image:
            return image.read(max_bytes + 1)
    except (OSError, AttributeError) as error:  # no standard input at all is None
        reason = getattr(error, "strerror", None) or "there is no standard input"
        raise UnreadableImageError(
            f"cannot be read ({reason})", advice="Check the file's name and that it is yours to read."
        ) from error


def _print_json(file: str, fields: dict[str, Any]) -> None:
    print(json.dumps({"file": file, **fields}, ensure_ascii=False), flush=True)


def _print_words(description: Description, file: str | None) -> None:
    words = description.alt or "Nothing to say."
    name = f"{file}: " if file else ""
    print(f"{name}{words}" + (f" ({description.reason})" if description.reason else ""), flush=True)
