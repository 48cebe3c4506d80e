"""Only this user's own programs, and root's, reach the helper, where the system says whose they are."""

import asyncio
import os
import shutil
import socket
import sys
from pathlib import Path

import pytest

from altaloud.errors import ForbiddenError
from altaloud.service import peers
from served import served

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says whose a connection is")

# Two ends of one connection of user 1000, one that its program has closed, and one to another port.
TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:A2F5 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4835 1 0
   1: 0100007F:A2F5 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 4836 1 0
   2: 0100007F:C001 0100007F:A2F5 01 00000000:00000000 00:00000000 00000000  1001        0 4837 1 0
   3: 0100007F:C002 0100007F:A2F5 05 00000000:00000000 00:00000000 00000000     0        0 0 1 0
   4: 0100007F:C003 0100007F:0050 01 00000000:00000000 00:00000000 00000000  1002        0 4838 1 0
""".splitlines()
HERE = ("127.0.0.1", 41717)


@pytest.mark.skipif(sys.byteorder != "little", reason="the table is as a little-endian computer prints it")
def test_the_table_tells_whose_the_other_end_is() -> None:
    assert peers.owner(TABLE, ("127.0.0.1", 0xC001), HERE) == 1001
    assert peers.owner(TABLE, ("127.0.0.1", 0xC003), HERE) is None  # to another port
    assert peers.owner(TABLE, ("127.0.0.2", 0xC001), HERE) is None
    with pytest.raises(ForbiddenError):
        peers.owner(TABLE, ("127.0.0.1", 0xC002), HERE)


def test_a_real_connection_is_found_with_its_user() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as caller,
    ):
        peer, here = caller.getsockname(), listener.getsockname()
        with Path("/proc/net/tcp").open() as table:
            assert peers.owner(table, peer, here) == os.getuid()
        peers.require_own_user(peer, here)


@pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0 or shutil.which("bash") is None,
    reason="only root can be another user",
)
def test_another_user_is_refused_before_anything_is_answered(tmp_path: Path) -> None:
    async def answer_to(uid: int, port: int) -> bytes:
        ask = (
            f"exec 3<>/dev/tcp/127.0.0.1/{port}; "
            f"printf 'POST /v1/status HTTP/1.1\\r\\nHost: 127.0.0.1:{port}\\r\\n' >&3; "
            "printf 'Connection: close\\r\\n\\r\\n' >&3; cat <&3"
        )
        process = await asyncio.create_subprocess_exec(
            "bash", "-c", ask, user=uid, cwd="/", stdout=asyncio.subprocess.PIPE
        )
        said, _ = await asyncio.wait_for(process.communicate(), 10)
        return said

    async def scenario() -> None:
        async with served(tmp_path) as helper:
            ours, theirs = await answer_to(0, helper.port), await answer_to(65534, helper.port)

        assert ours.startswith(b"HTTP/1.1 401 ")  # heard, but it shows no session
        assert theirs.startswith(b"HTTP/1.1 403 ")
        assert b"another user" in theirs

    asyncio.run(scenario())
