"""A real Chromium that looks at `podseek serve`, for the tests of what scripts and styles do. PYTEST_DONT_REWRITE

It runs headless, asks no other host (what it tried is kept), and what its console says is kept, too.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from search.frontends.web.app import make_app
from search.frontends.web.served.served_index import open_indexes
from search.frontends.web.settings import Settings
from support.library import PATIENCE, Tools, spaced, unlike, write_lines

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TIMEOUT = float(os.environ.get("PODSEEK_TEST_TIMEOUT", 60))
"""Seconds to wait for what a page is about to do."""
RATE = 3000
"""Samples a second of the silence that `write_silence` makes: the least that browsers play."""


def write_silence(path: Path, seconds: int) -> Path:
    """A WAV file that plays for so long. One byte a sample."""
    with wave.open(str(path), "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(1)
        opened.setframerate(RATE)
        opened.writeframes(b"\x80" * (RATE * seconds))
    return path


@contextmanager
def serving(*indexes: Path, **settings: Any) -> Iterator[str]:
    """Serves these indexes on a free port of this machine; yields the address, without the last slash."""
    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    app = make_app(open_indexes(indexes), Settings(port=port, **settings))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        listener.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser. Its sandbox needs a user of its own, so it is off for root, as in CI."""
    from playwright.sync_api import sync_playwright

    options = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Seen:
    """The side effects of a page: requests, console messages and the like."""

    console: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def check(self) -> None:
        """No error, no violation of the policy, no dialog of a script, and no request to another host."""
        assert not self.console, self.console
        assert not self.elsewhere, self.elsewhere


@contextmanager
def tab(browser: Browser, base: str, **options: Any) -> Iterator[tuple[Page, Seen]]:
    """A page of a fresh profile, whose addresses begin at `base`. Other hosts are never reached."""
    context = browser.new_context(base_url=base, **{"locale": "en-GB", **options})
    context.set_default_timeout(TIMEOUT * 1000)
    seen = Seen()

    def refuse(route: Any) -> None:
        seen.elsewhere.append(route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith((base + "/", "data:")), refuse)
    page = context.new_page()
    page.on("request", lambda asked: seen.asked.append(asked.url.removeprefix(base)))
    page.on("console", lambda said: seen.console.append(f"{said.type}: {said.text}"))
    page.on("pageerror", lambda error: seen.console.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (seen.console.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    try:
        yield page, seen
    finally:
        context.close()


def until(page: Page, expression: str) -> None:
    """Waits until an expression is true. Playwright's own way needs `eval`, which the policy of the page forbids."""
    end = monotonic() + TIMEOUT
    while not page.evaluate(expression):
        assert monotonic() < end, f"never came true: {expression}"
        page.wait_for_timeout(30)


def axe_findings(page: Page) -> Sequence[str]:
    """Returns the violations that axe-core reports: rule and element."""
    from axe_playwright_python.base import AXE_FILE_PATH

    if page.evaluate("typeof axe") == "undefined":
        # Not by a <script>, which the policy of the page forbids.
        page.evaluate(Path(AXE_FILE_PATH).read_text("utf-8"))
    result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary']}"
        for one in result["violations"]
        for node in one["nodes"]
    ]


def compose(page: Page, *steps: str, end: str) -> None:
    """Types with an input method: shows each step as text that is still composed, then enters `end`."""
    session = page.context.new_cdp_session(page)
    for text in steps:
        session.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    if end:
        session.send("Input.insertText", {"text": end})


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a module. Playwright leaves an event loop running, which no other module should meet."""
    with chromium() as opened:
        yield opened


TALK = (
    "大家好这里是夜航船",
    "今天聊聊灯塔和海图",
    "灯塔的光能照多远",
    "晴天能照二十海里",
    "海图上画着每一座灯塔",
    "没有灯塔的地方怎么办",
    "那就看星星定位置",
    "六分仪量的是高度角",
    "现在大家都用卫星了",
    "卫星坏了还是要看星星",
)
"""What is said in the episode `talk`, a line every four seconds, three times over."""
LONG = 6000
"""Lines of the episode `long`, one a second."""
BEACONS = (100, 3000, 5900)
"""The lines of `long` that name a beacon."""


@pytest.fixture(scope="session")
def ship(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with sound: `talk` and `long` have audio beside them, `far` has it on the web, `mute` nowhere."""
    folder = tmp_path_factory.mktemp("ship") / "night-boat"
    write_lines(folder / "talk.srt", spaced(TALK * 3))
    write_silence(folder / "talk.wav", 130)
    spoken = [f"第{number}句话说到了海" for number in range(LONG)]
    for number in BEACONS:
        spoken[number] = f"第{number}句话说到了浮标"
    write_lines(folder / "long.srt", spaced(spoken, 1.0))
    write_silence(folder / "long.wav", LONG)
    write_lines(folder / "far.srt", spaced(["远方的潮水", "潮水退了", "再见"]))
    write_lines(folder / "mute.srt", [(0.4, 4.6, "无声的雪"), (4.6, 8.0, "雪停了")])
    for number in range(24):
        write_lines(folder / f"tide{number:02}.srt", spaced(["涨潮的时候", "船就能进港", unlike(number)]))
    facts = "show = '夜航船'\n\n[episodes.talk]\ntitle = '灯塔与星星'\ndate = '2025-03-01'\n\n"
    facts += "[episodes.far]\naudio = 'https://sound.example.org/far.mp3'\n"
    (folder / "podcast.toml").write_text(facts, "utf-8")
    return tools.index([folder], folder.parent / "index")


@pytest.fixture(scope="module")
def address(ship: Path) -> Iterator[str]:
    with serving(ship) as base:
        yield base


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of the ship on which nothing may go wrong."""
    with tab(browser, address) as (opened, seen):
        yield opened
        seen.check()
