"""One command that proves it: python3 tests/check.py

Needs Python 3.11 and pip and brings the rest: Debian packages where it may, .venv, the tools for
JavaScript. Then it runs every check and ends with pytest's closing line. Exit code 0 only if all passed.
"""

from __future__ import annotations  # an older Python must come as far as being told that it is too old

import argparse
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checking.runner import Runner
    from checking.steps import Step

_ROOT = Path(__file__).resolve().parents[1]
_OLDEST = (3, 11)
_INTERRUPTED = 130  # 128 + SIGINT, as shells report it


def main() -> int:
    """Prepare, check, sum up."""
    if sys.version_info < _OLDEST:
        print(f"check.py: this is Python {sys.version_info[0]}.{sys.version_info[1]}. Use 3.11 or later.")
        return 1
    sys.path.insert(0, str(_ROOT / "installer"))  # the environment is shared with try.py
    from checking.runner import Runner
    from checking.steps import steps
    from environment import Environment

    asked = _parser().parse_args()
    known = steps(with_browsers=not asked.fast)
    if asked.list:
        for step in known:
            print(f"{step.name}: {step.what}")
        return 0
    names = asked.only.split(",") if asked.only else [step.name for step in known]
    if unknown := set(names) - {step.name for step in known}:
        print(f"check.py: no step is called {', '.join(sorted(unknown))}; see --list", file=sys.stderr)
        return 2
    # The steps run in sessions of their own, which nobody else would end.
    signal.signal(signal.SIGTERM, _interrupt)
    began = time.monotonic()
    runner = Runner(Environment().variables)
    try:
        _check(runner, [step for step in known if step.name in names], with_browsers=not asked.fast)
    except KeyboardInterrupt:
        print("\ncheck.py: stopped; nothing is left running.", file=sys.stderr)
        return _INTERRUPTED
    return sum_up(runner, time.monotonic() - began)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="check.py", description="Set up and run every check.")
    parser.add_argument("--fast", action="store_true", help="leave out the tests that drive browsers")
    parser.add_argument("--only", metavar="STEP,STEP", help="run only these")
    parser.add_argument("--list", action="store_true", help="list the steps and end")
    return parser


def _check(runner: Runner, chosen: list[Step], *, with_browsers: bool) -> None:
    from checking import preparing

    needed = {need for step in chosen for need in step.needs}
    for name, work in preparing.preparations(with_browsers=with_browsers).items():
        if name in needed:
            runner.prepare(name, work)
    runner.run([step for step in chosen if not step.is_alone])
    runner.run([step for step in chosen if step.is_alone])


def sum_up(runner: Runner, seconds: float) -> int:
    """Print a line for each step, pytest's closing line last, and return the exit code."""
    print(f"\nSummary, after {seconds:.0f} seconds:")
    for result in runner.results:
        print(f"  {result}")
    bad = [result.name for result in runner.results if not result.is_good]
    print(f"Not passed: {', '.join(bad)}." if bad else "Everything passed.")
    for result in runner.results:
        if result.name == "pytest" and result.output.strip():
            print(result.output.strip().splitlines()[-1])
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
