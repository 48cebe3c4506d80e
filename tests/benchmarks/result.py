"""One measured figure, as every benchmark prints it."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """A figure, and where there is one, the baseline measured in the same run."""

    benchmark: str
    value: float
    unit: str
    baseline: float | None = None

    def line(self) -> str:
        """Return one line of JSON."""
        ratio = None if self.baseline is None else round(self.value / self.baseline, 3)
        return json.dumps({**asdict(self), "ratio": ratio})
