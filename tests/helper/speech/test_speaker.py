"""What is said is heard at once, silence comes at once, the newest wins, and nothing goes on talking."""

import asyncio
import os
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

import sound
from altaloud.errors import NoSoundError, NoVoiceError
from altaloud.speech.file import FileVoice, Written
from altaloud.speech.voice import Speaker, choose, require_audible, require_device, voices
from sound import Ear

LONG = "This is a rather long sentence to be spoken aloud by the helper. " * 6
VOICES = [
    "espeak-ng",
    pytest.param(
        "pyttsx3", marks=pytest.mark.skipif(not os.path.exists("/usr/bin/aplay"), reason="needs alsa-utils")
    ),
]


def with_speaker(name: str, work: Callable[[Speaker], Awaitable[None]], file: Path | None = None) -> None:
    async def run() -> None:
        speaker = Speaker(choose(name, voice_file=file, words_per_minute=200))
        try:
            await work(speaker)
        finally:
            await speaker.close()

    asyncio.run(run())
    assert talking() == []


def talking() -> list[psutil.Process]:
    """What runs below the test, its own sound server and recorder left out."""
    own = ("pulseaudio", "parec", "pacat")
    return [child for child in psutil.Process().children(recursive=True) if child.name() not in own]


def is_alive(process: psutil.Process) -> bool:
    """Say whether it still runs. A killed one may wait for its new parent to take it away."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("name", VOICES)
def test_words_are_heard_soon_and_hushed_sooner(ear: Ear, name: str) -> None:
    async def work(speaker: Speaker) -> None:
        before = ear.position()
        await speaker.say(LONG, language="en")
        silence_seconds = ear.wait_for_sound(before)
        assert silence_seconds is not None
        assert silence_seconds < 1.0  # far above the 0.03 and 0.1 s measured, for a busy machine
        await asyncio.sleep(0.5)
        assert ear.loudness(before) > 200

        hushed = ear.position()
        await speaker.hush()
        await asyncio.sleep(0.6)
        assert (ear.last_sound(hushed) or 0) < 0.3

    with_speaker(name, work)


@pytest.mark.parametrize("name", VOICES)
def test_nothing_is_left_behind_by_a_hushed_voice(
    ear: Ear, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    async def work(speaker: Speaker) -> None:
        await speaker.say("Something private. " + LONG, language="en")
        children = talking()
        assert children
        assert not any("private" in argument for child in children for argument in child.cmdline())
        await speaker.hush()
        assert [child for child in children if is_alive(child)] == []
        assert list(tmp_path.glob("altaloud-*")) == []

    with_speaker(name, work)


@pytest.mark.usefixtures("ear")
def test_the_newest_wins() -> None:
    async def work(speaker: Speaker) -> None:
        await asyncio.gather(*(speaker.say(f"item {number} {LONG}", language="en") for number in range(50)))

        assert [child.name() for child in talking()] == ["espeak-ng"]

    with_speaker("espeak-ng", work)


@pytest.mark.usefixtures("ear")
def test_a_hush_reaches_what_is_only_about_to_be_said() -> None:
    async def work(speaker: Speaker) -> None:
        saying = asyncio.create_task(speaker.say(LONG, language="en"))
        await asyncio.sleep(0)
        await speaker.hush()
        await saying

        assert talking() == []

    with_speaker("espeak-ng", work)


def test_finish_waits_until_the_last_word(ear: Ear) -> None:
    async def work(speaker: Speaker) -> None:
        before = ear.position()
        await speaker.say("One, two, three.", language="en")
        await speaker.finish()
        over = ear.position()
        assert ear.loudness(before) > 100
        await asyncio.sleep(0.3)
        assert ear.loudness(over) < 50

    with_speaker("espeak-ng", work)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("language", ["en", "en-GB", "de-AT", "zh", "tlh"])
def test_every_language_is_spoken_somehow(language: str) -> None:
    with_speaker("espeak-ng", lambda speaker: speaker.say("Hallo", language=language))


@pytest.mark.usefixtures("environment")
def test_nothing_to_say_is_not_an_error() -> None:
    with_speaker("espeak-ng", lambda speaker: speaker.say(" \x01 ", language="en"))


@pytest.mark.usefixtures("silent_computer")
@pytest.mark.parametrize("name", VOICES)
def test_no_sound_device_is_an_error_that_says_so(name: str) -> None:
    async def work(speaker: Speaker) -> None:
        with pytest.raises(NoSoundError, match="no sound device") as caught:
            await speaker.say(LONG, language="en")
        assert "sound device" in caught.value.advice

    with_speaker(name, work)


@pytest.mark.usefixtures("silent_computer")
@pytest.mark.parametrize("name", ["auto", *VOICES])
def test_no_sound_device_is_seen_without_a_word(name: str, tmp_path: Path) -> None:
    with pytest.raises(NoSoundError, match="no sound device"):
        require_device(choose(name, voice_file=None, words_per_minute=200))
    require_device(choose("file", voice_file=tmp_path / "said.txt", words_per_minute=200))
    require_device(choose("screen-reader", voice_file=None, words_per_minute=200))


@pytest.mark.usefixtures("environment")
def test_a_sound_device_that_plays_is_audible() -> None:
    asyncio.run(require_audible(choose("espeak-ng", voice_file=None, words_per_minute=200)))


@pytest.mark.parametrize("module", ["module-always-sink", "module-augment-properties"])
@pytest.mark.parametrize("name", VOICES)
def test_a_sound_server_without_a_device_is_no_sound_either(
    name: str, module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a sink that plays into nothing, or none at all; and voices report success."""

    async def work(speaker: Speaker) -> None:
        with pytest.raises(NoSoundError):
            await speaker.say(LONG, language="en")
        with pytest.raises(NoSoundError):
            await require_audible(speaker.voice)

    with sound.server(tmp_path, module=module) as environment:
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value)
        with_speaker(name, work)


