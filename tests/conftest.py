"""Shared fixtures, and the plugins that have more. No test reads or writes the data of the person who runs them, or
depends on where they run it."""

from __future__ import annotations

import gc
import os
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import srt
from hypothesis import settings
from support.programs import WithoutServing, can_serve, skip_without_programs, summary

from indexer import workers
from indexer.core.files import atomic_write
from indexer.core.text.folding import Folding, opencc_table
from indexer.core.words.pronunciation import Readings
from indexer.runs import compatibility
from indexer.segmentation.pinyin import pypinyin_readings
from indexer.segmentation.segmenter import Segmenter
from indexer.store import durable_storage

# No deadline: the first example of a test may load a dictionary. No database: nothing is left behind.
# The same examples in every run, so that a failure is the fault of a change; `search` looks for new ones.
settings.register_profile("podseek", deadline=None, database=None, max_examples=80, derandomize=True)
settings.register_profile("search", deadline=None, database=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("PODSEEK_HYPOTHESIS", "podseek"))

pytest_plugins = [
    "support.transcripts.indexes",
    "support.transcripts.shows",
    "support.transcripts.feeds",
    "support.transcripts.feed_show",
    "support.nodes.cluster_server",
    "support.damage.spoilt_index",
    "support.front_ends.searching",
]

WriteSrt = Callable[..., Path]

_MOST_GARBAGE = 300_000
"""Objects made and not dropped since the last collection."""

HEARD = re.compile(
    r"PODSEEK_.*|LC_.*|LANG.*|.*COLOR|COLUMNS|LINES|PAGER|LESS|MORE|.*DISPLAY|BROWSER|.*_PROXY|WATCHFILES_.*|PYTHON(UTF8|IOENCODING)",
    re.I,
)
"""The variables that podseek, Python or a library listens to: a test that wants one sets it."""


def pytest_configure(config: pytest.Config) -> None:
    if not can_serve():
        config.pluginmanager.register(WithoutServing())


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    skip_without_programs(item)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if line := summary(terminalreporter.getreports("skipped")):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one cache folder of a test run, so that the dictionaries are read from their sources only once: of all its
    processes, if it runs in parallel."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return tmp_path_factory.mktemp("cache")
    shared = tmp_path_factory.getbasetemp().parent / "cache"
    shared.mkdir(exist_ok=True)
    return shared


@pytest.fixture(scope="session", autouse=True)
def known_environment(tmp_path_factory: pytest.TempPathFactory, cache_home: Path) -> Iterator[None]:
    """The same variables for every run: those of a terminal that can do all, with every default folder of podseek a
    temporary one. A test changes them with `monkeypatch`."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in filter(HEARD.fullmatch, list(os.environ)):
            patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("PODSEEK_INDEX", str(home / "index"))
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        patch.setenv("XDG_STATE_HOME", str(home / "state"))
        patch.setenv("XDG_CACHE_HOME", str(cache_home))
        patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        patch.setenv("TERM", "xterm-256color")
        patch.setenv("LANG", "C.UTF-8")
        yield


@pytest.fixture(scope="session", autouse=True)
def known_signals() -> Iterator[None]:
    """Signals do what they do in the foreground of a terminal. `nohup` and the `&` of a script have them ignored, which
    processes that a test starts would inherit; what is handled here is for them as the system has it."""
    numbers = (getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
    ignored = [number for number in numbers if signal.getsignal(number) == signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else _unheard)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


def _unheard(*_: object) -> None:
    """Ignores a signal in this process and in none that it starts."""


@pytest.fixture(autouse=True)
def bounded_garbage() -> Iterator[None]:
    """To import the commands switches Python's collector off (`cli`): a process of tests runs it in between. What it
    leaves are dictionaries, modules and tests: it does not look at them again."""
    yield
    if not gc.isenabled() and gc.get_count()[0] > _MOST_GARBAGE:
        gc.collect()
        gc.freeze()


@pytest.fixture(autouse=True)
def unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the disk takes most of the time of a test that indexes, and no test but those of it needs that. They
    set `atomic_write.sync` to what they look at; then files are synced as ever."""
    monkeypatch.setattr(atomic_write, "sync", _not_synced)
    monkeypatch.setattr(durable_storage, "sync_files", _sync_files)


def _not_synced(opened: int) -> None:
    """Leaves a file to the system."""


def _sync_files(paths: Sequence[Path]) -> None:
    if atomic_write.sync is not _not_synced:
        atomic_write.sync_files(paths)


@pytest.fixture(scope="session")
def folding() -> Folding:
    return Folding(opencc_table())


@pytest.fixture(scope="session")
def readings(folding: Folding, cache_home: Path) -> Readings:
    with atomic_write.alone_in(cache_home):
        return pypinyin_readings(folding.table, cache_home / "podseek")


@pytest.fixture(scope="session")
def segmenter(cache_home: Path) -> Segmenter:
    with atomic_write.alone_in(cache_home):
        return Segmenter(cache=cache_home / "podseek")


@pytest.fixture
def loaded_tools(monkeypatch: pytest.MonkeyPatch, folding: Folding, readings: Readings, segmenter: Segmenter) -> None:
    """Indexing in this process uses the dictionaries of the test run instead of loading them each time."""

    def make(lexicon: Sequence[str], cache: Path) -> Segmenter:
        return Segmenter(lexicon, cache) if lexicon else segmenter

    monkeypatch.setattr(workers, "Segmenter", make)
    monkeypatch.setattr(compatibility, "opencc_table", lambda: folding.table)
    monkeypatch.setattr(compatibility, "pypinyin_readings", lambda *_: readings)


@pytest.fixture
def write_srt() -> WriteSrt:
    """Writes an SRT file of the given texts, one cue every `step` seconds, and makes its folders."""

    def write(path: Path, *texts: str, step: float = 3.0) -> Path:
        cues = [
            srt.Subtitle(number, timedelta(seconds=number * step), timedelta(seconds=(number + 1) * step), text)
            for number, text in enumerate(texts)
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(srt.compose(cues), "utf-8")
        return path

    return write
