"""The real helper, started and stopped by its real command line, in a home of its own."""

import json
import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_COMMAND = Path(sys.executable).with_name("altaloud")
_START_SECONDS = 60  # a cold disk and a busy machine; a start takes about one second otherwise

_SETTINGS = """\
port = {port}
voice = "file"
voice_file = {voice_file}
key_store = "file"
tray = false
"""


class Helper:
    """A helper with its own home. It speaks into a file, in place of a sound card."""

    def __init__(self, home: Path, *, port: int = 0, settings: str = "") -> None:
        """Make the home.

        Args:
            home: A folder that is not there yet.
            port: Where it listens; 0 for any free one, another each time it is started.
            settings: Further lines of its settings.toml.
        """
        self.home = home
        self._voice_file = home / "spoken.txt"
        home.mkdir(parents=True)
        own = _SETTINGS.format(port=port, voice_file=json.dumps(str(self._voice_file)))
        (home / "settings.toml").write_text(own + settings, "utf-8")

    @property
    def variables(self) -> dict[str, str]:
        """What a browser's environment needs, for its native host to find this helper."""
        return {"ALTALOUD_HOME": str(self.home)}

    @property
    def runtime(self) -> dict[str, Any]:
        """Process and port of the running helper."""
        found: dict[str, Any] = json.loads((self.home / "runtime.json").read_text("utf-8"))
        return found

    @property
    def address(self) -> str:
        """Where the running helper listens."""
        return f"http://127.0.0.1:{self.runtime['port']}"

    @property
    def spoken(self) -> list[str]:
        """What it has said so far, oldest first."""
        if not self._voice_file.exists():
            return []
        return self._voice_file.read_text("utf-8").splitlines()

    @property
    def is_running(self) -> bool:
        """Whether its own command line says so."""
        state: dict[str, Any] = json.loads(self.run("status", "--json"))
        return bool(state["running"])

    def start(self) -> None:
        """Start it, on the port of its settings."""
        self.run("start", "--no-tray")

    def stop(self) -> None:
        """Stop it."""
        self.run("stop")

    def stop_if_running(self) -> None:
        """Stop it, unless it is stopped."""
        if self.is_running:
            self.stop()

    def add_key(self) -> dict[str, Any]:
        """Add a local program; return its name as client, its key, and the port to use it at."""
        added: dict[str, Any] = json.loads(self.run("keys", "add", f"test-{secrets.token_hex(4)}", "--json"))
        return added

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def run(self, *arguments: str, home: Path | None = None) -> str:
        """Run one `altaloud` command for this helper and return what it prints.

        Args:
            arguments: The command and its own arguments.
            home: The folder that stands for the user's own; commands for browsers write there.

        Raises:
            AssertionError: The command failed; says how.
        """
        own = {"HOME": str(home or self.home), "LANG": "C.UTF-8", "PATH": os.environ["PATH"]}
        done = subprocess.run(
            [_COMMAND, *arguments],
            env=own | self.variables,
            capture_output=True,
            text=True,
            timeout=_START_SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, f"altaloud {' '.join(arguments)}: {done.stderr.strip()}"
        return done.stdout


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
