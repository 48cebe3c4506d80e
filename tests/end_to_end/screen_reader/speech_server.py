"""A stand-in for speech-dispatcher: keeps what a screen reader would say, in place of saying it.

It speaks as much of SSIP, speech-dispatcher's protocol over a Unix socket, as Orca uses:
https://htmlpreview.github.io/?https://github.com/brailcom/speechd/blob/master/doc/ssip.html
"""

import html
import re
import socketserver
import threading
from pathlib import Path

# What Orca asks for when it starts, each with one invented but well-formed answer.
_ANSWERS = (
    ("LIST OUTPUT_MODULES", "250-capture\r\n250 OK MODULE LIST SENT"),
    ("LIST SYNTHESIS_VOICES", "249-English\ten\tnone\r\n249 OK VOICE LIST SENT"),
    ("LIST VOICES", "249-MALE1\r\n249 OK VOICE LIST SENT"),
    ("GET OUTPUT_MODULE", "251-capture\r\n251 OK GET RETURNED"),
    ("GET", "251-0\r\n251 OK GET RETURNED"),
    ("HISTORY GET CLIENT_ID", "245-1\r\n245 OK CLIENT ID SENT"),
    ("BLOCK", "260 OK INSIDE BLOCK"),
    ("QUIT", "231 HAPPY HACKING"),
)
_QUEUED = "225-1\r\n225 OK MESSAGE QUEUED"
_SPOKEN_AT_ONCE = ("CHAR", "KEY", "SOUND_ICON")  # commands that carry their text in the same line


class _Session(socketserver.StreamRequestHandler):
    """One connection from the screen reader."""

    server: "_Server"

    def handle(self) -> None:
        """Answer commands until the screen reader hangs up."""
        try:
            while command := self._line():
                self._reply(self._answer(command))
        except (BrokenPipeError, ConnectionResetError):
            return  # the screen reader was ended; nobody is left to answer

    def _answer(self, command: str) -> str:
        name = command.upper()
        if name == "SPEAK":
            self._reply("230 OK RECEIVING DATA")
            self.server.keep("\n".join(iter(self._line, ".")))
            return _QUEUED
        if name.startswith(_SPOKEN_AT_ONCE):
            self.server.keep(command.partition(" ")[2])
            return _QUEUED
        return next((answer for start, answer in _ANSWERS if name.startswith(start)), "208 OK DONE")

    def _line(self) -> str:
        return self.rfile.readline().decode("utf-8", "replace").rstrip("\r\n")

    def _reply(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class _Server(socketserver.ThreadingUnixStreamServer):
    """Listens on the socket and keeps every utterance."""

    daemon_threads = True

    def __init__(self, socket: Path) -> None:
        self.utterances: list[str] = []
        super().__init__(str(socket), _Session)

    def keep(self, utterance: str) -> None:
        """Keep the words of an utterance, without its markup."""
        words = html.unescape(re.sub(r"<[^>]+>", "", utterance)).strip()
        if words:
            self.utterances.append(words)


class SpeechServer:
    """Everything spoken since it was started is in `utterances`, oldest first."""

    def __init__(self, socket: Path) -> None:
        self._server = _Server(socket)
        self.utterances = self._server.utterances
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
