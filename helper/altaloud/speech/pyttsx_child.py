"""The child process that speaks one text with pyttsx3.

Reads one line of JSON, `{"text", "words_per_minute", "language"}`, writes the line "speaking" when it begins,
and ends when the text is over. Ends with status 3 where the system has no voice.
"""

import json
import sys
from collections.abc import Iterable
from typing import Any

NO_VOICE = 3


def main() -> int:
    """Speak what standard input says."""
    import pyttsx3

    request = json.loads(sys.stdin.readline())
    text = request["text"]
    if sys.platform == "win32":
        text = text.replace("<", " ")  # SAPI takes a text with tags for its own markup
    try:
        engine = pyttsx3.init()
        engine.setProperty("rate", request["words_per_minute"])
        if voice := _voice(engine.getProperty("voices"), request["language"]):
            engine.setProperty("voice", voice)
        engine.connect("started-utterance", lambda name: print("speaking", flush=True))
        engine.say(text)
        if sys.platform == "linux":
            engine.startLoop()  # its espeak driver ends it; runAndWait often ends before a word was played
        else:
            engine.runAndWait()
    except (ImportError, OSError, RuntimeError, ValueError):  # what pyttsx3's drivers raise without an engine
        return NO_VOICE
    return 0


def _voice(voices: Iterable[Any], language: str) -> str | None:
    """Return the id of the nearest voice, the whole tag before its first part; None: the system's own."""
    wanted = (language.lower(), language.lower().partition("-")[0])
    tagged = [(_tags(voice), str(voice.id)) for voice in voices]
    return next((name for tag in wanted for tags, name in tagged if tag in tags), None)


def _tags(voice: Any) -> set[str]:
    tags = {str(language).lower().replace("_", "-").strip("\x00") for language in voice.languages or []}
    return tags | {tag.partition("-")[0] for tag in tags}


if __name__ == "__main__":
    sys.exit(main())
