"""One connection: uvicorn's own protocol, with the limits that it lacks.

uvicorn holds a connection open for ever while its headers trickle in, and any number of them. Here a
request's headers have a deadline, there are so many connections and no more, none is another user's, and what
is not HTTP is refused in the same words as everything else.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from altaloud.errors import AltaloudError, RequestError, TooManyRequestsError, TooSlowError
from altaloud.service.peers import require_own_user
from altaloud.service.refusal import refusal

HEADER_SECONDS = 5.0  # from the connection's or a later request's first byte to the last header
MOST_CONNECTIONS = 128


class Connection(H11Protocol):
    """One connection of one caller."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, if there is room and it comes from this user."""
        is_full = len(self.connections) >= MOST_CONNECTIONS
        super().connection_made(transport)
        try:
            if is_full:
                raise TooManyRequestsError("too many connections")
            require_own_user(transport.get_extra_info("peername"), transport.get_extra_info("sockname"))
        except AltaloudError as error:
            self._refuse(error)
        else:
            self._deadline = self.loop.call_later(HEADER_SECONDS, self._too_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take some bytes and look whether headers are still to come."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._deadline is None and self.conn.trailing_data[0]:
            self._deadline = self.loop.call_later(HEADER_SECONDS, self._too_late)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP. uvicorn's words are not ours, and not JSON."""
        self._refuse(RequestError("this is not a well-formed HTTP request"))

    def _too_late(self) -> None:
        self._deadline = None
        self._refuse(TooSlowError("the request's headers did not arrive in time"))

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, error: AltaloudError) -> None:
        if self.transport.is_closing():
            return
        self._stop_waiting()
        # Not through uvicorn: there is no request that an application could answer.
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            answer = refusal(error)
            headers = [*answer.headers, (b"connection", b"close")]
            response = h11.Response(status_code=answer.status, headers=headers)
            for event in (response, h11.Data(data=answer.body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
