"""Whose program is at the other end of a connection. Other users of the computer can reach 127.0.0.1 too.

Only Linux says it, in a table of every connection; elsewhere the key alone decides.
"""

import os
import socket
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

from altaloud.errors import ForbiddenError

_TABLE = Path("/proc/net/tcp")
_ROOT = 0
_NOBODYS = "0"  # the inode of a connection whose program has closed it; its uid then says nothing

Address = tuple[str, int]


def require_own_user(peer: Address, here: Address) -> None:
    """Make sure that this user, or root, is at the other end, as far as the system says who is.

    Raises:
        ForbiddenError: It is somebody else, or a program that is gone already.
    """
    if sys.platform != "linux":
        return
    try:
        with _TABLE.open("r", encoding="ascii") as table:
            uid = owner(table, peer, here)
    except OSError:  # a container may hide it
        return
    if uid is not None and uid not in (os.getuid(), _ROOT):
        raise ForbiddenError("another user of this computer may not ask")


def owner(table: Iterable[str], peer: Address, here: Address) -> int | None:
    """Return the user of the connection from `peer` to `here`; None if the table does not hold it.

    Raises:
        ForbiddenError: Nobody has it open any more.
    """
    ends = [_as_in_table(peer), _as_in_table(here)]
    for line in table:
        # Number, local and remote address, state, queues, timer, retransmits, uid, timeout, inode, more
        columns = line.split()
        if columns[1:3] == ends:
            if columns[9] == _NOBODYS:
                raise ForbiddenError("the program that connected has gone")
            return int(columns[7])
    return None


def _as_in_table(address: Address) -> str:
    """Return an IPv4 address and port as the kernel prints them: the address as a number in its own order."""
    host, port = address
    (number,) = struct.unpack("=I", socket.inet_aton(host))
    return f"{number:08X}:{port:04X}"
