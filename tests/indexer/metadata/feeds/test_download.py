"""Large files come in pieces, go on after a break, and never appear half done."""

from __future__ import annotations

import re
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from support.transcripts.feeds import Site, answer

from indexer.metadata.feeds.download import TooLarge, download, part_of
from indexer.metadata.feeds.http_client import Fetcher, FetchProblem

AUDIO = bytes(range(256)) * 4096


class Host:
    """Serves AUDIO with ranges; sends only the first `most` bytes of a response."""

    def __init__(self, etag: str = '"one"', most: int = len(AUDIO), ranges: bool = True) -> None:
        self.etag, self.most, self.ranges, self.data = etag, most, ranges, AUDIO
        self.asked: list[str | None] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers["Range"]
        self.asked.append(wanted)
        begin = int(re.findall(r"\d+", wanted)[0]) if wanted and self.ranges else 0
        if request.headers["If-Range"] != self.etag:
            begin = 0
        if wanted and begin >= len(self.data):
            answer(request, b"", 416)
            return
        request.send_response(206 if begin else 200)
        if self.etag:
            request.send_header("ETag", self.etag)
        if begin:
            request.send_header("Content-Range", f"bytes {begin}-{len(self.data) - 1}/{len(self.data)}")
        request.send_header("Content-Length", str(len(self.data) - begin))
        request.end_headers()
        request.wfile.write(self.data[begin : begin + self.most])


@pytest.fixture
def host(site: Site) -> Host:
    found = Host()
    site.pages["/a.mp3"] = found
    return found


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "new" / "a.mp3"


def get(site: Site, target: Path, most: int = 1 << 30) -> None:
    download(Fetcher(), site.url("/a.mp3"), target, most)


def test_a_file_comes_whole_and_leaves_nothing_beside_it(site: Site, host: Host, target: Path) -> None:
    steps: list[tuple[int, int]] = []
    download(Fetcher(), site.url("/a.mp3"), target, 1 << 30, lambda *step: steps.append(step))
    assert target.read_bytes() == AUDIO
    assert [path.name for path in target.parent.iterdir()] == ["a.mp3"]
    assert steps[-1] == (len(AUDIO), len(AUDIO))


def test_what_has_come_is_not_requested_again(site: Site, host: Host, target: Path) -> None:
    host.most = 300_000
    with pytest.raises(FetchProblem, match="ended too early"):
        get(site, target)
    assert not target.exists()
    begun = part_of(target).stat().st_size
    assert 0 < begun <= 300_000
    host.most = len(AUDIO)
    get(site, target)
    assert host.asked == [None, f"bytes={begun}-"]
    assert target.read_bytes() == AUDIO


@pytest.mark.parametrize("change", ["version", "none", "no ranges", "shorter"])
def test_another_version_begins_anew(site: Site, host: Host, target: Path, change: str) -> None:
    host.most = 300_000
    host.etag = "" if change == "none" else '"one"'
    with pytest.raises(FetchProblem):
        get(site, target)
    host.most = len(AUDIO)
    if change == "version":
        host.etag, host.data = '"two"', AUDIO[::-1]
    host.ranges = change != "no ranges"
    if change == "shorter":
        host.data = AUDIO[:1000]
    get(site, target)
    assert target.read_bytes() == host.data


def test_a_file_larger_than_the_space_is_refused(site: Site, host: Host, target: Path) -> None:
    with pytest.raises(TooLarge):
        get(site, target, len(AUDIO) - 1)
    assert not target.exists()
    site.pages["/a.mp3"] = lambda request: answer(request, AUDIO)  # without a length
    with pytest.raises(TooLarge):
        get(site, target, 1000)
    assert not target.exists()


def test_a_file_of_a_public_feed_never_comes_from_this_machine(site: Site, host: Host, target: Path) -> None:
    with pytest.raises(FetchProblem, match="this machine"):
        download(Fetcher(outside=True), site.url("/a.mp3"), target, 1 << 30)
    assert host.asked == []


def test_an_error_of_the_server_is_told(site: Site, target: Path) -> None:
    with pytest.raises(FetchProblem, match="404"):
        get(site, target)
