"""Using OpenVINO tells nobody, and leaves nothing in the user's home."""

import os
import subprocess
import sys
from pathlib import Path

_SCRIPT = """
import socket, sys

def refused(*_):
    raise AssertionError("a connection was tried")

socket.socket.connect = socket.getaddrinfo = refused
from altaloud.vision import silent_openvino

assert "CPU" in silent_openvino.load().Core().available_devices
assert sys.modules["openvino_telemetry"] is None
if "convert" in sys.argv:
    assert callable(silent_openvino.load_convert_model())
    assert sys.modules["openvino_telemetry"] is None
else:
    assert sys.modules["openvino.tools.ovc"] is None
import threading
assert threading.active_count() == 1
"""


def _run(home: Path, *arguments: str) -> None:
    environment = {**os.environ, "HOME": str(home), "USERPROFILE": str(home)}
    subprocess.run([sys.executable, "-c", _SCRIPT, *arguments], env=environment, check=True)
    assert list(home.iterdir()) == []


def test_loading_it_reports_nothing(tmp_path: Path) -> None:
    _run(tmp_path)


def test_nor_do_its_conversion_tools(tmp_path: Path) -> None:
    _run(tmp_path, "convert")


def test_every_import_of_it_is_silent() -> None:
    import altaloud

    sources = Path(altaloud.__file__).parent.rglob("*.py")
    loud = [
        source.name
        for source in sources
        if any(
            line.strip().startswith(("import openvino", "from openvino"))
            for line in source.read_text("utf-8").splitlines()
        )
    ]

    assert loud == ["silent_openvino.py"]
