"""Going through a page as somebody without a mouse does."""

from end_to_end.browsers.browser import Tab

_MOST_STOPS = 60  # more than any page of ours has

_FOCUSED = "document.activeElement === document.body ? '' : document.activeElement.id"


def tab_to(tab: Tab, element_id: str) -> None:
    """Press Tab until the element has the focus.

    Raises:
        AssertionError: It never gets it.
    """
    for _ in range(_MOST_STOPS):
        if tab.evaluate(_FOCUSED) == element_id:
            return
        tab.press("Tab")
    raise AssertionError(f"the Tab key never reaches #{element_id}")


# What can be operated; not each has an id, so they are told apart by their place among all. Of a group of
# radio buttons Tab reaches the chosen one, and the arrow keys reach the others.
_OPERABLE = """[...document.querySelectorAll(
  'button, input:not([type=radio]:not(:checked)), select, textarea, a[href]')]"""
_SHOWN = f"{_OPERABLE}.filter((one) => one.checkVisibility())"


def unreachable(tab: Tab) -> list[str]:
    """Return the page's controls, as HTML, that the Tab key does not reach."""
    reached = {tab.evaluate(f"{_SHOWN}.indexOf(document.activeElement)")}
    count: int = tab.evaluate(f"{_SHOWN}.length")
    for _ in range(count + 3):
        tab.press("Tab")
        reached.add(tab.evaluate(f"{_SHOWN}.indexOf(document.activeElement)"))
    missed = sorted(set(range(count)) - reached)
    return [tab.evaluate(f"{_SHOWN}[{place}].outerHTML") for place in missed]
