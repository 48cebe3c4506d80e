"""Debian and npm packages, fetched by name with their own clients and unpacked beside one another.

Nothing is installed: a package's files are only looked at, so no root and no dependencies are needed.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path

from altaloud.errors import AltaloudError


class CollectingError(AltaloudError):
    """What a source needs is not there."""


class Packages:
    """Packages unpacked in one folder, fetched when they are first asked for."""

    def __init__(self, folder: Path, report: Callable[[str], None]) -> None:
        self._folder = folder
        self._report = report

    def debian(self, name: str) -> Path:
        """Return the folder with a Debian package's files.

        Raises:
            CollectingError: It cannot be fetched.
        """
        root = self._folder / "debian" / name
        if not root.is_dir():
            self._report(f"fetching {name}")
            fetched, partial = self._folder / "fetched" / name, root.with_suffix(".part")
            for folder in (fetched, root.parent):
                folder.mkdir(parents=True, exist_ok=True)
            _run(["apt-get", "download", "-qq", name], fetched)
            for file in fetched.glob("*.deb"):
                _run(["dpkg-deb", "-x", str(file), str(partial)], self._folder)
                file.unlink()
            partial.rename(root)
        return root

    def npm(self, name: str) -> Path:
        """Return the folder with an npm package's files; "name@5" names a version.

        Raises:
            CollectingError: It cannot be fetched.
        """
        version = name.find("@", 1)
        plain = name if version < 0 else name[:version]
        # A folder each: npm removes from a folder what it was not asked for.
        prefix = self._folder / "npm" / plain.replace("/", "-")
        root = prefix / "node_modules" / plain
        if not root.is_dir():
            self._report(f"fetching {name}")
            prefix.mkdir(parents=True, exist_ok=True)
            quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--silent"]
            _run(["npm", "install", *quiet, "--prefix", ".", name], prefix)
        return root


def _run(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CollectingError(
            f"{command[0]} could not fetch or unpack {command[-1]}",
            advice="Run apt-get update; apt-get, dpkg-deb and npm must be there and reach their registries.",
        ) from error
