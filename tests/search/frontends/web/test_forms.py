"""The forms that are sent to the server, in a browser, which says with them where they come from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.front_ends.browser import serving, tab
from support.library import Tools

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest_plugins = ["support.front_ends.browser"]
pytestmark = pytest.mark.needs("chromium", "playwright")

TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture(scope="module")
def index(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tools.index_copies(tmp_path_factory.mktemp("forms"))


def test_the_token_lets_a_reader_in_and_brings_the_page_that_was_asked_for(browser: Browser, index: Path) -> None:
    with serving(index, token=TOKEN) as base, tab(browser, base) as (page, _):
        page.goto("/episodes?sort=title")
        page.locator("#token").fill(TOKEN)
        page.keyboard.press("Enter")
        page.locator(".episode").first.wait_for()
        assert page.url == f"{base}/episodes?sort=title"


@pytest.mark.parametrize("first", ["/review", "/"])
def test_a_mishearing_is_judged_by_a_key(browser: Browser, index: Path, first: str) -> None:
    """Also where scripts have brought the page, whose policy then is that of the page before."""
    with serving(index, allow_edit=True) as base, tab(browser, base) as (page, seen):
        page.goto(first)
        page.locator(".rooms a[href='/review']").click()
        heard = page.locator("#review").get_attribute("data-heard")
        page.keyboard.press("n")
        page.locator(f"#review:not([data-heard='{heard}'])").wait_for()
        seen.check()
