"""The title of an episode and what plays it stay in view, wherever in it an address opens; and nothing of that, nor the
keys, needs the storage of the browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from support.front_ends.browser import serving, tab, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest_plugins = ["support.front_ends.browser"]
pytestmark = pytest.mark.needs("chromium", "playwright")

WITHIN = "/episode/night-boat/long?at=3000#t=3000"


def is_on_top(page: Page, selector: str) -> bool:
    """Whether an element is in the window and nothing covers its middle."""
    box = page.locator(selector).bounding_box()
    size = page.viewport_size
    assert box and size
    if box["y"] < 0 or box["y"] + box["height"] > size["height"] or box["x"] + box["width"] > size["width"]:
        return False
    place = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, selector]
    return bool(page.evaluate("([x, y, named]) => document.elementFromPoint(x, y)?.closest(named) !== null", place))


@pytest.mark.parametrize("width", [360, 700, 900, 1280])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_an_address_within_an_episode_shows_its_title_and_plays_it(
    browser: Browser, address: str, width: int, locale: str
) -> None:
    with tab(browser, address, viewport={"width": width, "height": 640}, locale=locale) as (page, seen):
        page.goto("/episode/night-boat/talk")
        page.locator("#reader-play").click()  # another episode is in the player
        until(page, "document.getElementById('audio').currentTime > 0")
        page.goto(WITHIN)
        page.locator('.line[data-index="3000"][aria-current="true"]').wait_for()
        assert page.evaluate("scrollY") > 500
        assert page.locator(".reader-bar h1").text_content() == page.locator("#reader").get_attribute("data-title")
        for selector in (".reader-bar h1", "#reader-play", '.line[data-index="3000"]'):
            assert is_on_top(page, selector), selector
        page.locator("#reader-play").click()
        until(page, "document.getElementById('audio').currentTime > 3000")
        assert page.locator("#player-title").text_content() == page.locator("#reader").get_attribute("data-title")
        seen.check()


@pytest.mark.parametrize("width", [360, 1280])
def test_without_scripts_too(browser: Browser, address: str, width: int) -> None:
    options = {"viewport": {"width": width, "height": 640}, "java_script_enabled": False}
    with tab(browser, address, **options) as (page, seen):
        page.goto(WITHIN)
        line = page.locator('.line[data-index="3000"]').bounding_box()
        bar, sound = page.locator(".reader-bar").bounding_box(), page.locator(".plain-audio").bounding_box()
        assert line and bar and sound
        assert 0 <= bar["y"] <= sound["y"] and sound["y"] + sound["height"] <= bar["y"] + bar["height"] < line["y"]
        assert line["y"] < 640 and bar["height"] < 200
        seen.check()


def test_the_bar_says_where_it_plays_from(page: Page) -> None:
    page.goto("/episode/night-boat/long?q=" + quote("浮标"))
    assert page.locator("#reader-play").inner_text().strip() == "Play from 0:00"
    page.locator("#matches a").nth(1).click()
    page.locator('.line[data-index="3000"][aria-current="true"]').wait_for()
    assert page.locator("#reader-play").inner_text().strip() == "Play from 50:00"


def test_the_player_leaves_room_below_every_page(page: Page) -> None:
    page.goto("/episode/night-boat/talk")
    page.locator("#reader-play").click()
    page.locator(".rooms a", has_text="Episodes").click()
    page.locator("#episodes").wait_for()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last, player = page.locator(".foot a").bounding_box(), page.locator("#player").bounding_box()
    assert last and player and last["y"] + last["height"] <= player["y"]


REFUSED = """for (const area of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, area, { get() { throw new DOMException("refused", "SecurityError"); } });
}"""


def test_a_browser_that_keeps_nothing_plays_and_has_the_keys(page: Page) -> None:
    page.add_init_script(REFUSED)
    page.goto("/search?q=" + quote("灯塔"))
    page.keyboard.press("j")
    assert page.locator('.moment[aria-current="true"]').get_attribute("data-rank") == "1"
    page.keyboard.press(" ")
    until(page, "document.getElementById('audio').currentTime > 0")
    page.locator("#player-speed").select_option("2")
    until(page, "document.getElementById('audio').playbackRate === 2")
    page.keyboard.press("Escape")
    page.locator("#keys-open").click()
    page.locator("#keys-on").uncheck()
    page.reload()
    assert not page.locator("#player").is_visible()


def test_the_help_on_keys_has_every_key(browser: Browser, page: Page, ship: Path) -> None:
    everywhere = ["/", "j", "k", "Enter", "Space", "←", "→", "↑", "↓", "Esc", "?"]
    page.goto("/")
    page.locator("#keys-open").click()
    assert sorted(page.locator("#keys kbd").all_inner_texts()) == sorted(everywhere)
    with serving(ship, allow_edit=True) as base, tab(browser, base) as (editable, _):
        editable.goto("/review")
        editable.locator("#keys-open").click()
        assert sorted(editable.locator("#keys kbd").all_inner_texts()) == sorted([*everywhere, "y", "n", "l"])
