"""Where a screen reader runs, it is its voice that speaks, and it can be silenced as well."""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import sound
from altaloud.errors import NoVoiceError
from altaloud.speech.automatic import AutomaticVoice
from altaloud.speech.espeak import EspeakVoice
from altaloud.speech.screen_reader import ScreenReaderVoice, is_running, require_available
from altaloud.speech.voice import Speaker, choose
from sound import Ear

LONG = "This is a rather long sentence to be spoken aloud by the helper. " * 6

pytestmark = pytest.mark.skipif(not sound.has_speech_server(), reason="needs speech-dispatcher-espeak-ng")


@pytest.fixture
def speech_server(environment: dict[str, str]) -> Iterator[None]:
    with sound.speech_server(environment):
        yield


@pytest.fixture
def orca(tmp_path: Path) -> Iterator[None]:
    """A process of the screen reader's name: by that it is found."""
    program = tmp_path / "orca"
    shutil.copy("/bin/sleep", program)
    process = subprocess.Popen([program, "60"])
    yield
    process.kill()
    process.wait()


def readers() -> list[psutil.Process]:
    """The child processes that hold the library."""
    children = psutil.Process().children()
    return [child for child in children if any("screen_reader_child" in part for part in child.cmdline())]


def voices_of_its_own() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child.name() == "espeak-ng"]


@pytest.mark.usefixtures("speech_server", "orca")
def test_while_the_readers_library_is_not_ready_the_systems_voice_speaks(ear: Ear) -> None:
    async def run() -> None:
        speaker = Speaker(choose("auto", voice_file=None, words_per_minute=200))
        before = ear.position()
        await asyncio.wait_for(speaker.say(LONG, language="en"), 5)
        assert ear.wait_for_sound(before) is not None
        assert len(voices_of_its_own()) == 1
        await speaker.close()

    asyncio.run(run())


@pytest.mark.usefixtures("speech_server")
def test_the_reader_speaks_and_is_silenced(ear: Ear) -> None:
    async def run() -> None:
        speaker = Speaker(choose("screen-reader", voice_file=None, words_per_minute=200))
        await speaker.prepare()
        for _ in range(2):
            before = ear.position()
            await speaker.say(LONG, language="en")
            silence_seconds = ear.wait_for_sound(before)
            assert silence_seconds is not None
            assert silence_seconds < 1.0  # far above the 0.03 s measured, for a busy machine
            hushed = ear.position()
            await speaker.hush()
            await asyncio.sleep(0.6)
            assert (ear.last_sound(hushed) or 0) < 0.3
        assert len(readers()) == 1
        await speaker.close()
        assert readers() == []

    require_available()
    asyncio.run(run())


@pytest.mark.usefixtures("speech_server")
def test_what_is_hushed_before_the_library_is_ready_is_never_heard(ear: Ear) -> None:
    async def run() -> None:
        speaker = Speaker(ScreenReaderVoice(words_per_minute=200))
        before = ear.position()
        saying = asyncio.create_task(speaker.say(LONG, language="en"))
        await asyncio.sleep(0.05)
        await asyncio.wait_for(speaker.hush(), 0.5)
        await saying
        await asyncio.sleep(0.3)
        assert ear.last_sound(before) is None
        await speaker.close()

    asyncio.run(run())


@pytest.mark.usefixtures("speech_server")
def test_one_process_is_started_though_it_is_wanted_twice_at_once() -> None:
    async def run() -> None:
        voice = ScreenReaderVoice(words_per_minute=200)
        await asyncio.gather(voice.prepare(), voice.prepare())
        assert len(readers()) == 1
        await voice.close()

    asyncio.run(run())


@pytest.mark.usefixtures("speech_server", "orca")
def test_the_automatic_voice_is_the_readers_while_one_runs_and_survives_its_end(ear: Ear) -> None:
    async def run() -> None:
        voice = choose("auto", voice_file=None, words_per_minute=200)
        speaker = Speaker(voice)
        assert is_running()
        assert voice.name == "screen-reader"
        await speaker.prepare()
        await speaker.say("One.", language="en")
        assert voices_of_its_own() == []
        (child,) = readers()
        os.kill(child.pid, signal.SIGKILL)
        child.wait(5)
        before = ear.position()
        await speaker.say(LONG, language="en")
        assert ear.wait_for_sound(before) is not None
        await speaker.close()

    asyncio.run(run())


@pytest.mark.usefixtures("environment")
def test_without_a_speech_server_there_is_no_reader_to_speak_through() -> None:
    async def run() -> None:
        speaker = Speaker(ScreenReaderVoice(words_per_minute=200))
        with pytest.raises(NoVoiceError):
            await speaker.say("One.", language="en")
        await speaker.close()

    with pytest.raises(NoVoiceError):
        require_available()
    asyncio.run(run())


@pytest.mark.usefixtures("orca")
def test_a_reader_that_cannot_be_spoken_through_is_replaced_by_the_systems_voice(ear: Ear) -> None:
    async def run() -> None:
        reader, own = ScreenReaderVoice(words_per_minute=200), EspeakVoice(words_per_minute=200)
        speaker = Speaker(AutomaticVoice(reader, own))
        before = ear.position()
        await speaker.prepare()
        await speaker.say(LONG, language="en")
        assert ear.wait_for_sound(before) is not None
        await speaker.close()

    asyncio.run(run())
