"""The installer's modules are beside try.py, not in a package: they run before anything is installed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "installer"))
