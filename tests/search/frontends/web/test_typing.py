"""Searching in a browser: while typing, with an input method, with the keyboard alone, Back and Forward."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest
from support.front_ends.browser import Seen, compose, tab, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytest_plugins = ["support.front_ends.browser"]
pytestmark = pytest.mark.needs("chromium", "playwright")

BEACON = quote("灯塔")


@pytest.fixture
def watched(browser: Browser, address: str) -> Iterator[tuple[Page, Seen]]:
    with tab(browser, address) as (page, seen):
        yield page, seen
        seen.check()


def shown(page: Page) -> list[str]:
    """The episodes of the moments on the page."""
    return [str(name) for name in page.locator(".moment").evaluate_all("all => all.map(one => one.dataset.episode)")]


def searches(seen: Seen) -> list[str]:
    """The queries that were asked while typing."""
    return [unquote(one.partition("q=")[2].partition("&")[0]) for one in seen.asked if one.startswith("/search")]


def test_moments_come_while_typing_and_the_address_is_replaced(page: Page) -> None:
    page.goto(f"/search?q={BEACON}")
    entries = page.evaluate("history.length")
    page.locator("#q").fill("星星")
    page.locator(".moment mark", has_text="星星").first.wait_for()
    page.locator("#q").fill("卫星")
    page.locator(".moment mark", has_text="卫星").first.wait_for()
    page.wait_for_url(f"**/search?q={quote('卫星')}")
    assert page.evaluate("history.length") == entries
    assert page.title() == "卫星 · results · podseek"
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.locator("a.language").get_attribute("href") == f"?q={quote('卫星')}&lang=zh-CN"


def test_why_nothing_is_found_is_told_once_nothing_more_is_typed(page: Page) -> None:
    page.goto(f"/search?q={BEACON}")
    page.locator("#q").fill('"灯塔 星星"')
    page.locator(".why a", has_text="灯塔 星星").click()
    page.locator(".moment mark", has_text="灯塔").first.wait_for()


def test_typing_on_another_page_leads_to_the_results(page: Page) -> None:
    page.goto("/")
    page.locator("#q").press_sequentially("卫星")
    page.locator("#results .moment").first.wait_for()
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.locator("#q").input_value() == "卫星"
    page.go_back()
    page.locator(".home .tagline").wait_for()
    assert page.evaluate("location.pathname") == "/"


def test_nothing_is_asked_while_an_input_method_composes(watched: tuple[Page, Seen]) -> None:
    page, seen = watched
    page.goto(f"/search?q={BEACON}")
    page.locator("#q").fill("")
    seen.asked.clear()
    compose(page, "w", "wei", "wei x", "wei xing", end="")
    page.wait_for_timeout(500)  # longer than the pause after which a search begins
    assert page.locator("#q").input_value() == "wei xing"
    assert searches(seen) == []
    compose(page, end="卫星")
    page.locator(".moment mark", has_text="卫星").first.wait_for()
    assert searches(seen)[0] == "卫星"


def test_enter_that_ends_a_composition_is_no_search(watched: tuple[Page, Seen]) -> None:
    page, seen = watched
    page.goto("/")
    page.locator("#q").focus()
    compose(page, "deng ta", end="")
    page.evaluate("document.getElementById('search').requestSubmit()")
    assert page.evaluate("location.pathname") == "/"
    assert searches(seen) == []


def test_a_stale_answer_is_dropped(page: Page) -> None:
    page.goto(f"/search?q={BEACON}")
    slow = "**/search?q=" + quote("星星") + "*"
    held: list[Route] = []
    page.route(slow, lambda route: held.append(route))
    page.locator("#q").fill("星星")
    while not held:
        page.wait_for_timeout(20)
    page.locator("#q").fill("卫星")
    page.locator(".moment mark", has_text="卫星").first.wait_for()
    for route in held:
        route.continue_()
    page.wait_for_timeout(300)
    assert page.locator("#results").get_attribute("data-query") == "卫星"
    assert page.locator(".moment mark").first.text_content() == "卫星"


def test_what_was_found_is_told_to_screen_readers(page: Page) -> None:
    page.goto(f"/search?q={BEACON}")
    page.locator("#q").fill("六分仪")
    page.locator("#status", has_text="3 moments in 1 episode").wait_for(state="attached")


def test_more_moments_come_while_scrolling_and_are_there_after_back(page: Page) -> None:
    page.goto("/search?q=" + quote("进港"))
    while page.locator("#more").count():
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(50)
    assert len(shown(page)) == len(set(shown(page))) == 24
    page.locator(".moment").nth(20).locator("a.open").click()
    page.locator("#reader").wait_for()
    page.go_back()
    page.locator("#results").wait_for()
    assert len(shown(page)) == 24
    until(page, "scrollY > 1000")


def test_back_and_forward_bring_each_page_again(page: Page) -> None:
    page.goto(f"/search?q={BEACON}")
    page.evaluate("window.same = true")  # lost when a page is loaded anew
    page.locator(".moment a.open").first.click()
    page.locator("#reader").wait_for()
    assert page.title().startswith("灯塔与星星")
    page.locator(".facts a").first.click()
    page.locator("#episodes").wait_for()
    page.go_back()
    page.locator("#reader").wait_for()
    page.go_back()
    page.locator("#results").wait_for()
    assert page.locator("#q").input_value() == "灯塔"
    page.go_forward()
    page.locator("#reader .line").first.wait_for()
    assert page.evaluate("location.pathname") == "/episode/night-boat/talk"
    assert page.evaluate("window.same") is True


def test_facets_and_the_order_stay_while_typing(page: Page) -> None:
    page.goto(f"/search?q={BEACON}&sort=time")
    page.locator("#q").fill("星星")
    page.locator(".moment mark", has_text="星星").first.wait_for()
    assert "sort=time" in page.url
    page.locator(".moment a.open").first.click()
    page.locator("#reader").wait_for()
    page.go_back()
    page.locator("#results").wait_for()
    assert page.locator("#q").input_value() == "星星"
    page.locator("#q").fill("卫星")
    page.locator(".moment mark", has_text="卫星").first.wait_for()
    assert "sort=time" in page.url


def test_a_query_that_is_none_leaves_the_results_and_says_why(page: Page, browser: Browser, address: str) -> None:
    with tab(browser, address) as (other, _):  # its console has the status 400
        other.goto(f"/search?q={BEACON}")
        other.locator("#q").fill("灯塔 AND")
        other.locator(".complaint").wait_for()
        assert "AND" in other.locator(".complaint").inner_text()
        assert shown(other)
        other.locator("#q").fill("星星")
        other.locator(".moment mark", has_text="星星").first.wait_for()
        assert other.locator(".complaint").count() == 0


def test_everything_is_done_with_keys(page: Page) -> None:
    page.goto("/")
    page.locator("main").focus()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("灯塔")
    page.locator(".moment").first.wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.locator('.moment[aria-current="true"]').get_attribute("data-rank") == "1"
    page.keyboard.press("j")
    assert page.locator('.moment[aria-current="true"]').get_attribute("data-rank") == "2"
    page.keyboard.press("k")
    chosen = page.locator('.moment[aria-current="true"]')
    assert chosen.get_attribute("data-rank") == "1"
    assert page.evaluate("document.activeElement.matches('a.open')")
    page.keyboard.press(" ")
    until(page, "document.getElementById('audio').currentTime > 0")
    page.keyboard.press(" ")
    until(page, "document.getElementById('audio').paused")
    page.keyboard.press("Enter")
    page.locator("#reader").wait_for()
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_keys_are_letters_in_a_field_and_can_be_switched_off(page: Page) -> None:
    page.goto(f"/search?q={BEACON}")
    page.locator("#q").fill("")
    page.keyboard.type("jk?/ ")
    assert page.locator("#q").input_value() == "jk?/ "
    page.keyboard.press("Escape")
    page.locator("#keys-open").click()
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    assert page.locator('.moment[aria-current="true"]').count() == 0


def test_the_focus_is_visible(page: Page) -> None:
    page.goto(f"/search?q={BEACON}")
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, parseFloat(outlineWidth)])"
            "(getComputedStyle(document.activeElement))"
        )
        assert style[0] == "solid"
        assert style[1] >= 2


def test_without_scripts_all_is_reached_by_links_and_forms(browser: Browser, address: str, ship: Path) -> None:
    with tab(browser, address, java_script_enabled=False) as (page, seen):
        page.goto("/")
        page.locator("#q").fill("灯塔")
        page.locator("#search button").click()
        page.locator(".moment a.open").first.click()
        page.locator("#reader .line mark").first.wait_for()
        page.wait_for_load_state()  # also of the styles, which hide the player
        assert page.locator(".plain-audio").is_visible()
        assert not page.locator("#player").is_visible()
        page.locator("#find-q").fill("六分仪")
        page.locator("#find button").click()
        page.locator("#matches a").nth(1).click()
        assert "at=68" in page.url
        page.goto("/search?q=" + quote("进港"))
        page.locator("#more").click()
        assert "offset=10" in page.url
        seen.check()
