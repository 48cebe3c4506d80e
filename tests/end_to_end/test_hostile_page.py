"""No web page gets an answer from the helper, whatever it sends and whatever it has stolen."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from end_to_end.api_client import ApiClient
from end_to_end.browsers.browser import Browser, Tab
from end_to_end.helper_process import Helper
from end_to_end.pages import Pages

pytestmark = pytest.mark.browser

# What the page's origin is to the helper's: another port of the same address, or another site altogether.
_HOSTS = {"same-site": "127.0.0.1", "another-site": "localhost"}

_OWN_BEARER = (
    "(globalThis.browser ?? chrome).storage.session.get('session').then((kept) => kept.session?.bearer)"
)


@pytest.fixture(params=_HOSTS.values(), ids=list(_HOSTS))
def hostile(request: pytest.FixtureRequest, site_folders: dict[str, Path]) -> Iterator[str]:
    """The address of a page that tries everything."""
    with Pages(site_folders, host=request.param) as serving:
        yield f"{serving.address}/site/hostile.html"


@pytest.fixture(params=["nothing", "browser", "program"])
def stolen(request: pytest.FixtureRequest, browser: Browser, helper: Helper) -> str:
    """Suppose that the page has got hold of a bearer that is good elsewhere."""
    if request.param == "browser":
        own_page = browser.new_tab(browser.extension_url("options/options.html"))
        bearer: str = own_page.wait_until(_OWN_BEARER)
        own_page.close()
        return bearer
    if request.param == "program":
        with ApiClient(**helper.add_key()) as program:
            return program.bearer
    return ""


def test_a_page_gets_nothing(tab: Tab, helper: Helper, hostile: str, stolen: str) -> None:
    before = helper.spoken
    tab.open(hostile)
    tab.watch_answers()

    learnt = tab.evaluate(f"attack({json.dumps(helper.address)}, {json.dumps(stolen)}, '/made/museum.png')")

    assert {way: what for way, what in learnt.items() if what != "nothing"} == {}
    statuses = tab.statuses(helper.address)
    assert len(statuses) > 5, "too few of the page's requests reached the helper for this to prove anything"
    assert [status for status in statuses if status < 400] == []
    assert helper.spoken == before
