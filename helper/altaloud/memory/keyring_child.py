"""The child process that asks the desktop's keyring for the store's key, and has it keep a new one.

It prints one JSON object, `{"key": base64}` or `{"error": what is wrong}`. Only keyrings that encrypt for the
user are asked, by name: `keyring` itself would silently take a plain file when `keyrings.alt` is installed.
"""

import base64
import importlib
import json
import sys
from typing import Protocol

from altaloud.memory.sealing import new_key

SERVICE = "altaloud"
USER = "key of the remembered descriptions"
_BACKENDS = (
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)
_CLASSES = {"keyring.backends.kwallet": "DBusKeyring", "keyring.backends.Windows": "WinVaultKeyring"}


class _Keyring(Protocol):
    priority: float

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...


def main() -> None:
    """Print the key, or why there is none."""
    from keyring.errors import KeyringError, KeyringLocked

    try:
        answer = {"key": _key()}
    except KeyringLocked:
        answer = {"error": "the keyring is locked"}
    except LookupError as error:
        answer = {"error": str(error)}
    except (KeyringError, OSError, RuntimeError) as error:
        answer = {"error": f"the keyring refuses ({type(error).__name__})"}
    json.dump(answer, sys.stdout)


def _key() -> str:
    ring = _best()
    if kept := ring.get_password(SERVICE, USER):
        return kept
    ring.set_password(SERVICE, USER, base64.b64encode(new_key()).decode())
    kept = ring.get_password(SERVICE, USER)
    if kept is None:
        raise LookupError("the keyring does not keep what it is given")
    return kept


def _best() -> _Keyring:
    """Return the fittest keyring of this desktop."""
    fit = [keyring for module in _BACKENDS if (keyring := _if_fit(module)) is not None]
    if not fit:
        raise LookupError("there is no keyring on this desktop")
    return max(fit, key=lambda keyring: keyring.priority)


def _if_fit(module: str) -> _Keyring | None:
    """Return the keyring of `module`, or None where this system does not have it."""
    backend = getattr(importlib.import_module(module), _CLASSES.get(module, "Keyring"))
    try:
        _ = backend.priority  # it says why a keyring is unfit by raising
    except (RuntimeError, OSError):  # OSError: there is no session bus at all
        return None
    keyring: _Keyring = backend()
    return keyring


if __name__ == "__main__":
    main()
