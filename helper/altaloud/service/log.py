"""The helper's log: what happened and which kind of error, in a small file that only its owner may read.

Never an image, an address, a caption or a token. Our own lines are written so; what a library would log might
hold anything, so of those only the name of the library and the type of the error are kept.
"""

import logging
import logging.handlers
import os
from pathlib import Path

_FILE_BYTES = 256 * 1024  # and one older file of the same size
_OURS = "altaloud"


class _Formatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0] if record.exc_info else None
        is_ours = record.name.split(".")[0] == _OURS
        words = record.getMessage() if is_ours else "(the library's words are left out)"
        if kind is not None:
            words += f" [{kind.__name__}]"
        line = {
            **record.__dict__,
            "msg": words,
            "args": None,
            "exc_info": None,
            "exc_text": None,
            "stack_info": None,
        }
        return super().format(logging.makeLogRecord(line))


def begin(path: Path) -> logging.Handler:
    """Write the log of this process to `path` from now on; close what is returned to end it."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    path.chmod(0o600)
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=_FILE_BYTES, backupCount=1, encoding="utf-8"
    )
    handler.setFormatter(_Formatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(_OURS).setLevel(logging.INFO)
    return handler
