"""The child process that speaks through a running screen reader.

Reads lines of JSON, `{"number", "say": text}`, `{"number", "hush": true}` or `{"number"}` alone, and answers
each with its number when it is done. What was overtaken by a newer line before its turn is answered and not
said. Ends with the input, letting the reader finish; or with status 3 where no reader can be spoken through.
"""

import json
import queue
import sys
import threading
from typing import Any

NO_READER = 3


def main() -> int:
    """Do what standard input says."""
    import prism

    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    # A thread, so that what is overtaken while the library is busy can be seen. It dies with the process.
    threading.Thread(target=_read, args=(lines,), daemon=True).start()
    try:
        reader = prism.Context().create_best()
        while requests := _waiting(lines):
            _do_newest(requests, reader)
            for request in requests:
                print(request["number"], flush=True)
    except (ValueError, prism.PrismError):  # ValueError: none is there
        return NO_READER
    return 0


def _read(lines: "queue.SimpleQueue[str]") -> None:
    while line := sys.stdin.readline():
        lines.put(line)
    lines.put("")


def _waiting(lines: "queue.SimpleQueue[str]") -> list[dict[str, Any]]:
    """Return all requests that have come, waiting for at least one; none at the end of the input."""
    taken = [lines.get()]
    while taken[-1] and not lines.empty():
        taken.append(lines.get())
    return [json.loads(line) for line in taken if line]


def _do_newest(requests: list[dict[str, Any]], reader: Any) -> None:
    request: dict[str, Any] = next(
        (request for request in reversed(requests) if "say" in request or "hush" in request), {}
    )
    if "say" in request:
        speak = reader.output if reader.features.supports_output else reader.speak  # output: braille as well
        speak(request["say"], interrupt=True)
    elif "hush" in request:
        reader.stop()


if __name__ == "__main__":
    sys.exit(main())
