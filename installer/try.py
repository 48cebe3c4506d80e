"""One command to try Altaloud from this folder: python3 installer/try.py

Needs Python 3.11 and pip, nothing else. What it makes lies in .venv and build/, which may be deleted.
"""

from __future__ import annotations  # an older Python must come as far as being told that it is too old

import os
import signal
import subprocess
import sys
from types import FrameType

import options

_OLDEST = (3, 11)
_CLEANING_SECONDS = 30  # that the tour may take to end the helper after Ctrl+C
_INTERRUPTED = 130  # 128 + SIGINT, as shells report it


def main() -> int:
    """Make the environment ready, then give the tour in it."""
    options.parser().parse_args()
    if sys.version_info < _OLDEST:
        print(f"try.py: this is Python {sys.version_info[0]}.{sys.version_info[1]}. Use 3.11 or later.")
        return 1
    import environment
    from running import SetupError

    try:
        python = environment.prepare_for_tour()
    except SetupError as error:
        print(f"{error.output}\ntry.py: {error}. {error.advice}".strip(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ntry.py: stopped. What was installed so far stays in .venv.", file=sys.stderr)
        return _INTERRUPTED
    return _give_tour([str(python), str(environment.ROOT / "installer" / "tour.py"), *sys.argv[1:]])


def _give_tour(command: list[str]) -> int:
    """Run the tour as a child. An interruption ends it, and it cleans up by itself."""
    signal.signal(signal.SIGTERM, _interrupt)
    tour = subprocess.Popen(command)
    try:
        return tour.wait()
    except KeyboardInterrupt:
        try:
            if os.name != "nt":  # there it would be ended on the spot; Ctrl+C has reached it anyway
                tour.terminate()
            tour.wait(_CLEANING_SECONDS)
        except subprocess.TimeoutExpired:
            tour.kill()
        return _INTERRUPTED


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
