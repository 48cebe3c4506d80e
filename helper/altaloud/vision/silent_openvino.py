"""OpenVINO, kept from telling anybody that it is used.

Importing openvino also imports its conversion tools, and those report the import to an analytics service
and note an identity in the user's home; no setting stops them. openvino does without where they are
missing, so for this process they are. That also saves half of the time that the import takes.
"""

import sys
from typing import Any, cast

_CONVERSION = "openvino.tools.ovc"
_REPORTS = "openvino_telemetry"


def load() -> Any:
    """Return the module `openvino`. Every import of it in Altaloud comes through here.

    A library that imports openvino itself, such as rapidocr, is silent too once this was called.
    """
    modules = cast("dict[str, object]", sys.modules)
    modules.setdefault(_REPORTS, None)  # None makes `import` raise ImportError, which openvino expects
    modules.setdefault(_CONVERSION, None)
    import openvino

    return openvino


def load_convert_model() -> Any:
    """Return openvino's `convert_model`, which reads torch's networks; for training alone."""
    load()
    if sys.modules[_CONVERSION] is None:
        del sys.modules[_CONVERSION]
    from openvino.tools.ovc import convert_model

    return convert_model
