"""What `try.py` may be asked for. Understood by older Pythons too, so that they can tell what is needed."""

import argparse


def parser() -> argparse.ArgumentParser:
    """Return the command line; without options the tour runs once and leaves nothing running."""
    made = argparse.ArgumentParser(
        prog="try.py",
        description="Set up Altaloud here, start its helper, describe the example images, and clean up.",
    )
    made.add_argument(
        "--full", action="store_true", help="download the full model first (asks) and caption the photograph"
    )
    made.add_argument("--yes", action="store_true", help="answer yes to the question of --full")
    made.add_argument(
        "--keep", action="store_true", help="leave the helper running and say how to load the extension"
    )
    made.add_argument("--stop", action="store_true", help="stop the helper that --keep left running")
    made.add_argument(
        "--browser", action="store_true", help="open Chromium with the extension and the examples page"
    )
    return made
