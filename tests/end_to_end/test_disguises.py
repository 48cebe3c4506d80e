"""Pictures in every disguise: each has its words in the browser's own tree, and nothing else changes."""

from pathlib import Path

import pytest

from end_to_end.browsers.browser import Accessible, Browser, Tab
from end_to_end.browsers.waiting import wait_for
from end_to_end.helper_process import Helper
from end_to_end.pages import Pages
from end_to_end.words import press_and_hear

# The first look on a busy machine waits for the engine, and all of them for each other.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

_PAGE = "/site/disguises.html"
_SECONDS = 240

_MARKET = "Harvest market"

# Role and name of each picture, or of the control that it stands for.
_NAMED = {
    "plain": Accessible("image", _MARKET),
    "link": Accessible("link", f"notice: {_MARKET}"),
    "button": Accessible("button", _MARKET),
    "input": Accessible("button", _MARKET),
    "picture": Accessible("image", _MARKET),
    "srcset": Accessible("image", _MARKET),
    "lazy": Accessible("image", _MARKET),
    "blob": Accessible("image", _MARKET),
    "data": Accessible("image", _MARKET),
    "canvas": Accessible("image", _MARKET),
    "role": Accessible("image", _MARKET),
    "stars": Accessible("image", "Three of five stars"),
    "background": Accessible("image", _MARKET),
    "tiled": Accessible("image", _MARKET),
    "in-open": Accessible("image", _MARKET),
    "in-closed": Accessible("image", _MARKET),
}

# A cross, in every way that pages make one.
_CROSSES = (
    "svg-button",
    "hidden-svg",
    "used-svg",
    "borrowed",
    "signed",
    "lettered",
    "masked",
    "sprite",
    "made",
    "pictured",
    "ligature",
    "decorative",
    "unshown",
)

_NOW = "document.querySelector('{part}').outerHTML"
_SERVED = (
    "fetch(location.href).then((reply) => reply.text()).then((text) =>"
    " new DOMParser().parseFromString(text, 'text/html').querySelector('{part}').outerHTML)"
)


@pytest.fixture(scope="module")
def disguises(browser: Browser, pages: Pages) -> Tab:
    """The page, with everything said that will be said. The last of the tests takes our words off."""
    tab = browser.new_tab("about:blank")
    tab.open(f"{pages.address}{_PAGE}")
    for element_id in (*_NAMED, *_CROSSES):
        _wait_for_words(tab, element_id)
    tab.wait_until("!document.querySelector('[data-altaloud=pending]')", seconds=_SECONDS)
    return tab


def _wait_for_words(tab: Tab, element_id: str) -> None:
    wait_for(lambda: tab.accessible(element_id).name, what=f"words for {element_id}", seconds=_SECONDS)


def test_each_disguise_has_its_role_and_words(disguises: Tab) -> None:
    told = {element_id: _bare(disguises.accessible(element_id)) for element_id in _NAMED}

    assert told == _NAMED


def _bare(told: Accessible) -> Accessible:
    """Leave out what is said before the words of the picture: its kind, and where a link goes."""
    role, name = told
    return Accessible(role, name.removeprefix("Logo: ").replace("notice. Logo: ", "notice: "))


def test_an_icon_names_its_control_however_it_is_made(disguises: Tab) -> None:
    told = {element_id: disguises.accessible(element_id) for element_id in _CROSSES}

    assert {role for role, _ in told.values()} == {"button"}
    assert [element_id for element_id, (_, name) in told.items() if "close" not in name.lower()] == []


def test_the_page_does_not_see_a_file_of_drawings_fetched(disguises: Tab) -> None:
    fetched = (
        "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('icons.svg')).length"
    )

    assert disguises.evaluate(fetched) <= 1  # the page's own


def test_an_area_of_an_image_map_is_named_by_its_part_of_the_image(browser: Browser, disguises: Tab) -> None:
    disguises.wait_until(f"area.alt.includes('{_MARKET}')", seconds=_SECONDS)

    # Firefox tells assistive technology of an area's new text only when it builds the map anew.
    if browser.name == "chromium":
        assert _bare(disguises.accessible("area")) == Accessible("link", f"notice: {_MARKET}")


def test_a_poster_names_its_video(disguises: Tab) -> None:
    # Chromium names the video itself by its own message while there is no film.
    assert _MARKET in disguises.evaluate("poster.getAttribute('aria-label')")


def test_the_images_of_a_frame_have_words(disguises: Tab) -> None:
    disguises.wait_until(
        f"inner.contentDocument.querySelector('img').alt.includes('{_MARKET}')", seconds=_SECONDS
    )


def test_a_pattern_says_nothing(disguises: Tab) -> None:
    assert not disguises.evaluate("pattern.hasAttribute('aria-label') || pattern.hasAttribute('role')")


def test_what_authors_said_or_silenced_is_as_they_left_it(disguises: Tab) -> None:
    assert disguises.evaluate(_NOW.format(part="#authors")) == disguises.evaluate(
        _SERVED.format(part="#authors")
    )
    assert disguises.accessible("named-area") == Accessible("link", "The old gate")


def test_undo_gives_every_disguise_back_to_the_byte(browser: Browser, disguises: Tab) -> None:
    before = disguises.evaluate("document.querySelectorAll('[data-altaloud=done]').length")
    popup = browser.new_tab(browser.extension_url("popup/popup.html"), is_in_front=False)
    popup.wait_until("!document.querySelector('#here').hidden")

    popup.evaluate("document.querySelector('#undo').click()")

    popup.wait_until("document.querySelector('#done').textContent === 'The page is as it was.'")
    popup.close()
    assert before > len(_NAMED)
    assert disguises.evaluate(_NOW.format(part="#icons")) == disguises.evaluate(_SERVED.format(part="#icons"))
    assert disguises.evaluate("document.querySelectorAll('[data-altaloud]').length") == 0


def test_what_no_script_may_read_is_looked_at_in_the_view_for_the_user_alone(
    browser: Browser, pages: Pages, helper: Helper, site_folders: dict[str, Path]
) -> None:
    with Pages(site_folders) as another:
        tab = browser.new_tab("about:blank")
        tab.open(f"{pages.address}/site/tainted.html?from={another.address}/made/harvest.png")
        tab.wait_until("document.body.className === 'drawn'", seconds=_SECONDS)
        if browser.name == "chromium":  # Firefox lets an extension read it.
            tab.wait_until("['failed', 'silent'].includes(canvas.dataset.altaloud)", seconds=_SECONDS)
        tab.evaluate("canvas.focus()")

        assert press_and_hear(tab, "Alt+Shift+D", helper).endswith(_MARKET)
        tab.close()
