"""The store's key, and what is done with it: rows sealed, pictures named without saying which.

Everything kept on disk is encrypted and authenticated: of 1,000 bits flipped in an SQLite file, a fifth gave
wrong text past every check of SQLite's own. A picture's name is a keyed hash, so that nobody without the key
can test whether a certain picture was seen.
"""

import base64
import hmac
import os
import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from altaloud.errors import RememberingError, StoreDamagedError

KEY_BYTES = 32
_NONCE_BYTES = 12  # what AES-GCM takes; random, which is safe for 2**32 rows under one key
_NAME_BYTES = 16  # of a picture's keyed hash; 22 characters of base64url


class BrokenSealError(RememberingError):
    """A row was changed, moved, or sealed with another key."""


class Seal:
    """One key at work. Separate subkeys for rows and names, so that neither says anything of the other."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise StoreDamagedError(
                f"the store's key has {len(key)} bytes and not {KEY_BYTES}",
                advice="Put the right key back, or run `altaloud memory forget --all` to begin a new store.",
            )
        self._rows = AESGCM(_subkey(key, b"altaloud rows"))
        self._names = _subkey(key, b"altaloud fingerprints")

    def seal(self, plaintext: bytes, associated_data: bytes) -> bytes:
        """Encrypt; the result opens only together with the same `associated_data`."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._rows.encrypt(nonce, plaintext, associated_data)

    def open(self, sealed: bytes, associated_data: bytes) -> bytes:
        """Decrypt.

        Raises:
            BrokenSealError: Not what was sealed with this key and this associated data.
        """
        try:
            return self._rows.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], associated_data)
        except (InvalidTag, ValueError, TypeError) as error:
            # Too short to hold a nonce; or not bytes at all, which a damaged SQLite file can give.
            raise BrokenSealError("a row of the store does not open") from error

    def identify(self, fingerprint: bytes) -> str:
        """Return the public name of a picture: always the same, and telling nothing without the key."""
        digest = hmac.digest(self._names, fingerprint, sha256)
        return base64.urlsafe_b64encode(digest[:_NAME_BYTES]).decode().rstrip("=")


def new_key() -> bytes:
    """Return a key that nobody has had before."""
    return secrets.token_bytes(KEY_BYTES)


def _subkey(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)
