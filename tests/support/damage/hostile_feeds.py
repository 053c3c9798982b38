"""A server of hostile feeds, and what podseek makes of each:

    PYTHONPATH=.:tests python tests/support/damage/hostile_feeds.py [NAME...]

Each feed is followed twice, as `podseek index --feed` does, into a new index beside one transcript. A line says how
many seconds and MB it took, and what was complained about. Whatever comes, the run ends in time, with complaints of one
line, and the transcript is in the index.
"""

from __future__ import annotations

import argparse
import gzip
import resource
import socket
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TypeAlias

import indexer
from search import open_library
from support.damage.campaign import peak_mb
from support.transcripts.feeds import HEAD, rss

Send: TypeAlias = "Callable[[bytes], None]"
Page: TypeAlias = "bytes | Callable[[Send, bytes], None]"
"""All of an answer, or what sends it, given the request."""

LONGEST, MOST_MB = 420.0, 700.0
"""Seconds and MB that following a feed twice may take; a download may take three minutes."""
SRT = b"1\n00:00:01,000 --> 00:00:02,000\n\xe6\xb0\xb4\xe5\xbc\x80\xe4\xba\x86\n"
ITEM = "<title>海底的光</title><guid>1</guid><pubDate>Sun, 08 Jun 2025 08:00:00 +0000</pubDate>"
FINE = rss(ITEM)
_numbers = count()


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | str | None = -1) -> bytes:
    """An answer; `length` None leaves the header out, -1 is the true one."""
    told = [f"Content-Length: {len(body) if length == -1 else length}"] if length is not None else []
    return "\r\n".join([f"HTTP/1.1 {status}", *told, *headers, "Connection: close", "", ""]).encode("latin-1") + body


def to(place: str, status: str = "302 Found") -> bytes:
    return answer(b"", f"Location: {place}", status=status)


def endless(piece: bytes, head: bytes = b"", pause: float = 0.0) -> Page:
    def send_all(send: Send, _: bytes) -> None:
        send(head or answer(b"", length=None))
        while True:
            send(piece)
            time.sleep(pause)

    return send_all


def bomb(levels: int = 1) -> bytes:
    """Gzip of a gigabyte of blanks, packed again `levels` - 1 times."""
    packer = zlib.compressobj(9, wbits=31)
    data = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(1024)) + packer.flush()
    for _ in range(levels - 1):
        data = gzip.compress(data)
    return data


def new_guids(send: Send, _: bytes) -> None:
    """Other items each time."""
    items = (f"<title>{next(_numbers)}</title><guid>{next(_numbers)}</guid>" for _ in range(20_000))
    send(answer(rss(*items)))


def etag(value: str) -> Page:
    """Not modified for who has the tag, or else another version."""

    def send_it(send: Send, request: bytes) -> None:
        if b"if-none-match" in request.lower():
            send(answer(b"", status="304 Not Modified"))
        else:
            send(answer(FINE, f"ETag: {value}"))

    return send_it


def entities(kind: str) -> bytes:
    laughs = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    inner = {
        "laughs": f"<!ENTITY a0 'ha'>{laughs}",
        "file": "<!ENTITY a9 SYSTEM 'file:///etc/passwd'>",
        "web": "<!ENTITY % a SYSTEM 'http://127.0.0.1:9/x.dtd'> %a;",
        "quadratic": f"<!ENTITY a9 '{'a' * 100_000}'>",
    }[kind]
    used = "&a9;" * (2000 if kind == "quadratic" else 1)
    return f"<!DOCTYPE rss [{inner}]><rss version='2.0'><channel><title>{used}</title></channel></rss>".encode()


def attributes(root: str) -> bytes:
    """A long default for an attribute of many elements."""
    declared = f"<!ATTLIST a b CDATA '{'b' * 100_000}'>"
    return f"<!DOCTYPE {root} [{declared}]><{root}>{'<a/>' * 10_000}</{root}>".encode()


