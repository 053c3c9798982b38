"""Whatever is written into a file of an index is read from it as it was."""

from __future__ import annotations

import json
import pickle
import string
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import indexer
from indexer.core.errors import IndexProblem
from indexer.core.feed_types import Feed, FileLink, Item
from indexer.core.files.sealed_json import KEY
from indexer.core.types import Chapter, Episode, Facts
from indexer.core.words.lexicon import add_alias, read_lexicon
from indexer.core.words.pronunciation import Readings, read_readings, write_readings
from indexer.store.fields.record import from_record, to_record
from indexer.store.library.feeds import FILE, StoredFeed, read_store, write_store
from indexer.store.library.seen_moments import Known, SeenMoments, State, read_known, write_known
from indexer.store.manifest import new_manifest, read_manifest, write_manifest
from indexer.store.segments.safe_pickle import unpickle

WriteSrt = Callable[..., Path]

# Names of files may have surrogates for bytes that are no UTF-8.
anything = st.characters()
texts = st.text(anything, max_size=8)
numbers = st.floats(allow_nan=False)
few = {"max_size": 3}
chapters = st.lists(st.builds(Chapter, numbers, texts, st.none() | numbers, texts), **few).map(tuple)
items = st.builds(
    Item,
    guid=texts,
    title=texts,
    date=st.none() | texts,
    audio=st.none() | texts,
    link=st.none() | texts,
    duration=st.none() | numbers,
    language=st.none() | texts,
    number=st.none() | st.integers(),
    speakers=st.lists(texts, **few).map(tuple),
    chapters=chapters,
    soundbites=chapters,
    stamps=chapters,
    chapters_at=st.none() | texts,
    transcripts=st.lists(st.builds(FileLink, texts, texts, texts), **few).map(tuple),
)


@st.composite
def stores(draw: st.DrawFn) -> dict[str, StoredFeed]:
    return {
        source: StoredFeed(
            feed=Feed(source, draw(texts), tuple(draw(st.lists(items, **few)))),
            folder=draw(texts),
            places=tuple(draw(st.lists(texts, **few))),
            etag=draw(texts),
            modified=draw(texts),
            files=draw(st.dictionaries(texts, texts, **few)),
            chapters=draw(st.dictionaries(texts, chapters, **few)),
        )
        for source in draw(st.sets(texts, **few))
    }


NOTED = Item(guid="1", stamps=(Chapter(12.5, "开场", kind="note"),), chapters=(Chapter(0.0, "一", 9.0),))


@given(stores())
@example({"feed.xml": StoredFeed(Feed("feed.xml", "回声", (NOTED,)), "echo", places=("/\udcff",))})
def test_feeds(feeds: dict[str, StoredFeed]) -> None:
    with TemporaryDirectory() as folder:
        write_store(Path(folder), feeds)
        assert read_store(Path(folder)) == feeds


@pytest.mark.parametrize("written", [list, Chapter._asdict], ids=["in lists", "by name"])
def test_feeds_as_they_were_written_before(tmp_path: Path, written: Callable[[Chapter], object]) -> None:
    write_store(tmp_path, {"feed.xml": StoredFeed(Feed("feed.xml", "回声", (NOTED,)), "echo")})
    content = json.loads((tmp_path / FILE).read_bytes())
    (item,) = content["feeds"]["feed.xml"]["items"]
    item |= {"stamps": list(map(written, NOTED.stamps)), "chapters": list(map(written, NOTED.chapters))}
    # Files of version 1 had no checksum.
    (tmp_path / FILE).write_text(json.dumps({name: content[name] for name in content.keys() - {KEY}} | {"version": 1}))
    assert read_store(tmp_path)["feed.xml"].feed.items == (NOTED,)


@pytest.mark.parametrize("content", ["[" * 100_000, '{"version": 1, "feeds": {"a": []}}', "\ufeff{", "{}", "\x00"])
def test_feeds_that_cannot_be_read_are_said_to_be_so(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content, "utf-8")
    with pytest.raises(IndexProblem, match=r"feeds\.json: cannot be read .*: restore it, or remove it"):
        read_store(tmp_path)


