"""Measure, and print one line of JSON a figure: `python tests/benchmarks/run.py [NAME…]`.

Not a test: a figure says how it is on this machine now, and fails nothing.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.result import Result


def main() -> None:
    """Run the benchmarks named, or all."""
    # As pytest does for the tests, so that both share the drivers.
    sys.path.insert(0, str(Path(__file__).parents[1]))
    available = _benchmarks(None)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(available)}")
    parser.add_argument("--images", type=int, metavar="N", help="on the page of `photographs`")
    asked = parser.parse_args()
    names, available = asked.names or list(available), _benchmarks(asked.images)
    if unknown := set(names) - set(available):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    for name in names:
        with tempfile.TemporaryDirectory(prefix="altaloud-benchmark-") as folder:
            for result in available[name](Path(folder)):
                print(result.line(), flush=True)


def _benchmarks(images: int | None) -> "dict[str, Callable[[Path], Iterator[Result]]]":
    from benchmarks import blip_figures, static_int8
    from benchmarks.code_size import lines_of_code
    from benchmarks.engine_figures import IMAGES, page_of_photographs, questions_and_choices
    from benchmarks.gpu_figures import gpu
    from benchmarks.helper_figures import idle_memory, remembered_over_http
    from benchmarks.icon_figures import engine_with_starter, icons_over_http
    from benchmarks.page_cost import cost_of_a_large_page
    from benchmarks.page_figures import last_name_written
    from benchmarks.sure_figures import sure

    return {
        "remembered": remembered_over_http,
        "memory": idle_memory,
        "icons": icons_over_http,
        "starter": engine_with_starter,
        "page": last_name_written,
        "photographs": partial(page_of_photographs, images=images or IMAGES),
        "questions": questions_and_choices,
        "gpu": gpu,
        "cost": cost_of_a_large_page,
        "captions": blip_figures.captions,
        "resolutions": blip_figures.resolutions,
        "pieces": blip_figures.pieces,
        "accuracy": blip_figures.accuracy,
        "sure": sure,
        "ceilings": blip_figures.ceilings,
        "cold": blip_figures.cold,
        "static": static_int8.static_int8,
        "lines": lambda _folder: lines_of_code(),
    }


if __name__ == "__main__":
    main()
