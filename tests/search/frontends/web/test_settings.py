"""What `podseek serve` may be told: addresses, hosts, tokens and processes."""

from __future__ import annotations

import os

import pytest

from indexer.core.errors import PodseekProblem
from search.frontends.web.safety.hosts import host_check
from search.frontends.web.settings import Settings, audio_host, check_settings, default_processes, public_address

TOKEN = "a-token-that-nobody-guesses"


@pytest.mark.parametrize(
    "settings",
    [Settings(host="0.0.0.0"), Settings(host="::"), Settings(host="192.168.0.7"), Settings(token="short")],
)
def test_transcripts_are_not_served_to_strangers_by_mistake(settings: Settings) -> None:
    with pytest.raises(PodseekProblem, match=r"--token"):
        check_settings(settings)


@pytest.mark.parametrize(
    "url",
    [
        *("example.org", "ftp://example.org", "https://", "https://u@example.org", "https://a?b", "https://a:b"),
        *(
            "https://a b",
            "https://a/b c",
            'https://a/"b"',
            "https://a/<b>",
            "https://a/\n",
            "https://a/播客",
            "https://a?",
        ),
        *("https://a/b;c", "https://a//evil.example", "https://播客.example", "https://a\\b", "https://a/\x1b[31m"),
    ],
)
def test_a_public_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(PodseekProblem, match="write it like") as raised:
        public_address(url)
    assert "\x1b" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Pods.example.org:443/talks", "pods.example.org"),
        ("http://pods.example.org:80", "pods.example.org"),
        ("https://pods.example.org:80", "pods.example.org:80"),
        ("https://pods.example.org:", "pods.example.org"),
        ("https://[FE80::1]:443", "[fe80::1]"),
        ("https://[fe80::1]:8443", "[fe80::1]:8443"),
    ],
)
def test_the_default_port_of_a_public_url_is_left_out_as_browsers_do(url: str, host: str) -> None:
    public = public_address(url)
    assert public.host == host and public.origin.endswith(f"//{host}")
    assert host_check(Settings(public=public))(host)


def test_behind_a_proxy_the_public_name_is_known() -> None:
    settings = Settings(public=public_address("https://Pods.example.org/talks/"))
    check_settings(settings)
    is_ours = host_check(settings)
    assert is_ours("pods.example.org") and is_ours("127.0.0.1:8765")
    assert not is_ours("pods.example.org:8765") and not is_ours("example.org")


def test_on_a_network_addresses_are_known_and_names_are_not() -> None:
    is_ours = host_check(Settings(host="0.0.0.0", token=TOKEN))
    assert is_ours("192.168.0.7:8765") and is_ours("[fe80::1]:8765")
    assert not is_ours("evil.example:8765") and not is_ours("192.168.0.7")


@pytest.mark.parametrize("name", ["", "*", "a", "https://a.org", "a.org;script-src *", "a.org b.org", "*.a.org\nX: y"])
def test_what_is_no_name_of_a_host_gets_into_no_header(name: str) -> None:
    with pytest.raises(PodseekProblem, match="is no name of a host"):
        audio_host(name)
    assert audio_host("*.Example.org:8443") == "*.example.org:8443"


def test_a_team_has_a_process_for_each_core_and_one_person_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fork", lambda: 0, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)), raising=False)
    public = public_address("https://example.org")
    assert default_processes(Settings()) == 1
    assert default_processes(Settings(public=public)) == default_processes(Settings("0.0.0.0", token="x" * 16)) == 4
    assert default_processes(Settings(public=public, allow_edit=True)) == 1
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3}, raising=False)
    assert default_processes(Settings(public=public)) == 1
