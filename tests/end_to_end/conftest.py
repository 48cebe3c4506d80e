"""One real helper for all browser tests; in each module, one browser of each sort that is connected to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from end_to_end.browsers.browser import Browser, Launch, Tab
from end_to_end.browsers.chromium import Chromium
from end_to_end.browsers.firefox import Firefox
from end_to_end.fonts import draw_icon_font
from end_to_end.helper_process import Helper
from end_to_end.pages import Pages
from end_to_end.pictures import draw_words

_HERE = Path(__file__).parent
_PROJECT = _HERE.parents[1]
EXTENSION = _PROJECT / "extension"
EXAMPLES = _PROJECT / "installer" / "examples"

BROWSERS: dict[str, Callable[[Launch], Browser]] = {"chromium": Chromium, "firefox": Firefox}

# Each picture's file and the words it shows.
NOTICE = """\
The museum is closed for repairs
until the first of March. Tickets that
were bought for this time stay valid
for one year and can be changed
at the desk in the main hall."""
WORDS = {
    "notice": NOTICE,
    "harvest": "Harvest market",
    "ferry": "Ferry to Oslo",
    "library": "Library card",
    "museum": "Museum night",
    "garden": "Rose garden",
    "bakery": "Village bakery",
    "harbour": "Old harbour",
    "bridge": "Stone bridge",
    "station": "Main station",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests that drive a browser a second try, which the summary lists: a busy machine starves them."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def connect(name: str, helper: Helper, folder: Path, *, desktop: dict[str, str] | None = None) -> Launch:
    """Register the helper with a browser that has not run yet, by the real command."""
    home, profile = folder / "home", folder / "profile"
    if name == "chromium":
        home.mkdir(parents=True)
        helper.run("browsers", "connect", "--profile", str(profile), home=home)
    else:
        (home / ".mozilla").mkdir(parents=True)  # what tells the command that there is a Firefox
        helper.run("browsers", "connect", home=home)
    return Launch(
        EXTENSION,
        home,
        profile,
        variables=helper.variables | (desktop or {}),
        is_headless=desktop is None,
    )


@pytest.fixture(scope="session")
def helper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helper]:
    """The helper, running."""
    with Helper(tmp_path_factory.mktemp("helper") / "home") as running:
        yield running


@pytest.fixture(scope="session")
def site_folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The tests' pages, pictures drawn for them, and the example images that ship with the project."""
    made = tmp_path_factory.mktemp("made")
    for name, words in WORDS.items():
        draw_words(made / f"{name}.png", words)
    draw_icon_font(made / "signs.ttf")
    return {"site": _HERE / "site", "made": made, "examples": EXAMPLES}


@pytest.fixture(scope="session")
def pages(site_folders: dict[str, Path]) -> Iterator[Pages]:
    """A web server with all of them."""
    with Pages(site_folders) as serving:
        yield serving


@pytest.fixture(scope="module", params=BROWSERS)
def browser(
    request: pytest.FixtureRequest, helper: Helper, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A browser with the extension, which finds the helper by native messaging."""
    launch = connect(request.param, helper, tmp_path_factory.mktemp(request.param))
    running = BROWSERS[request.param](launch)
    yield running
    running.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """An empty page in front."""
    opened = browser.new_tab("about:blank")
    yield opened
    opened.close()
