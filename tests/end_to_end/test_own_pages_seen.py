"""The extension's own pages for those who see little: enlarged, in colours of their own, without motion."""

from collections.abc import Iterator

import pytest

from end_to_end import looking
from end_to_end.browsers.browser import Browser, Tab, View
from end_to_end.browsers.waiting import wait_for
from end_to_end.looking import Looking
from end_to_end.own_pages import OWN_PAGES, opened
from end_to_end.pages import Pages

pytestmark = pytest.mark.browser

_VIEWS = {"enlarged": looking.ENLARGED, "dark": looking.DARK, "forced": looking.FORCED}
_PANEL = "[data-altaloud=panel]"
# The panel's first row, opened, with what is said of its image and the form for a question.
_OPEN_ALL = """(() => {
  document.querySelector("button.image")?.click();
  for (const button of document.querySelectorAll("li div > button:nth-of-type(-n + 2)")) button.click();
})()"""

# Neither browser is sure to have been installed with these languages, so the page's texts are exchanged.
_TRANSLATE = """(async () => {
  const read = async (language) => (await fetch(`/_locales/${language}/messages.json`)).json();
  const [english, other] = await Promise.all([read("en"), read("LANGUAGE")]);
  const words = new Map(Object.entries(english).map(([key, { message }]) => [message, other[key].message]));
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let count = 0;
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const said = words.get(text.data.trim());
    if (said === undefined) continue;
    text.data = said;
    count += 1;
  }
  return count;
})()"""
_ANSWER_IN_VIEW = """(() => {
  const edges = (one) => one.getBoundingClientRect();
  const answers = [...root.querySelectorAll("form [role=status] p")];
  const answer = answers.find((one) => !one.textContent.endsWith("…")); // "Looking for the answer …"
  const { top, bottom } = edges(root.querySelector("[role=dialog]"));
  return Boolean(answer) && edges(answer).top > top && edges(answer).top < bottom - 20;
})()"""


@pytest.fixture(params=OWN_PAGES)
def own_page(request: pytest.FixtureRequest, browser: Browser, pages: Pages) -> Iterator[Tab]:
    """One of the extension's pages with all its parts shown."""
    with opened(request.param, browser, pages) as tab:
        tab.evaluate(_OPEN_ALL)
        yield tab
        tab.see_as(View())


@pytest.fixture
def question(browser: Browser, pages: Pages) -> Iterator[Tab]:
    """A page in which our panel has just answered a question."""
    tab = browser.new_tab(f"{pages.address}/site/living.html")
    tab.wait_until("first.alt === 'Harvest market'", seconds=150)
    tab.evaluate("link.focus()")
    tab.press("Alt+Shift+Q")
    tab.wait_until("document.activeElement.dataset.altaloud === 'panel'", seconds=150)
    yield tab
    tab.see_as(View())
    tab.close()


@pytest.mark.parametrize("view", _VIEWS)
def test_nothing_is_cut_off_and_the_focus_is_seen(own_page: Tab, view: str) -> None:
    seen = Looking(own_page, _VIEWS[view])

    assert seen.faults(looking.CUT_OFF) == []
    assert seen.faults_of_stops() == []


def test_in_forced_colours_every_control_has_a_shape(own_page: Tab) -> None:
    assert Looking(own_page, looking.FORCED).faults(looking.SHAPELESS) == []


def test_nothing_moves_for_those_who_want_no_motion(own_page: Tab) -> None:
    assert Looking(own_page, looking.STILL).faults(looking.MOVING) == []


def test_the_panel_in_a_page_is_seen_as_well(question: Tab) -> None:
    for view in _VIEWS.values():
        seen = Looking(question, view, _PANEL)
        assert seen.faults(looking.CUT_OFF) == []
        assert seen.faults(looking.UNSEEN_FOCUS) == []
    assert Looking(question, looking.FORCED, _PANEL).faults(looking.SHAPELESS) == []
    assert Looking(question, looking.STILL, _PANEL).faults(looking.MOVING) == []


def test_the_answer_to_a_question_is_in_view_although_the_panel_is_small(question: Tab) -> None:
    question.see_as(looking.ENLARGED)
    question.type("Who?")
    question.press("Enter")

    def is_seen() -> bool:
        seen: bool = question.evaluate_in(_PANEL, _ANSWER_IN_VIEW)
        return seen

    wait_for(is_seen, what="the answer to be seen", seconds=150)


@pytest.mark.parametrize("language", ["de", "fr"])
def test_longer_words_fit_as_well(own_page: Tab, language: str) -> None:
    assert own_page.evaluate(_TRANSLATE.replace("LANGUAGE", language)) > 3

    assert Looking(own_page, looking.ENLARGED).faults(looking.CUT_OFF) == []
