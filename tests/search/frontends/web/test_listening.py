"""Listening in a browser: from the exact second, with the transcript following, while pages change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from support.front_ends.browser import BEACONS, Seen, tab, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest_plugins = ["support.front_ends.browser"]
pytestmark = pytest.mark.needs("chromium", "playwright")

BEACON = quote("灯塔")
LIT = "Number(document.querySelector('.line[aria-current]')?.dataset.index)"


WATCH = """() => {
    // So slow that a busy machine cannot be late by the time that is tested.
    const speed = document.getElementById('player-speed');
    speed.add(new Option('slow', '0.0625'));
    speed.value = '0.0625';
    window.begun = new Promise(done => document.getElementById('audio').addEventListener(
        'playing', event => done(event.target.currentTime), {once: true}));
}"""
"""Notes the second of the first sound that comes after it."""


def test_a_moment_plays_from_its_second(page: Page) -> None:
    page.goto("/search?q=" + quote("六分仪"))
    moment = page.locator(".moment").first
    start = float(moment.get_attribute("data-start") or "nan")
    page.evaluate(WATCH)
    moment.locator(".play").click()
    assert abs(page.evaluate("window.begun") - start) < 0.3
    assert page.locator("#player").is_visible()
    assert page.locator("#player-title").text_content() == "灯塔与星星"
    assert page.url.endswith("/search?q=" + quote("六分仪"))


def test_the_sound_goes_on_while_pages_change_and_one_searches(page: Page) -> None:
    page.goto(f"/search?q={BEACON}")
    page.locator(".moment .play").first.click()
    until(page, "document.getElementById('audio').currentTime > 0")
    page.evaluate("document.getElementById('audio').addEventListener('pause', () => { window.stopped = true; })")
    page.locator("#q").fill("卫星")
    page.locator(".moment mark", has_text="卫星").first.wait_for()
    page.locator(".moment a.open").first.click()
    page.locator("#reader").wait_for()
    page.locator(".brand").click()
    page.locator(".tagline").wait_for()
    page.go_back()
    page.locator("#reader").wait_for()
    assert page.evaluate("window.stopped") is None
    assert page.evaluate("document.getElementById('audio').paused") is False


def test_a_click_on_a_line_plays_it_and_the_lit_line_follows(page: Page) -> None:
    page.goto("/episode/night-boat/talk")
    page.evaluate(WATCH)
    page.locator('.line[data-start="40.0"] .say').click()
    assert abs(page.evaluate("window.begun") - 40) < 0.3
    assert page.url.endswith("at=40#t=40")
    page.locator('.line[data-start="40.0"][aria-current="true"]').wait_for()
    page.locator("#player-speed").select_option("1")
    page.locator('.line[data-start="44.0"][aria-current="true"]').wait_for()
    assert page.locator('.line[aria-current="true"]').count() == 1
    assert page.locator('.line[data-start="44.0"]').is_visible()


def test_following_ends_with_the_wheel_and_comes_back_with_its_button(page: Page) -> None:
    page.goto("/episode/night-boat/long?at=200#t=200")
    page.locator("#reader-play").click()
    until(page, f"{LIT} >= 201")
    assert not page.locator("#player-follow").is_visible()
    page.mouse.move(300, 300)
    page.mouse.wheel(0, 3000)
    page.locator("#player-follow").wait_for()
    page.wait_for_timeout(500)
    while page.evaluate("window.before !== (window.before = scrollY)"):
        page.wait_for_timeout(300)  # until the wheel is done
    away = page.evaluate("scrollY")
    line = page.evaluate(LIT)
    until(page, f"{LIT} >= {line} + 2")
    assert page.evaluate("scrollY") == away  # it is not pulled back
    page.locator("#player-follow").click()
    until(page, "innerHeight > document.querySelector('.line[aria-current]')?.getBoundingClientRect().top")
    assert not page.locator("#player-follow").is_visible()


def test_keys_seek_and_stop_following(page: Page) -> None:
    page.goto("/episode/night-boat/talk")
    page.locator("#reader-play").click()
    until(page, "document.getElementById('audio').currentTime > 0")
    page.evaluate("document.getElementById('audio').pause()")
    at = page.evaluate("document.getElementById('audio').currentTime")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    until(page, f"Math.abs(document.getElementById('audio').currentTime - {at} - 10) < 0.01")
    page.keyboard.press("ArrowLeft")
    until(page, f"Math.abs(document.getElementById('audio').currentTime - {at} - 5) < 0.01")
    page.locator("main").focus()
    page.keyboard.press("ArrowDown")
    page.locator("#player-follow").wait_for()


def test_only_what_is_near_of_a_long_episode_is_in_the_document(page: Page) -> None:
    page.goto("/episode/night-boat/long")
    seen: set[int] = set()
    for _ in range(60):
        page.mouse.wheel(0, 6000)
        page.wait_for_timeout(60)
        indexes = page.locator(".line").evaluate_all("all => all.map(one => Number(one.dataset.index))")
        assert len(indexes) <= 1200
        assert indexes == list(range(indexes[0], indexes[-1] + 1))  # none is missing and none is there twice
        seen.update(indexes)
        if len(seen) > 2000:
            break
    assert len(seen) > 2000
    for _ in range(60):
        page.mouse.wheel(0, -6000)
        page.wait_for_timeout(60)
        if page.locator('.line[data-index="0"]').count():
            break
    assert page.locator('.line[data-index="0"]').count() == 1


def test_far_lines_come_when_the_voice_is_there(page: Page) -> None:
    page.goto("/episode/night-boat/long")
    page.locator("#reader-play").click()
    until(page, "document.getElementById('audio').duration > 5000")
    page.locator("#player-position").evaluate("one => { one.value = 4500; one.dispatchEvent(new Event('change')); }")
    until(page, f"{LIT} >= 4501")
    assert page.locator(".line").count() <= 800


def test_matches_are_visited_one_after_the_other(page: Page) -> None:
    page.goto("/episode/night-boat/long?q=" + quote("浮标"))
    page.locator(f'.line[data-index="{BEACONS[0]}"] mark').wait_for()
    assert page.locator(".rail span").count() == len(BEACONS)
    page.locator("#next-match").click()
    page.locator(f'.line[data-index="{BEACONS[1]}"][aria-current="true"]').wait_for()
    page.keyboard.press("j")
    page.locator(f'.line[data-index="{BEACONS[2]}"][aria-current="true"]').wait_for()
    page.keyboard.press("k")
    page.locator(f'.line[data-index="{BEACONS[1]}"][aria-current="true"]').wait_for()
    assert page.url.endswith(f"at={BEACONS[1]}#t={BEACONS[1]}")
    page.locator("#matches a").last.click()
    page.locator(f'.line[data-index="{BEACONS[2]}"][aria-current="true"]').wait_for()
    page.go_back()
    page.locator(f'.line[data-index="{BEACONS[1]}"][aria-current="true"]').wait_for()


def test_finding_the_same_again_goes_to_the_next_match(page: Page) -> None:
    page.goto("/episode/night-boat/talk")
    page.locator("#find-q").fill("六分仪")
    page.keyboard.press("Enter")
    page.locator("#matches").wait_for()
    page.locator("#find-q").press("Enter")
    page.locator('#matches a[aria-current="true"]').wait_for()


def test_lines_are_buttons_and_arrows_go_from_one_to_the_next(page: Page) -> None:
    page.goto("/episode/night-boat/talk?at=20#t=20")
    lines = page.get_by_role("button", name="没有灯塔的地方怎么办")
    lines.first.focus()
    page.keyboard.press("ArrowDown")
    assert "那就看星星" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press(" ")
    until(page, "document.getElementById('audio').currentTime >= 24")
    assert page.locator('.say[tabindex="0"]').count() == 1


def test_position_and_speed_survive_a_reload(page: Page) -> None:
    page.goto("/episode/night-boat/talk")
    page.locator('.line[data-start="60.0"] .say').click()
    page.locator("#player-speed").select_option("1.5")
    until(page, "document.getElementById('audio').currentTime > 60.2")
    page.reload()
    assert page.locator("#player").is_visible()
    assert page.locator("#player-time").text_content().startswith("1:")
    assert page.evaluate("document.getElementById('audio').src") == ""  # nothing is fetched before a click
    page.locator("#player-toggle").click()
    until(page, "document.getElementById('audio').currentTime > 60.2")
    assert page.evaluate("document.getElementById('audio').playbackRate") == 1.5


def test_the_end_of_the_episode_ends_the_playing(page: Page) -> None:
    page.goto("/episode/night-boat/talk")
    page.locator("#reader-play").click()
    until(page, "document.getElementById('audio').duration > 100")
    page.locator("#player-position").evaluate("one => { one.value = 129; one.dispatchEvent(new Event('change')); }")
    until(page, "document.getElementById('audio').ended")
    assert page.locator("#player-toggle").get_attribute("aria-label") == "Play"


@pytest.fixture
def watched(browser: Browser, address: str) -> Iterator[tuple[Page, Seen]]:
    """What goes elsewhere here is what the test looks at."""
    with tab(browser, address) as (page, seen):
        yield page, seen


FAR = "https://sound.example.org/far.mp3"


def test_audio_elsewhere_is_named_and_asked_for_only_after_a_click(watched: tuple[Page, Seen]) -> None:
    page, seen = watched
    page.goto("/search?q=" + quote("潮水"))
    assert "sound.example.org" in page.locator(".moment .facts").first.inner_text()
    page.wait_for_timeout(300)
    assert seen.elsewhere == []
    with page.expect_event("requestfailed"):
        page.locator(".moment .play").first.click()
    page.locator("#player-message", has_text="sound.example.org").wait_for()
    assert seen.elsewhere == [FAR]
    assert not [line for line in seen.console if "Content Security Policy" in line]


def test_a_host_that_the_first_page_did_not_name_is_reached_by_loading_one_that_does(
    watched: tuple[Page, Seen],
) -> None:
    page, seen = watched
    page.goto("/")
    page.locator("#q").press_sequentially("潮水")
    page.locator(".moment .play").first.click()
    page.wait_for_url("**/episode/night-boat/far?**")
    page.locator("#player-message", has_text="sound.example.org").wait_for()
    assert set(seen.elsewhere) == {FAR}
    assert not [line for line in seen.console if "Content Security Policy" in line]


def test_what_has_no_audio_opens_at_its_second_instead(page: Page) -> None:
    page.goto("/search?q=" + quote("雪停"))
    play = page.locator(".moment .play").first
    assert play.get_attribute("aria-label") == "Read from 0:04"
    play.click()
    page.locator('.line[data-start="4.6"][aria-current="true"]').wait_for()
    page.reload()
    page.locator('.line[data-start="4.6"][aria-current="true"]').wait_for()
    assert not page.locator("#player").is_visible()


def test_what_plays_goes_on_while_the_page_of_the_api_is_read(page: Page) -> None:
    page.goto("/episode/night-boat/talk")
    page.locator("#reader-play").click()
    until(page, "document.getElementById('audio').currentTime > 0")
    page.evaluate("document.loadedOnce = true")
    page.locator(".foot a").click()
    page.locator("#api-search").wait_for()
    page.locator('a[href="#api-trend"]').click()
    assert page.evaluate("document.loadedOnce && !document.getElementById('audio').paused")
    page.locator("#q").fill("星星")
    page.locator("#results .moment").first.wait_for()
    assert page.evaluate("document.loadedOnce && !document.getElementById('audio').paused")


def test_audio_that_is_sent_on_to_another_host_is_explained(browser: Browser, address: str) -> None:
    with tab(browser, address) as (page, _):
        sent_on = {"status": 302, "headers": {"location": "https://elsewhere.example.net/far.mp3"}}
        page.context.route("https://sound.example.org/**", lambda route: route.fulfill(**sent_on))
        page.goto("/episode/night-boat/far")
        page.locator("#reader-play").click()
        message = page.locator("#player-message", has_text="sends listeners on to another site")
        message.wait_for()
        link = message.locator("a")
        assert link.get_attribute("href") == "https://sound.example.org/far.mp3#t=0"
        assert link.get_attribute("target") == "_blank"
