"""Links to a second: templates, sites, media fragments, and nothing that could break a line or a terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.front_ends.found import episode, nasty

from search.results.links import encoded, link_at


@pytest.mark.parametrize(
    ("link", "made"),
    [
        ("https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abc&t=3675s"),
        ("https://www.youtube.com/watch?v=abc&t=10s&list=x", "https://www.youtube.com/watch?v=abc&list=x&t=3675s"),
        ("https://youtu.be/abc", "https://youtu.be/abc?t=3675s"),
        ("https://www.bilibili.com/video/BV1/?p=2", "https://www.bilibili.com/video/BV1/?p=2&t=3675"),
        ("https://podcasts.apple.com/cn/podcast/x/id1?i=2", "https://podcasts.apple.com/cn/podcast/x/id1?i=2&t=3675"),
        ("https://open.spotify.com/episode/abc?si=1", "https://open.spotify.com/episode/abc?si=1&t=3675"),
        ("https://overcast.fm/+abc", "https://overcast.fm/+abc/1:01:15"),
        ("https://overcast.fm/+abc/2:00", "https://overcast.fm/+abc/1:01:15"),
        ("https://pca.st/abc", "https://pca.st/abc?t=3675"),
        ("https://www.xiaoyuzhoufm.com/episode/abc", "https://www.xiaoyuzhoufm.com/episode/abc"),
        ("https://example.org/1", "https://example.org/1#t=3675"),
        ("https://example.org/1#play", "https://example.org/1#play"),
        ("https://notyoutube.com/1", "https://notyoutube.com/1#t=3675"),
        ("ftp://example.org/1", None),
        ("javascript:alert(1)", None),
        ("/tea/1.mp3", None),
        ("https://[::1/x", None),
        ("https://", None),
    ],
)
def test_a_page_is_linked_as_its_site_takes_a_time(link: str, made: str | None) -> None:
    assert link_at(episode(link=link), 3675.9) == made


@pytest.mark.parametrize(("seconds", "end"), [(5, "/0:05"), (75, "/1:15"), (3600, "/1:00:00")])
def test_overcast_has_minutes_and_hours_in_its_path(seconds: float, end: str) -> None:
    assert link_at(episode(link="https://overcast.fm/+a"), seconds) == f"https://overcast.fm/+a{end}"


@pytest.mark.parametrize(
    ("facts", "made"),
    [
        ({"audio": "https://a.org/1.mp3", "link": "https://a.org/1"}, "https://a.org/1.mp3#t=75"),
        ({"audio": "https://a.org/1.mp3", "link": "https://youtu.be/1"}, "https://youtu.be/1?t=75s"),
        ({"audio": "https://a.org/1.mp3", "link": "https://xiaoyuzhoufm.com/episode/1"}, "https://a.org/1.mp3#t=75"),
        ({"audio": "1.mp3", "link": "https://a.org/1"}, "https://a.org/1#t=75"),
        ({"audio": "1.mp3"}, None),
        ({}, None),
    ],
)
def test_a_page_that_takes_a_time_comes_before_the_audio_and_that_before_any_other(
    facts: dict[str, str], made: str | None
) -> None:
    assert link_at(episode(**facts), 75.2) == made


@pytest.mark.parametrize(
    ("jump", "made"),
    [
        ("{link}?t={seconds}", "https://a.org/1?t=75"),
        ("{audio}#t={hh:mm:ss}", "https://a.org/1.mp3#t=00:01:15"),
        ("https://b.org/{stem}/{seconds}", "https://b.org/%E6%B5%B7%20%E5%BA%95/75"),
        ("https://b.org/?g={guid}&t={seconds}", "https://b.org/?g=a%26b%3F&t=75"),
        ("https://b.org/{other}", "https://b.org/%7Bother%7D"),
        ("javascript:alert({seconds})", "https://a.org/1.mp3#t=75"),
    ],
)
def test_the_template_of_a_show_comes_first_if_it_makes_a_link(jump: str, made: str) -> None:
    facts = {"link": "https://a.org/1", "audio": "https://a.org/1.mp3", "guid": "a&b?", "jump": jump}
    assert link_at(episode("tea/海 底.zh", **facts), 75.9) == made


def test_a_template_that_asks_for_what_an_episode_lacks_is_not_used() -> None:
    facts = {"audio": "https://a.org/1.mp3", "jump": "{link}?t={seconds}"}
    assert link_at(episode(**facts), 1) == "https://a.org/1.mp3#t=1"


def test_a_link_never_names_a_time_before_the_beginning() -> None:
    assert link_at(episode(link="https://a.org/1"), -3.0) == "https://a.org/1#t=0"


@given(path=st.text() | nasty, jump=st.none() | nasty.map(lambda text: f"https://b.org/{text}{{guid}}"))
def test_a_link_is_plain_ascii_whatever_the_facts_hold(path: str, jump: str | None) -> None:
    made = link_at(episode(link=f"https://a.org/{path}", jump=jump, guid=path or "x"), 7)
    assert made is None or re.fullmatch(r"https?://[!-~]+", made)
    assert made is None or not re.search(r'[<>"\\^`{}|]', made)


@given(text=st.text())
def test_encoding_twice_changes_nothing(text: str) -> None:
    once = encoded(f"https://a.org/{text}")
    assert once is None or encoded(once) == once