def test_a_device_that_goes_away_is_an_error_of_finish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(speaker: Speaker) -> None:
        with sound.server(tmp_path) as environment:
            for variable, value in environment.items():
                monkeypatch.setenv(variable, value)
            await speaker.say(LONG, language="en")
        with pytest.raises(NoSoundError):
            await asyncio.wait_for(speaker.finish(), 20)

    with_speaker("espeak-ng", work)


def test_without_a_speech_engine_there_is_no_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NoVoiceError, match="espeak-ng is not installed") as caught:
        choose("auto", voice_file=None, words_per_minute=200)

    assert "install espeak-ng" in caught.value.advice


def test_a_name_that_no_voice_has_is_an_error_that_lists_the_names() -> None:
    with pytest.raises(NoVoiceError) as caught:
        choose("hal", voice_file=None, words_per_minute=200)

    assert "auto, screen-reader, espeak-ng, pyttsx3, file" in caught.value.advice


def test_the_doctor_is_told_which_voices_could_speak_and_why_the_others_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    states = {state.name: state for state in voices(voice_file=tmp_path / "said.txt")}

    assert list(states) == ["screen-reader", "espeak-ng", "pyttsx3", "file"]
    assert states["file"].is_available
    assert states["file"].why_not == ""
    assert not states["espeak-ng"].is_available
    assert states["espeak-ng"].why_not == "espeak-ng is not installed"
    assert not states["screen-reader"].is_available


def test_the_file_voice_writes_a_line_an_utterance(tmp_path: Path) -> None:
    file = tmp_path / "said.txt"

    async def work(speaker: Speaker) -> None:
        await speaker.say("A dog\non a beach.", language="en")
        assert file.read_text("utf-8") == "A dog on a beach.\n"
        await speaker.say("Łódź", language="pl")
        await speaker.finish()
        await speaker.hush()
        assert file.read_text("utf-8") == "A dog on a beach.\nŁódź\n"

    with_speaker("file", work, file)


@pytest.mark.skipif(os.name != "posix", reason="modes as on POSIX")
def test_what_would_be_said_is_for_the_files_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "said.txt"

    with_speaker("file", lambda speaker: speaker.say("A dog", language="en"), file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


class SlowFileVoice(FileVoice):
    """Takes as long to begin as a process does."""

    async def speak(self, text: str, *, language: str) -> Written:
        await asyncio.sleep(0.02)
        return await super().speak(text, language=language)


def test_what_was_overtaken_while_it_waited_is_never_begun(tmp_path: Path) -> None:
    file = tmp_path / "said.txt"

    async def run() -> None:
        speaker = Speaker(SlowFileVoice(file))
        texts = ("first", "second", "third", "last")
        await asyncio.gather(*(speaker.say(text, language="en") for text in texts))

    asyncio.run(run())

    assert file.read_text("utf-8").split() == ["first", "last"]


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    async def work(speaker: Speaker) -> None:
        with pytest.raises(NoVoiceError, match="cannot write"):
            await speaker.say("A dog", language="en")

    with_speaker("file", work, tmp_path / "nowhere" / "said.txt")
    with pytest.raises(NoVoiceError, match="needs a file"):
        choose("file", voice_file=None, words_per_minute=200)
