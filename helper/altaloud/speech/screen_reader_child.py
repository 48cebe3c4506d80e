"""The child process that speaks through a running screen reader.

Reads one line of JSON, `{"text", "words_per_minute"}`, speaks it, writes the line "speaking", and stays until
the reader must be through. A line "hush" silences the reader; the end of the input lets it finish. Ends with
status 3 where there is no reader to speak through.
"""

import json
import queue
import sys
import threading
import time
from typing import Any

NO_READER = 3
_LOOKING_SECONDS = 0.05  # between two questions whether the reader still speaks
_LISTENING_SECONDS = 1.0  # how long a reader may take until it says that it speaks


def main() -> int:
    """Speak what standard input says; with --check, only find out whether that would be possible."""
    import prism

    try:
        reader = _reader()
        if "--check" in sys.argv[1:]:
            return 0
        request = json.loads(sys.stdin.readline())
        speak = reader.output if reader.features.supports_output else reader.speak  # output: braille as well
        speak(request["text"], interrupt=True)
        print("speaking", flush=True)
        if _told_to_hush(reader, 2.0 + 60 * len(request["text"].split()) / request["words_per_minute"]):
            reader.stop()
    except (LookupError, prism.PrismError):
        return NO_READER
    return 0


def _reader() -> Any:
    """Return the best of the screen readers that run."""
    import prism

    try:
        return prism.Context().create_best()
    except ValueError as error:
        raise LookupError("no screen reader") from error


def _told_to_hush(reader: Any, longest_seconds: float) -> bool:
    """Wait until the reader is through; return whether it must be silenced before that."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    # A thread, because not every system can wait for a pipe with a time limit. It dies with the process.
    threading.Thread(target=lambda: lines.put(sys.stdin.readline()), daemon=True).start()
    start = time.monotonic()
    while (passed := time.monotonic() - start) < longest_seconds:
        try:
            return lines.get(timeout=_LOOKING_SECONDS) == "hush\n"
        except queue.Empty:
            if reader.features.supports_is_speaking and passed > _LISTENING_SECONDS and not reader.speaking:
                return False
    return False


if __name__ == "__main__":
    sys.exit(main())
