"""Where the store's key comes from: the desktop's keyring, or a file that only its owner may read."""

import base64
import binascii
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from altaloud.errors import KeyringError, StoreDamagedError
from altaloud.memory.sealing import KEY_BYTES, new_key
from altaloud.settings import Home

# A locked keyring blocks its caller until somebody types a password; the helper must not wait for that.
_KEYRING_SECONDS = 3.0
_LOCK_SECONDS = 8.0  # two programs may need the key for the first time in the same moment


def load_key(home: Home, key_store: Literal["auto", "keyring", "file"]) -> bytes:
    """Return the store's key, made on first use. Takes at most a few seconds.

    Raises:
        KeyringError: There is no safe keyring, it is locked, or the key's file cannot be read or written.
        StoreDamagedError: What is kept as the key is not a key.
    """
    if key_store == "file" or (key_store == "auto" and home.is_moved):
        return _from_file(home.key_file)
    if home.is_moved:
        raise KeyringError(
            "a home that ALTALOUD_HOME moved keeps everything inside it, so it cannot use the keyring",
            advice='Set key_store = "auto" or "file".',
        )
    return _locked_from_keyring(home)


def _from_file(path: Path) -> bytes:
    try:
        if not path.exists():
            _write_new(path)
        return _read(path)
    except OSError as error:
        raise KeyringError(
            f"cannot use the key file {path}: {error.strerror}", advice="Make it yours to read and write."
        ) from error


def _write_new(path: Path) -> None:
    """Write a key where there is none: whole or not at all, and never over another program's."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)  # left by a program of the same number that died here
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(new_key())
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # fails if the name is taken, unlike a rename
    except FileExistsError:
        pass  # another program was first; its key is the one
    finally:
        draft.unlink()


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        if os.name == "posix" and status.st_uid != os.getuid():
            raise KeyringError(
                f"the key file {path} belongs to another user", advice="Take it back, or remove it."
            )
        if os.name == "posix" and stat.S_IMODE(status.st_mode) & 0o077:
            os.fchmod(file.fileno(), 0o600)
        key = file.read(KEY_BYTES + 1)
    return _checked(key, str(path))


def _checked(key: bytes, place: str) -> bytes:
    if len(key) != KEY_BYTES:
        raise StoreDamagedError(
            f"what {place} holds is not a key of the store",
            advice="Put the right key back; or remove it and run `altaloud memory forget --all`.",
        )
    return key


def _locked_from_keyring(home: Home) -> bytes:
    home.prepare()
    try:
        with FileLock(home.key_file.with_suffix(".lock"), timeout=_LOCK_SECONDS):
            return _from_keyring()
    except Timeout as error:
        raise KeyringError("another program is waiting for the keyring") from error


def _from_keyring() -> bytes:
    """Ask in a child process: it can be ended when the keyring does not answer, a thread could not."""
    command = [sys.executable, "-P", "-m", "altaloud.memory.keyring_child"]
    try:
        child = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_KEYRING_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise KeyringError(f"the keyring did not answer within {_KEYRING_SECONDS:.0f} seconds") from error
    try:
        answer = json.loads(child.stdout)
    except ValueError as error:
        raise KeyringError("the keyring cannot be asked: its library fails") from error
    if "error" in answer:
        raise KeyringError(str(answer["error"]))
    try:
        return _checked(base64.b64decode(answer["key"], validate=True), "the keyring")
    except binascii.Error as error:
        raise StoreDamagedError("what the keyring holds is not a key of the store") from error
