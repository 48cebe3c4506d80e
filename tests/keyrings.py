"""A private session bus with a real gnome-keyring on it, unlocked or locked, that ends with the test."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_PASSWORD = b"test\n"


def is_installed() -> bool:
    """Say whether this machine has what a private keyring needs."""
    return all(map(shutil.which, ("dbus-daemon", "gnome-keyring-daemon")))


@contextmanager
def session_bus(folder: Path) -> Iterator[dict[str, str]]:
    """Run a session bus; yield the environment that reaches it, in which everything else is private too."""
    home, runtime = folder / "home", folder / "run"
    home.mkdir(exist_ok=True)
    runtime.mkdir(mode=0o700, exist_ok=True)
    environment = {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_RUNTIME_DIR": str(runtime),
        "PATH": os.environ["PATH"],
    }
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1", "--address=unix:tmpdir=/tmp"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # what the bus itself starts (a password prompt) ends with it
    )
    assert bus.stdout is not None
    try:
        address = bus.stdout.readline().decode().strip()
        yield environment | {"DBUS_SESSION_BUS_ADDRESS": address}
    finally:
        os.killpg(bus.pid, signal.SIGTERM)
        bus.wait(10)
        bus.stdout.close()


@contextmanager
def keyring(environment: Mapping[str, str], *, unlocked: bool) -> Iterator[int]:
    """Run a keyring on the bus and yield its process id.

    A locked one needs a keyring that was unlocked there once before.
    """
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
    daemon = subprocess.Popen(
        [*command, "--unlock"] if unlocked else command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert daemon.stdin is not None
    assert daemon.stdout is not None
    try:
        if unlocked:
            daemon.stdin.write(_PASSWORD)
        daemon.stdin.close()
        daemon.stdout.readline()  # it prints its environment when it is ready
        yield daemon.pid
    finally:
        os.killpg(daemon.pid, signal.SIGCONT)
        os.killpg(daemon.pid, signal.SIGTERM)
        daemon.wait(10)
        daemon.stdout.close()
