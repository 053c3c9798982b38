"""How the pages look and read in a browser: on a phone, in the dark, for a screen reader, and with hostile text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from support.front_ends.browser import axe_findings, serving, tab, until, write_silence
from support.library import Tools, spaced, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytest_plugins = ["support.front_ends.browser"]
pytestmark = pytest.mark.needs("chromium", "playwright")

WORD = quote("灯塔")
PAGES = {
    "home": "/",
    "results": f"/search?q={WORD}",
    "misheard": "/search?q=" + quote("登塔"),
    "nothing": "/search?q=" + quote('"没有这句话"'),
    "reader": "/episode/night-boat/talk",
    "matches": f"/episode/night-boat/talk?q={WORD}&at=8#t=8",
    "far": "/episode/night-boat/far",
    "mute": "/episode/night-boat/mute",
    "episodes": "/episodes",
    "show": "/shows/" + quote("夜航船"),
    "explore": "/explore",
    "variants": f"/variants?term={WORD}",
    "concordance": f"/concordance?q={WORD}",
    "trend": f"/trend?words={WORD}",
    "dispersion": f"/dispersion?words={WORD}",
    "terms": "/terms",
    "keywords": f"/keywords?title={WORD}",
    "collocates": f"/collocates?word={WORD}",
    "review": "/review",
    "docs": "/docs",
}


@pytest.fixture(scope="module")
def editable(ship: Path) -> Iterator[str]:
    with serving(ship, allow_edit=True) as base:
        yield base


def play(page: Page) -> None:
    """Shows the player where a page has something to play."""
    button = page.locator(
        "#reader:not([data-audio-host]) #reader-play, .moment[data-audio]:not([data-audio-host]) .play"
    ).first
    if button.count():
        button.click()
        until(page, "document.getElementById('audio').currentTime > 0")


def schemes(page: Page) -> Iterator[str]:
    """Light and dark, in which a page is shown without being loaded again: its styles alone make the difference."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate("Promise.all(document.getAnimations().map(change => change.finished.catch(() => null)))")
        yield scheme


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_scrolls_sideways_or_breaks_a_rule_of_its_policy(browser: Browser, editable: str, width: int) -> None:
    with tab(browser, editable, viewport={"width": width, "height": 700}, locale="zh-CN") as (page, seen):
        for name, address in PAGES.items():
            answer = page.goto(address)
            assert (name, answer and answer.status) == (name, 200)
            play(page)
            for scheme in schemes(page):
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert (name, scheme, wide) == (name, scheme, width)
        assert seen.asked
        seen.check()


@pytest.mark.needs("axe-core")
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing(browser: Browser, editable: str, width: int) -> None:
    with tab(browser, editable, viewport={"width": width, "height": 700}) as (page, _):
        for name, address in PAGES.items():
            page.goto(address)
            play(page)
            for scheme in schemes(page):
                assert (name, scheme, axe_findings(page)) == (name, scheme, [])


@pytest.mark.needs("axe-core")
def test_axe_finds_nothing_in_what_opens(browser: Browser, editable: str, ship: Path) -> None:
    with tab(browser, editable) as (page, _):
        page.goto("/episode/night-boat/talk")
        page.locator("#keys-open").click()
        assert axe_findings(page) == []
        page.keyboard.press("Escape")
        page.goto("/nowhere", wait_until="load")
        assert axe_findings(page) == []
    with serving(ship, token="a-long-enough-token") as guarded, tab(browser, guarded) as (page, _):
        page.goto("/")
        assert axe_findings(page) == []


def test_a_phone_shows_which_exploration_it_is_and_what_was_found(browser: Browser, address: str) -> None:
    explorations = ("variants", "concordance", "trend", "dispersion", "terms", "keywords", "collocates")
    with tab(browser, address, viewport={"width": 360, "height": 700}) as (page, _):
        for name in explorations:
            page.goto(PAGES[name])
            shown = page.locator(".tabs [aria-current], td.column-match").all()
            assert shown
            for one in shown:
                box = one.bounding_box()
                assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360, name


def test_the_dark_is_dark(browser: Browser, address: str) -> None:
    ground = "getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).slice(0, 3).map(Number)"
    with tab(browser, address, color_scheme="dark") as (page, _):
        page.goto("/")
        assert max(page.evaluate(ground)) < 64
    with tab(browser, address, color_scheme="light") as (page, _):
        page.goto("/")
        assert min(page.evaluate(ground)) > 200


def test_nothing_moves_for_those_who_do_not_want_it(browser: Browser, address: str) -> None:
    with tab(browser, address, reduced_motion="reduce") as (page, seen):
        page.goto("/episode/night-boat/talk")
        moving = (
            "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).transitionDuration !== '0s').length"
        )
        assert page.evaluate(moving) == 0
        seen.check()


SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"
NAME = "\"'><img src=x onerror=alert(3)>"


def test_no_script_in_a_transcript_or_a_name_runs(browser: Browser, tools: Tools, tmp_path: Path) -> None:
    folder = tmp_path / f"show {NAME}"
    write_lines(folder / f"{NAME}.srt", spaced([f"{SCRIPT}: 灯塔{SCRIPT}", f"{SCRIPT}{{q}}$&灯塔", "再见"]))
    write_silence(folder / f"{NAME}.wav", 20)
    title = "</title><script>alert(4)</script>${alert(5)}"
    facts = f"show = {json.dumps(SCRIPT + title)}\n\n[episodes.{json.dumps(NAME)}]\ntitle = {json.dumps(title)}\n"
    (folder / "podcast.toml").write_text(facts, "utf-8")
    with serving(tools.index([folder], tmp_path / "index")) as base, tab(browser, base) as (page, seen):
        page.goto("/")
        page.locator("#q").press_sequentially(f"灯塔 {SCRIPT}")
        page.locator(".moment .play").first.click()
        page.locator("#player").wait_for()
        page.locator(".moment a.open").first.click()
        page.locator("#reader .line").first.wait_for()
        page.locator(".line .say").nth(1).click()
        until(page, "document.getElementById('audio').currentTime >= 4")
        page.reload()
        page.locator("#player-title").click()
        page.locator("#find-q").fill(SCRIPT)
        page.locator("#find-q").press("Enter")
        until(page, "document.getElementById('reader').dataset.query.includes('onerror')")
        page.locator(".brand").click()
        page.locator(".cover").first.click()
        page.locator("#episodes").wait_for()
        for address in ("/concordance?q=" + WORD, "/dispersion?words=" + WORD, "/terms", "/search?q=" + quote(SCRIPT)):
            page.goto(address)
        assert page.locator("main img, main script").count() == 0
        seen.check()
