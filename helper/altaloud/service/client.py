"""A program's way to a running helper of this computer: the command line's, the tray's, the tests'.

It makes sure that what answers is the helper before it shows its session, as the extension does.
"""

import hmac
import json
import secrets
from types import TracebackType
from typing import Any

from altaloud.describing.description import Answered, Description, DescriptionRequest, QuestionRequest
from altaloud.errors import AltaloudError, HelperNotRunningError, NotPairedError, PortTakenError, RequestError
from altaloud.service import daemon, pairing
from altaloud.service.clients import Client, Clients
from altaloud.service.refusal import error_from
from altaloud.settings import Home

_PROGRAM = "altaloud-cli"
_TIMEOUT_SECONDS = 120.0  # the first caption loads a model


class HelperClient:
    """A session with the helper of one home. Also a context manager. For one thread."""

    def __init__(
        self, home: Home, *, program: str = _PROGRAM, timeout_seconds: float = _TIMEOUT_SECONDS
    ) -> None:
        """Say hello.

        Args:
            home: Whose helper to ask.
            program: Under which name; it is given a key if it has none.
            timeout_seconds: How long an answer may take.

        Raises:
            HelperNotRunningError: None runs.
            PortTakenError: What answers on its port is not the helper.
        """
        import httpx

        running = daemon.running(home)
        if running is None:
            raise HelperNotRunningError("the helper is not running")
        self._port = running.port
        self._client = _key_of(home, program)
        # trust_env: a proxy named in the environment must not see any of this.
        self._http = httpx.Client(
            base_url=f"http://127.0.0.1:{running.port}", timeout=timeout_seconds, trust_env=False
        )
        self._bearer = ""
        try:
            self._hello()
        except BaseException:
            self._http.close()
            raise

    def __enter__(self) -> "HelperClient":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def describe(self, image: bytes, request: DescriptionRequest | None = None) -> Description:
        """Return what to say of an image. To hear of a voice that fails, use `say` rather than `speak`."""
        asked = (request or DescriptionRequest(language=None)).model_dump_json()
        files = {"image": ("image", image, "application/octet-stream"), "request": (None, asked)}
        return Description.model_validate(self._ask("POST", "/v1/descriptions", files=files))

    def ask(self, question: QuestionRequest, image: bytes | None = None) -> Answered:
        """Return the answer to a question about an image, or about one asked about before."""
        files: dict[str, Any] = {"request": (None, question.model_dump_json())}
        if image is not None:
            files["image"] = ("image", image, "application/octet-stream")
        return Answered.model_validate(self._ask("POST", "/v1/questions", files=files))

    def correct(self, description_id: str, alt: str) -> None:
        """Use these words for that picture from now on."""
        self._ask("POST", "/v1/corrections", json={"description_id": description_id, "alt": alt})

    def say(self, text: str, *, language: str | None = None) -> None:
        """Begin to speak, in place of what is being spoken."""
        self._ask("POST", "/v1/speech", json={"text": text, "language": language})

    def hush(self) -> None:
        """Be silent at once."""
        self._ask("DELETE", "/v1/speech")

    def status(self) -> dict[str, Any]:
        """Return what is loaded, what waits, and what is wrong."""
        return self._ask("POST", "/v1/status")

    def close(self) -> None:
        """End the connection."""
        self._http.close()

    def _hello(self) -> None:
        nonce = pairing.encode(secrets.token_bytes(pairing.NONCE_BYTES))
        answer = self._send("POST", "/v1/hello", json={"client": self._client.name, "nonce": nonce})
        words = pairing.transcript(self._client.name, nonce, str(answer.get("nonce")), self._port)
        proof = str(answer.get("proof"))
        if not hmac.compare_digest(proof.encode(), pairing.proof(self._client.key, words).encode()):
            raise PortTakenError("what answers on the helper's port is not the helper")
        self._bearer = f"{self._client.name}.{pairing.session(self._client.key, words)}"

    def _ask(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        try:
            return self._send(method, path, **content)
        except NotPairedError:  # the session has ended: a day is over
            self._hello()
            return self._send(method, path, **content)

    def _send(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        import httpx

        headers = {"authorization": f"Bearer {self._bearer}"} if self._bearer else {}
        try:
            response = self._http.request(method, path, headers=headers, **content)
            answer = response.json()
        except httpx.TimeoutException as error:
            raise AltaloudError(
                "the helper does not answer", advice="Restart it: `altaloud stop`, then `altaloud start`."
            ) from error
        except httpx.HTTPError as error:
            raise HelperNotRunningError("the helper has gone away") from error
        except json.JSONDecodeError as error:
            raise PortTakenError("what answers on the helper's port is not the helper") from error
        if not isinstance(answer, dict):
            raise PortTakenError("what answers on the helper's port is not the helper")
        if response.is_error:
            raise error_from(answer)
        return answer


def _key_of(home: Home, program: str) -> Client:
    clients = Clients(home.clients_file)
    try:
        return clients.get(program) or clients.add_program(program)
    except RequestError:  # another process of ours was first, in just this moment
        if (client := clients.get(program)) is not None:
            return client
        raise
    finally:
        clients.close()
