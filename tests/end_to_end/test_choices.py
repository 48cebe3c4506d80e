"""What a choice on the options page does in pages: each is made as a person makes it, and taken back."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from end_to_end.browsers.browser import Browser, Tab
from end_to_end.browsers.waiting import wait_for
from end_to_end.helper_process import Helper
from end_to_end.pages import Pages
from end_to_end.words import press_and_hear

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

_SECONDS = 120
_SET = """(({ field, value }) => {
  if (typeof value === "boolean") field.checked = value;
  else field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
})({ field: document.querySelector("#FIELD"), value: VALUE })"""

# Each choice, what is changed for it, and what it was before.
_CHOICES = {
    "language": ("'de'", "''"),
    "kind-photo": ("false", "true"),
    "smallestSide": ("1000", "0"),
    "speech-reader": ("true", None),
    "speech-helper": (None, "true"),
    "mode-asked": ("true", None),
    "mode-fill": (None, "true"),
}


@pytest.fixture
def choose(browser: Browser) -> Iterator[Callable[[str], None]]:
    """Make a choice, which is taken back at the end."""
    options = browser.new_tab(browser.extension_url("options/options.html"), is_in_front=False)
    options.wait_until("document.querySelector('#state').textContent.includes('Connected')", seconds=_SECONDS)

    def change(field: str, value: str | None) -> None:
        if value is None:
            return
        options.evaluate("(document.querySelector('#saved').textContent = '', 0)")
        options.evaluate(_SET.replace("FIELD", field).replace("VALUE", value))
        options.wait_until("document.querySelector('#saved').textContent === 'Saved.'")

    yield lambda field: change(field, _CHOICES[field][0])
    for field, (_, before) in _CHOICES.items():
        change(field, before)
    options.close()


def _examples(tab: Tab, pages: Pages) -> None:
    tab.open(f"{pages.address}/examples/index.html")


def test_words_come_in_the_language_and_say_so(tab: Tab, pages: Pages, choose: Callable[[str], None]) -> None:
    choose("language")
    _examples(tab, pages)

    tab.wait_until("photograph.alt === 'Foto'", seconds=_SECONDS)

    assert tab.evaluate("photograph.lang") == "de"


def test_a_kind_that_is_not_wanted_gets_no_words_and_others_do(
    tab: Tab, pages: Pages, choose: Callable[[str], None]
) -> None:
    choose("kind-photo")
    _examples(tab, pages)

    tab.wait_until("photograph.dataset.altaloud === 'silent'", seconds=_SECONDS)

    tab.wait_until("sale.dataset.altaloud === 'done'", seconds=_SECONDS)
    assert tab.evaluate("photograph.hasAttribute('alt')") is False


def test_small_images_get_no_words_but_those_that_name_a_link_do(
    tab: Tab, pages: Pages, choose: Callable[[str], None]
) -> None:
    choose("smallestSide")
    _examples(tab, pages)
    tab.wait_until("sale.dataset.altaloud === 'silent'", seconds=_SECONDS)

    tab.evaluate("linked.scrollIntoView()")

    tab.wait_until("linked.dataset.altaloud === 'done'", seconds=_SECONDS)
    assert tab.evaluate("sale.hasAttribute('alt')") is False


@pytest.fixture
def picture_of_its_own(browser: Browser, site_folders: dict[str, Path]) -> str:
    """The name of a picture that no other test asks for, in a page of the same name."""
    made, name = site_folders["made"], f"asked-{browser.name}"
    shutil.copy(made / "ferry.png", made / f"{name}.png")
    text = (site_folders["site"] / "living.html").read_text("utf-8").replace("ferry.png", f"{name}.png")
    (made / f"{name}.html").write_text(text, "utf-8")
    return f"/made/{name}"


def test_on_request_only_nothing_is_loaded_or_changed_unasked(
    tab: Tab, pages: Pages, helper: Helper, choose: Callable[[str], None], picture_of_its_own: str
) -> None:
    choose("mode-asked")
    tab.open(f"{pages.address}{picture_of_its_own}.html")
    tab.evaluate("link.focus()")

    assert "Ferry" in press_and_hear(tab, "Alt+Shift+D", helper)

    # By the page itself, and for the key.
    assert pages.asked.count(f"{picture_of_its_own}.png") == 2
    assert tab.evaluate("document.querySelectorAll('img[data-altaloud]').length") == 0


def test_the_screen_reader_speaks_where_it_shall_and_the_helper_is_silent(
    tab: Tab, pages: Pages, helper: Helper, choose: Callable[[str], None]
) -> None:
    choose("speech-reader")
    tab.open(f"{pages.address}/site/living.html")
    tab.wait_until("first.dataset.altaloud === 'done'", seconds=_SECONDS)
    before = len(helper.spoken)
    tab.evaluate("link.focus()")

    tab.press("Alt+Shift+D")

    wait_for(
        lambda: any("Ferry to Oslo" in words for words in tab.words_in("alert")),
        what=f"an alert, not {tab.words_in('dialog')}",
        seconds=_SECONDS,
    )
    assert len(helper.spoken) == before
