"""The program behind `daemon.start`: lets go of who started it, and becomes the helper.

It prints one line of JSON, `{"pid", "port"}` when requests are answered or `{"error", "message", "advice"}`,
and nothing afterwards.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from altaloud.errors import AltaloudError
from altaloud.service.daemon import Running, run
from altaloud.settings import Home, Settings


def main() -> None:
    """Become the helper that the one argument, in JSON, describes."""
    job = json.loads(sys.argv[1])
    ready = _let_go() if hasattr(os, "fork") else None
    try:
        _run(job, ready)
    except AltaloudError as error:
        _say(error.fields())
        sys.exit(1)


def _run(job: dict[str, Any], ready: int | None) -> None:
    def tell(here: Running) -> None:
        _say({"pid": here.pid, "port": here.port})
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(quiet, stream)
        os.close(quiet)
        if ready is not None:
            os.write(ready, b"\n")
            os.close(ready)

    home = Home(Path(job["home"]), is_moved=job["is_moved"])
    settings = Settings.model_validate(job["settings"])
    run(home, settings, port=job["port"], tray=job["tray"], on_ready=tell)


def _let_go() -> int:
    """Go on in a child whose parent ends: so it is nobody's to wait for. The parent stays until it is ready.

    Returns:
        Where to write a byte when it is.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        return writer
    os.close(writer)
    is_ready = os.read(reader, 1) != b""
    if not is_ready:
        os.waitpid(child, 0)
    os._exit(0 if is_ready else 1)


def _say(words: dict[str, Any]) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    main()
