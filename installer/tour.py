"""The tour that `try.py` gives, in the project's environment: start, describe, speak, clean up."""

import argparse
import asyncio
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import options
import showing
import showing_browser
from altaloud.errors import AltaloudError, HelperNotRunningError, SpeechError
from altaloud.service import daemon
from altaloud.service.client import HelperClient
from altaloud.settings import Home, Settings
from altaloud.speech.utterance import Voice
from altaloud.speech.voice import Speaker, choose
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.pins import CAPTIONER

_ROOT = Path(__file__).resolve().parents[1]
_EXTENSION = _ROOT / "extension"
_COMMAND = Path(sys.executable).with_name("altaloud")

_INTERRUPTED = 130  # 128 + SIGINT, as shells report it


def main() -> int:
    """Give the tour and return the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    asked = options.parser().parse_args()
    try:
        if asked.stop:
            daemon.stop(_home(_lasting_folder()))
            print("The helper has stopped.")
        else:
            _tour(asked)
    except AltaloudError as error:
        print(f"try.py: {showing.sentence(str(error))} {error.advice}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ntry.py: stopped; nothing is left running.", file=sys.stderr)
        return _INTERRUPTED
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # a second one must not stop the cleaning up
    raise KeyboardInterrupt


def _tour(asked: argparse.Namespace) -> None:
    program = showing_browser.find() if asked.browser else None  # before anything takes time
    with _a_home(is_lasting=asked.full or asked.keep) as home:
        settings = Settings.read(home, os.environ)
        if asked.full:
            _offer_full_model(home, is_agreed=asked.yes)
        with _a_helper(home, settings, stays=asked.keep) as running:
            print(f"The helper runs on port {running.port}. It now looks at the example images.", flush=True)
            words = _show_examples(home, has_full_model=asked.full)
            _speak(words, settings)
            if program is not None:
                _show_browser(program, home)
        if asked.keep:
            _tell_how_to_go_on(running, home)


@contextmanager
def _a_home(*, is_lasting: bool) -> Iterator[Home]:
    if is_lasting:
        print(f"What the helper keeps lies in {_lasting_folder()}.", flush=True)
        yield _home(_lasting_folder())
        return
    folder = Path(tempfile.mkdtemp(prefix="altaloud-"))
    try:
        yield _home(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lasting_folder() -> Path:
    """Return where to keep what outlasts the tour: the full model, the helper of --keep."""
    if moved := os.environ.get("ALTALOUD_HOME"):
        return Path(moved).absolute()
    return _ROOT / "build" / "try-home"  # deleted with the project's folder


def _home(folder: Path) -> Home:
    home = Home.of({"ALTALOUD_HOME": str(folder)})
    home.prepare()
    return home


@contextmanager
def _a_helper(home: Home, settings: Settings, *, stays: bool) -> Iterator[daemon.Running]:
    found = daemon.running(home)
    if found is not None:  # of an earlier --keep: whoever started it ends it
        yield found
        return
    running = daemon.start(home, settings, port=0, tray=False)
    is_done = False
    try:
        yield running
        is_done = True
    finally:
        if not (stays and is_done):
            with suppress(HelperNotRunningError):  # it ended by itself, and why is told already
                daemon.stop(home)
            print("\nThe helper has stopped.")


def _offer_full_model(home: Home, *, is_agreed: bool) -> None:
    checkpoints = Checkpoints(home.models)
    if checkpoints.is_installed(CAPTIONER):
        return
    megabytes = checkpoints.size(CAPTIONER) / 1_000_000
    print(f"The full model is a download of {megabytes:,.0f} MB. It is kept in {home.models}.", flush=True)
    if not (is_agreed or _agrees("Download it now?")):
        print("Nothing is downloaded; the photograph is described without the full model.")
        return
    variables = {**os.environ, "ALTALOUD_HOME": str(home.path)}
    done = subprocess.run([_COMMAND, "models", "download", CAPTIONER], env=variables, check=False)
    if done.returncode != 0:
        raise AltaloudError(
            "the full model is not there", advice="Do what the line above says, or leave out --full."
        )


def _agrees(question: str) -> bool:
    try:
        return input(f"{question} (yes or no) ").strip().lower() in ("y", "yes")
    except EOFError:  # nobody is there to answer
        print()
        return False


def _show_examples(home: Home, *, has_full_model: bool) -> str:
    """Show every example and return the last words that would be written."""
    examples = list(showing.EXAMPLES)
    if has_full_model:  # then the caption is what is spoken
        examples.sort(key=lambda example: example.file == "photograph.webp")
    words = ""
    with HelperClient(home, program="try") as helper:
        for example in examples:
            found = showing.show(example, helper)
            words = (found and found.alt) or words
    return words


def _speak(words: str, settings: Settings) -> None:
    """Say the words, to their end, and tell with which voice; or tell why nothing is heard."""
    try:
        voice = choose(
            settings.voice, voice_file=settings.voice_file, words_per_minute=settings.words_per_minute
        )
        asyncio.run(_say(voice, words, settings.language))
    except SpeechError as error:
        print(f"\nNothing is heard: {error}. {error.advice}", flush=True)


async def _say(voice: Voice, words: str, language: str) -> None:
    speaker = Speaker(voice)
    try:
        await speaker.say(words, language=language)
        print(f"\nThe voice {voice.name} now says: {words}", flush=True)
        await speaker.finish()
    finally:
        await speaker.close()


def _show_browser(program: str, home: Home) -> None:
    print(f"\nOpening {program} with the extension and the examples page. Close it to go on.", flush=True)
    with tempfile.TemporaryDirectory(prefix="altaloud-browser-", ignore_cleanup_errors=True) as folder:
        showing_browser.show(
            program, home, Path(folder), extension=_ROOT / "extension", examples=showing.FOLDER
        )


def _tell_how_to_go_on(running: daemon.Running, home: Home) -> None:
    manifest = _EXTENSION / "manifest.json"
    print(f"\nThe helper goes on, on port {running.port}. To stop it: python3 installer/try.py --stop")
    print(f"Let the browsers reach it: {_connecting(home)}")
    print(f'Chromium: chrome://extensions, developer mode on, "Load unpacked", choose {_EXTENSION}')
    print(f'Firefox: about:debugging, "This Firefox", "Load Temporary Add-on", choose {manifest}')


def _connecting(home: Home) -> str:
    if os.name == "nt":
        return f'$env:ALTALOUD_HOME="{home.path}"; & "{_COMMAND}" browsers connect'
    return f"ALTALOUD_HOME={shlex.quote(str(home.path))} {shlex.quote(str(_COMMAND))} browsers connect"


if __name__ == "__main__":
    sys.exit(main())
