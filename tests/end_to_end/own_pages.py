"""The extension's own pages, and when each shows all its parts."""

from collections.abc import Iterator
from contextlib import contextmanager

from end_to_end.browsers.browser import Browser, Tab
from end_to_end.pages import Pages

OWN_PAGES = {
    "options": "options/options.html",
    "popup": "popup/popup.html",
    "panel": "panel/panel.html",
    "welcome": "welcome/welcome.html",
}
_IS_CONNECTED = "/[0-9]{4}/.test(document.querySelector('#state').textContent)"  # the port, in any language
_IS_READY = {
    "options": _IS_CONNECTED,
    "popup": f"{_IS_CONNECTED} && !document.querySelector('#here').hidden",
    "panel": "document.querySelectorAll('button.image').length === 4",
    "welcome": f"{_IS_CONNECTED} && document.querySelector('#keys').children.length > 0",
}


# The panel follows the tab in front, unless it is told of another one.
_THE_PAGE = """(globalThis.browser ?? chrome).tabs.query({ url: "*://*/site/living.html" })
  .then(([{ id }]) => id)"""


@contextmanager
def opened(name: str, browser: Browser, pages: Pages) -> Iterator[Tab]:
    """Open one of them in front of a page with four images, connected to the helper."""
    behind = browser.new_tab(f"{pages.address}/site/living.html")
    tab = browser.new_tab(browser.extension_url(OWN_PAGES[name]), is_in_front=False)
    if name == "panel":
        tab.open(f"{browser.extension_url(OWN_PAGES[name])}?tab={tab.evaluate(_THE_PAGE)}")
    tab.wait_until(_IS_READY[name], seconds=150)
    tab.come_to_front()
    yield tab
    tab.close()
    behind.close()