@pytest.mark.usefixtures("loaded_tools")
def test_a_feed_with_times_in_its_notes_is_read_by_every_later_run(tmp_path: Path, write_srt: WriteSrt) -> None:
    show, index = tmp_path / "show", tmp_path / "index"
    write_srt(show / "2025-06-08 海底的光.srt", "大家好")
    feed = tmp_path / "feed.xml"
    notes = "<p>00:00 开场</p><p>01:30 海底</p><p>02:10 光</p>"
    feed.write_text(
        "<rss version='2.0'><channel><title>回声</title><item><title>海底的光</title><guid>1</guid>"
        f"<pubDate>Sun, 08 Jun 2025 08:00:00 +0000</pubDate><description><![CDATA[{notes}]]></description></item>"
        "</channel></rss>",
        "utf-8",
    )
    indexer.index_paths([show], index, feeds=[feed], jobs=1)
    assert [chapter.title for chapter in next(iter(read_store(index).values())).feed.items[0].stamps] == [
        "开场",
        "海底",
        "光",
    ]
    report = indexer.index_paths([show], index, jobs=1)
    assert (report.unchanged, report.complaints) == (1, [])


@st.composite
def known(draw: st.DrawFn) -> Known:
    states = draw(st.dictionaries(texts, st.builds(State, texts, texts), **few))
    spans = st.lists(st.tuples(numbers, numbers), **few).map(tuple)
    told = st.builds(SeenMoments, st.frozensets(texts, **few), spans)
    return Known(states, {name: draw(told) for name in states if draw(st.booleans())})


@given(st.dictionaries(texts, known(), **few))
def test_saved_queries(queries: dict[str, Known]) -> None:
    with TemporaryDirectory() as folder:
        write_known(Path(folder), queries)
        assert read_known(Path(folder)) == queries


@given(st.lists(texts, **few), st.dictionaries(anything, anything, **few), texts, st.lists(texts, **few))
def test_the_manifest(lexicon: list[str], folding: dict[str, str], readings: str, lexicons: list[str]) -> None:
    manifest = new_manifest(lexicon, folding, readings, lexicons)
    with TemporaryDirectory() as folder:
        write_manifest(Path(folder), manifest)
        assert read_manifest(folder) == manifest


syllables = st.text(string.ascii_lowercase, min_size=1, max_size=6)


@given(
    st.dictionaries(anything, st.tuples(syllables, st.integers(0, 5)), min_size=1, **few),
    st.dictionaries(texts, texts, **few),
    st.data(),
)
def test_readings(characters: dict[str, tuple[str, int]], phrases: dict[str, str], data: st.DataObject) -> None:
    classes = {syllable: data.draw(st.integers(1, 255)) for syllable, _ in characters.values()}
    readings = Readings(characters, phrases, classes)
    with TemporaryDirectory() as folder:
        write_readings(Path(folder), readings)
        read = read_readings(folder)
        assert (read.characters, read.phrases, read.classes) == (characters, phrases, classes)


facts = st.builds(
    Facts,
    show=texts,
    title=texts,
    date=st.none() | texts,
    audio=st.none() | texts,
    link=st.none() | texts,
    language=st.none() | texts,
    offset=numbers,
    speakers=st.lists(texts, **few).map(tuple),
    guid=st.none() | texts,
    jump=st.none() | texts,
    chapters=chapters,
)
episodes = st.builds(
    Episode,
    id=texts,
    path=texts,
    facts=facts,
    duration=numbers,
    cues=st.integers(0),
    characters=st.integers(0),
    atoms=st.integers(0),
    digest=texts,
    size=st.integers(0),
    modified=st.integers(),
    voices=st.lists(texts, **few).map(tuple),
)


@given(episodes, texts, facts)
def test_the_record_of_an_episode(episode: Episode, fingerprint: str, told: Facts) -> None:
    record = to_record(episode, fingerprint, told)
    assert from_record(unpickle(pickle.dumps(record, 2), checked=True)) == episode


written = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(str.strip)


@given(st.lists(st.tuples(written, st.lists(written, min_size=1, max_size=3)), min_size=1, max_size=3))
def test_aliases(aliases: list[tuple[str, list[str]]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "lexicon.toml")
        for right, heard in aliases:
            add_alias(path, right, heard)
        pairs = dict.fromkeys((right.strip(), one.strip()) for right, heard in aliases for one in heard)
        assert read_lexicon(path).aliases == tuple(pairs)
