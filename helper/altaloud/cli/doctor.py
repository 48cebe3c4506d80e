"""`altaloud doctor`: checks everything and says what to do."""

import asyncio
import json
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from altaloud.cli import browsers as browser_commands
from altaloud.cli.ground import Ground
from altaloud.errors import AltaloudError, KeyringError
from altaloud.service import browsers, daemon
from altaloud.service.opening import open_store, options_of
from altaloud.speech.voice import choose, require_audible, voices
from altaloud.vision.blip import judging
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.opening import why_not_fastest
from altaloud.vision.blip.pins import CAPTIONER
from altaloud.vision.pictures import PictureReader


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    name: str
    ok: bool
    message: str
    advice: str | None = None


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check everything and say what to do."""
    ground = Ground.read()
    findings = list(_findings(ground))
    if as_json:
        home = str(ground.home.path)
        print(json.dumps({"home": home, "checks": [asdict(finding) for finding in findings]}))
        return
    print(f"The helper keeps everything in {ground.home.path}.")
    for finding in findings:
        advice = f" {finding.advice}" if finding.advice else ""
        print(f"{'OK' if finding.ok else 'Look here'}, {finding.name}: {finding.message}{advice}")


def _findings(ground: Ground) -> Iterator[Finding]:
    yield _helper(ground)
    yield _model(ground)
    yield from _precision(ground)
    yield _decoder(ground)
    yield from _speech(ground)
    yield _memory(ground)
    yield from _browsers(ground)


def _helper(ground: Ground) -> Finding:
    running = daemon.running(ground.home)
    if running is not None:
        return Finding("helper", True, f"running on port {running.port}.")
    port = ground.settings.port
    with socket.socket() as probe:
        probe.settimeout(1)
        if port and probe.connect_ex(("127.0.0.1", port)) == 0:
            return Finding(
                "helper",
                False,
                f"not running, and another program listens on port {port}.",
                "Choose another with `altaloud start --port N`.",
            )
    return Finding("helper", False, "not running.", "Start it with `altaloud start`.")


def _model(ground: Ground) -> Finding:
    checkpoints = Checkpoints(ground.home.models)
    if checkpoints.is_installed(CAPTIONER):
        return Finding("model", True, f"{CAPTIONER} is installed.")
    megabytes = checkpoints.size(CAPTIONER) // 1_000_000
    return Finding(
        "model",
        False,
        f"{CAPTIONER} is not installed, so photographs are not described.",
        f"Run `altaloud models download {CAPTIONER}`; the download is {megabytes} megabytes.",
    )


def _precision(ground: Ground) -> Iterator[Finding]:
    """Say for each model whether "fastest" is offered, where the settings ask for it."""
    options = options_of(ground.settings)
    if not options.wants_fastest:
        return
    checkpoints = Checkpoints(ground.home.models)
    for entry in checkpoints.list():
        if not entry.is_installed or not checkpoints.is_blip(entry.name):
            continue
        folder = checkpoints.installed_folder(entry.name)
        name = f"precision of {entry.name}"
        if options.prepared == "fastest" and judging.verdict(folder) is None:
            yield Finding(name, True, '"fastest" is judged when the helper starts next.')
        elif why_not := why_not_fastest(folder, options):
            yield Finding(name, False, why_not, 'Set precision to "fast", or to "accurate".')
        else:
            yield Finding(name, True, '"fastest" is good enough here and used.')


def _decoder(ground: Ground) -> Finding:
    try:
        layers = asyncio.run(_sandbox(ground))
    except AltaloudError as error:
        return Finding("decoder", False, f"{error}.", error.advice)
    if layers:
        return Finding("decoder", True, f"images are decoded in a process held by {', '.join(layers)}.")
    return Finding(
        "decoder", True, "images are decoded in a process of their own; this system has no sandbox."
    )


async def _sandbox(ground: Ground) -> tuple[str, ...]:
    reader = PictureReader(max_bytes=ground.settings.max_bytes, max_pixels=ground.settings.max_pixels)
    try:
        await reader.start()
        return reader.sandbox
    finally:
        await reader.close()


def _speech(ground: Ground) -> Iterator[Finding]:
    settings = ground.settings
    rate = settings.words_per_minute
    try:
        voice = choose(settings.voice, voice_file=settings.voice_file, words_per_minute=rate)
        asyncio.run(require_audible(voice))
        yield Finding("speech", True, f"the voice is {voice.name}.")
    except AltaloudError as error:
        yield Finding("speech", False, f"{error}.", error.advice)
    for known in voices(voice_file=settings.voice_file, words_per_minute=rate):
        if known.is_available:
            yield Finding(f"voice {known.name}", True, "there.")


def _memory(ground: Ground) -> Finding:
    try:
        open_store(ground.home, ground.settings).close()
    except KeyringError as error:
        return Finding("memory", False, f"{error}, so nothing is remembered for long.", error.advice)
    except AltaloudError as error:
        return Finding("memory", False, f"{error}.", error.advice)
    return Finding("memory", True, "what was described is kept, sealed.")


def _browsers(ground: Ground) -> Iterator[Finding]:
    found = browsers.find(ground.home, os.environ)
    for browser in found:
        yield Finding(f"browser {browser.name}", browser.is_connected, browser_commands.state(browser))
    if not found:
        yield Finding("browsers", False, "none was found.", "Install Firefox or Chromium.")