def linked(*elements: str) -> bytes:
    return answer(rss(*(f"<title>第{n}集</title><guid>{n}</guid>{one}" for n, one in enumerate(elements))))


def transcript(url: str) -> str:
    return f"<podcast:transcript url='{url}' type='application/srt'/>"


def pages(address: str) -> dict[str, Page]:
    """The hostile feeds by name."""
    deep, times = 10**6, ("99999999999", "-1", "NaN", "1e999", "１２", "25:61:61", "::", "9" * 5000)
    dates = (f"<title>{n}</title><pubDate>{one}</pubDate>" for n, one in enumerate(times))
    bad_links = "<enclosure url='file:///etc/passwd'/><link>javascript:alert(1)</link>"
    served = transcript(f"{address}/srt")
    names = (f"<title>{one}</title>{served}" for one in ("..", "a/b", "\x7f" * 300))
    durations = "".join(f"<itunes:duration>{one}</itunes:duration>" for one in times)
    chapters = "".join(f"<psc:chapter start='{one}' title='a'/>" for one in times)
    return {
        "endless": endless(b"<item>" * 10_000, answer(HEAD.encode(), length=None)),
        "slow": endless(b"<", pause=1.0),
        "slow headers": endless(b"X: y\r\n", b"HTTP/1.1 200 OK\r\n", pause=0.5),
        "many headers": answer(FINE, *(f"X-{n}: y" for n in range(5000))),
        "a long header": answer(FINE, f"X: {'y' * 10**6}"),
        "endless 100": endless(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        "no http": FINE,
        "silence": lambda _, __: time.sleep(600),
        "nothing": b"",
        "status 999": answer(FINE, status="999 \x1b[31mred"),
        "not modified": answer(b"", status="304 Not Modified"),
        "redirect loop": to("/redirect%20loop"),
        "redirect to a file": to("file:///etc/passwd"),
        "redirect to nothing": to("http://"),
        "redirect with odd characters": to("/x y\x7f\xa0?\xe9"),
        "redirect to a neighbour": to("http://169.254.169.254/latest"),
        "redirect to user": to("http://a:b@127.0.0.1/"),
        "short": answer(FINE, length=10**9),
        "long": answer(FINE + b"<rss/>", length=len(FINE) - 20),
        "negative length": answer(FINE, length=-5),
        "length of letters": answer(FINE, length="ten"),
        "chunks of nonsense": answer(b"zz\r\nabc\r\n", "Transfer-Encoding: chunked", length=None),
        "a huge chunk": answer(b"fffffffffffffffff\r\nabc\r\n", "Transfer-Encoding: chunked", length=None),
        "gzip bomb": answer(bomb(), "Content-Encoding: gzip"),
        "gzip in gzip": answer(bomb(2), "Content-Encoding: gzip"),
        "half a gzip": answer(gzip.compress(FINE)[:40], "Content-Encoding: gzip"),
        "no gzip": answer(FINE, "Content-Encoding: gzip"),
        "brotli": answer(FINE, "Content-Encoding: br"),
        **{f"entities: {kind}": answer(entities(kind)) for kind in ("laughs", "file", "web", "quadratic")},
        "attributes by default": answer(attributes("rss")),
        "a million tags": answer(b"<a>" * deep),
        "a million closed tags": answer(HEAD.encode() + b"<channel>" + b"<a/>" * deep + b"</channel></rss>"),
        "a million attributes": answer(b"<rss " + b" ".join(b"a%d='1'" % n for n in range(deep)) + b"/>"),
        "a hundred thousand items": answer(rss(*["<title>a</title>"] * 100_000)),
        "a long title": answer(rss(f"<title>{'长' * 3_000_000}</title>")),
        "a long name": answer(rss(ITEM, title="../" * 200 + "\x1b")),
        "UTF-16 by name": answer(FINE, "Content-Type: text/xml; charset=utf-16"),
        "UTF-32": answer(FINE.decode().encode("utf-32")),
        "an unknown encoding": answer(b"<?xml version='1.0' encoding='klingon'?>" + FINE),
        "UTF-7": answer(b"<?xml version='1.0' encoding='utf-7'?>" + FINE),
        "wrong bytes": answer(FINE.replace("海".encode(), b"\xff\xfe\x80") * 3),
        "controls": answer(rss("<title>a\x1b[31m\x00\x07\x85\u202eb</title><guid>\x01</guid>")),
        "times of nonsense": answer(rss(f"{ITEM}{durations}<psc:chapters>{chapters}</psc:chapters>")),
        "dates of nonsense": answer(rss(*dates)),
        "files as enclosures": answer(rss(f"{ITEM}{bad_links}")),
        "files as transcripts": linked(transcript("file:///etc/passwd"), transcript("../../../../etc/passwd")),
        "an endless transcript": linked(transcript(f"{address}/endless")),
        "a bomb as transcript": linked(transcript(f"{address}/gzip%20bomb")),
        "a transcript of another": linked(*[served] * 3),
        "five hundred missing transcripts": linked(*(transcript(f"{address}/none/{n}") for n in range(500))),
        "names for files": answer(rss(*names)),
        "endless chapters": linked(f"<podcast:chapters url='{address}/endless' type='a'/>{served}"),
        "an old tag": etag('"a"'),
        "a tag of two lines": etag('"a\r\n b"'),
        "a long tag": etag('"' + "a" * 60_000 + '"'),
        "a tag of other letters": etag('"\xe9\xff"'),
        "other items each time": new_guids,
        "srt": answer(SRT),
    }


@contextmanager
def serving() -> Iterator[tuple[str, dict[str, Page]]]:
    """Serves the pages of a mapping; yields the address and the mapping, which may be changed."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=100)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    served: dict[str, Page] = {}

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = connection.recv(65536)
            name = request.split(b" ")[1].decode("latin-1").lstrip("/").replace("%20", " ")
            page = served.get(name, answer(b"", status="404 Not here"))
            if callable(page):
                page(connection.sendall, request)
            else:
                connection.sendall(page)

    def accept() -> None:
        with suppress(OSError):
            while True:
                Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    Thread(target=accept, daemon=True).start()
    try:
        yield address, served
    finally:
        listener.close()


def follow(url: str, folder: Path) -> list[str]:
    """Follows a feed twice; returns the complaints. Raises whatever a run raises."""
    show, index = folder / "show", folder / "index"
    show.mkdir()
    (show / "a.srt").write_bytes(SRT)
    complaints: dict[str, None] = {}
    for _ in range(2):
        report = indexer.index_paths([show], index, feeds=[url], jobs=1)
        complaints.update(dict.fromkeys(map(str, report.complaints)))
    with open_library(index) as library:
        assert library.find_episode("show/a").cues == 1
        assert library.check() == []
        for episode in library.episodes():
            assert not any(word in (episode.facts.audio or "") for word in ("file:", "javascript:", "passwd"))
    assert (index / "feeds.json").stat().st_size < 64 << 20 if (index / "feeds.json").exists() else True
    return list(complaints)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    names = parser.parse_args().names
    wrong = 0
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    with serving() as (address, served):
        served |= pages(address)
        for name in names or served:
            begin, before, problem, complaints = time.monotonic(), peak_mb(), "", list[str]()
            with TemporaryDirectory() as folder:
                try:
                    complaints = follow(f"{address}/{name.replace(' ', '%20')}", Path(folder).resolve())
                except Exception as error:
                    problem = f"{type(error).__name__}: {error}"
            took, more = time.monotonic() - begin, peak_mb() - before
            if any("\n" in one or "\x1b" in one for one in complaints):
                problem = "a complaint is no line"
            if took > LONGEST or more > MOST_MB:
                problem = problem or "too much"
            wrong += bool(problem)
            first = complaints[0].replace(address, "")[:160] if complaints else "no complaint"
            print(f"{'WRONG ' + problem if problem else 'fine'}  {name}: {took:.1f} s, {more:.0f} MB, "
                  f"{len(complaints)} complaints: {first}", flush=True)  # fmt: skip
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
