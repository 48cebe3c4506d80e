"""A local program that uses the helper over HTTP, written from the contract alone.

It shares no code with the helper, so that a mistake on one side does not cancel out on the other.
"""

import base64
import hashlib
import hmac
import json
import secrets
from types import TracebackType
from typing import Any, Self

import httpx


class ApiClient:
    """A session with the helper, begun with a key from `altaloud keys add NAME --json`."""

    def __init__(
        self, *, client: str, key: str, port: int, origin: str | None = None, timeout_seconds: float = 120
    ) -> None:
        """Say hello.

        Args:
            client: The name that the helper gave with the key.
            key: In base64url.
            port: Where the helper listens.
            origin: An Origin header to send with everything, as a browser would.
            timeout_seconds: How long an answer may take.

        Raises:
            AssertionError: What listens on the port cannot prove that it is the helper.
        """
        headers = {} if origin is None else {"Origin": origin}
        self._http = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=timeout_seconds
        )
        nonce = _encode(secrets.token_bytes(32))
        reply = self._http.post("/v1/hello", json={"client": client, "nonce": nonce})
        assert reply.status_code == 200, reply.text
        answer = reply.json()
        transcript = f"{client}|{nonce}|{answer['nonce']}|127.0.0.1:{port}"
        assert _sign(key, f"altaloud helper|{transcript}") == answer["proof"], "this is not the helper"
        self.bearer = f"{client}.{_sign(key, f'altaloud session|{transcript}')}"
        self._http.headers["Authorization"] = f"Bearer {self.bearer}"

    def describe(self, image: bytes, **request: object) -> dict[str, Any]:
        """Return the helper's description of an encoded image."""
        reply = self._http.post(
            "/v1/descriptions",
            files={
                "image": ("image", image, "application/octet-stream"),
                "request": (None, json.dumps(request), "application/json"),
            },
        )
        assert reply.status_code == 200, reply.text
        description: dict[str, Any] = reply.json()
        return description

    def ask(self, image: bytes | None, **fields: str) -> httpx.Response:
        """Put a question about an image, or about an earlier one; each field is a part of its own."""
        return self.post("/v1/questions", image, **fields)

    def post(self, route: str, image: bytes | None, **fields: str) -> httpx.Response:
        """Send an image and fields as parts, whatever the answer."""
        parts: dict[str, Any] = {name: (None, value) for name, value in fields.items()}
        if image is not None:
            parts["image"] = ("image", image, "application/octet-stream")
        return self._http.post(route, files=parts)

    def status(self) -> dict[str, Any]:
        """Return what is loaded, what waits, and what is wrong."""
        told: dict[str, Any] = self._http.post("/v1/status").json()
        return told

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _sign(key: str, text: str) -> str:
    padded = key + "=" * (-len(key) % 4)
    return _encode(hmac.digest(base64.urlsafe_b64decode(padded), text.encode(), hashlib.sha256))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
