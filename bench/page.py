"""Measures `podseek serve` as someone at a browser sees it, in Chromium.

    python bench/page.py INDEX [--rounds 30] [--rate 8]

- typing: queries of words that the index really has, a character at a time, `--rate` characters a second (8 is a quick
  typist), or all at once, as an input method enters a word. Time from the last character to the first frame that has
  its moments; and the part of it that the server took.
- opening: an episode of 3 hours with 6,300 lines, made for this, at a random second, with a query whose matches are all
  over it. Time from the beginning of the navigation to the first frame with the line of that second.
- audio: a click on play there. Time until the sound has moved on, and how far from the asked second it began.

Prints the median and the 95th percentile of each, in milliseconds, and the load of the machine.

Fair: a real browser and a real server process, each query new to it. Unfair: both are on one machine, the browser has
no screen, and a frame is counted when it is handed over to be painted.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from playwright.sync_api import sync_playwright
from serve import queries_from
from shared.figures import percentile

from search import open_library
from search.frontends.web.served.examples import example_words
from search.frontends.web.served.served_index import open_indexes

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
HOURS, LINES = 3, 6300
RATE = 3000
"""Samples a second of the silence that is played: the least that browsers play."""
GOALS = {"typing": 150, "typing, server": 60, "opening": 1000, "audio": 300, "audio, off by": 300}
"""Milliseconds."""

_PAINTED = """
() => new Promise((done) => {
  const box = document.getElementById("q");
  const look = () => {
    const results = document.getElementById("results");
    if (results?.dataset.query !== box.value.trim() || !window.typedAt) return requestAnimationFrame(look);
    requestAnimationFrame(() => {
      const channel = new MessageChannel();  // its message comes after the frame was handed over
      channel.port1.onmessage = () => {
        const asked = performance.getEntriesByType("resource").filter((one) => one.name.includes("part=results"));
        const last = asked.at(-1);
        done([performance.now() - window.typedAt, last ? last.responseEnd - last.requestStart : null]);
      };
      channel.port2.postMessage(0);
    });
  };
  look();
})
"""
_OPENED = """
() => new Promise((done) => {
  const look = () => {
    const line = document.querySelector('#lines .line[aria-current="true"]');
    const place = line?.getBoundingClientRect();
    if (!place || place.top < 0 || place.bottom > innerHeight) return requestAnimationFrame(look);
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done(performance.now());
      channel.port2.postMessage(0);
    });
  };
  look();
})
"""
_SOUNDS = """
() => new Promise((done) => {
  const audio = document.getElementById("audio");
  const wanted = Number(document.getElementById("reader").dataset.at);
  const begin = performance.now();
  let first = null;
  const look = () => {
    if (!audio.paused && audio.readyState > 2 && !audio.seeking) {
      first ??= audio.currentTime;
      if (audio.currentTime > first) return done([performance.now() - begin, 1000 * Math.abs(first - wanted)]);
    }
    setTimeout(look, 5);
  };
  look();
  document.getElementById("reader-play").click();
})
"""


def long_episode(folder: Path, texts: Sequence[str]) -> Path:
    """Writes an episode of three hours with sound, and returns its index."""
    talks = folder / "talks"
    talks.mkdir()
    step = HOURS * 3600 / LINES

    def clock(second: float) -> str:
        return f"{int(second) // 3600:02}:{int(second) // 60 % 60:02}:{second % 60:06.3f}".replace(".", ",")

    cues = (
        f"{n + 1}\n{clock(n * step)} --> {clock((n + 1) * step - 0.05)}\n{texts[n % len(texts)]}\n"
        for n in range(LINES)
    )
    (talks / "long.srt").write_text("\n".join(cues), "utf-8")
    with wave.open(str(talks / "long.wav"), "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(1)
        opened.setframerate(RATE)
        for _ in range(HOURS):
            opened.writeframes(b"\x80" * (RATE * 3600))
    index = folder / "long"
    subprocess.run([sys.executable, str(ROOT / "cli.py"), "index", talks, "--index", index], check=True)
    return index


@contextmanager
def served(*indexes: Path) -> Iterator[str]:
    """The address of a server of these indexes, without the last slash."""
    command = [sys.executable, str(ROOT / "cli.py"), "serve", *map(str, indexes), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip().rstrip("/")
        finally:
            server.terminate()


def typed(page: Page, address: str, query: str, pause: float) -> tuple[float, float | None]:
    """Types a query, a character every `pause` ms (0: at once). (ms until its moments are painted, ms of the server)"""
    page.goto(f"{address}/search?q=zzzz")
    page.locator("#q").fill("")
    page.evaluate("performance.clearResourceTimings(); window.typedAt = 0")
    page.evaluate(
        "(last) => document.getElementById('q').addEventListener('input',"
        " (event) => { if (event.target.value === last) window.typedAt = performance.now(); }, true)",
        query,
    )
    page.locator("#q").focus()
    for part in query if pause else (query,):
        page.keyboard.insert_text(part)
        page.wait_for_timeout(pause)
    spent, server = page.evaluate(_PAINTED)
    return spent, server


def opened(page: Page, address: str, query: str, second: int) -> float:
    """Milliseconds from the beginning of a navigation to the reader until the line of a second is painted."""
    page.goto("about:blank")
    page.goto(f"{address}/episode/talks/long?q={quote(query)}&at={second}#t={second}", wait_until="commit")
    return float(page.evaluate(_OPENED))


def address_of(index: Path) -> str:
    """The part of the address that names one of several indexes."""
    return open_indexes([index])[0].name


def typing(page: Page, address: str, queries: Sequence[str], pause: float) -> dict[str, list[float]]:
    """Milliseconds until moments are painted: of queries typed by key, of those entered at once, and of the server."""
    found: dict[str, list[float]] = {"typing": [], "typing at once": [], "typing, server": []}
    for number, query in enumerate(queries):
        spent, server = typed(page, address, query, pause if number % 2 else 0)
        found["typing" if number % 2 else "typing at once"].append(spent)
        if server is not None:
            found["typing, server"].append(server)
    return found


def reading(page: Page, address: str, words: Sequence[str]) -> dict[str, list[float]]:
    """Milliseconds until a long episode is shown, and until it sounds."""
    chance = random.Random(0)
    found: dict[str, list[float]] = {"opening": [], "audio": [], "audio, off by": []}
    for word in words:
        found["opening"].append(opened(page, address, word, chance.randrange(HOURS * 3600 - 60)))
        spent, off = page.evaluate(_SOUNDS)
        found["audio"].append(spent)
        found["audio, off by"].append(off)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--rate", type=float, default=8.0)
    options = parser.parse_args()
    with open_library(options.index) as library:
        queries = queries_from(library, options.rounds, seed=2)
        texts = [cue.text for cue in library.read(library.episodes()[0].id)[1]]
    browser_options = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        with open_library(long_index := long_episode(Path(folder), texts)) as library:
            inside = list(example_words(library.explore.snapshot, options.rounds))
        with served(options.index, long_index) as address:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=browser_options)
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            found = typing(page, f"{address}/{address_of(options.index)}", queries, 1000 / options.rate)
            found |= reading(page, f"{address}/{address_of(long_index)}", inside)
            browser.close()
    print(f"{options.rounds} rounds, {options.rate:g} characters a second")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for name, times in found.items():
        if not times:
            continue  # a single round types only one way
        goal = f"   goal {GOALS[name]:5} ms" if name in GOALS else ""
        print(f"{name:18} p50 {percentile(times, 0.5):6.0f} ms   p95 {percentile(times, 0.95):6.0f} ms{goal}")


if __name__ == "__main__":
    main()
