"""Hostile and odd input: one clear line and exit code 2, never a traceback, nothing that steers a terminal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.library import podseek

import indexer
from indexer.analyze import Job, prepare
from indexer.core.errors import QueryProblem
from indexer.core.types import Facts
from indexer.core.words.pronunciation import read_readings
from indexer.store.manifest import read_manifest
from indexer.store.writer import IndexWriter
from indexer.workers import make_tools
from search import open_library
from search.query.parse import parse

CUE = "1\n00:00:01,000 --> 00:00:03,000\n{}\n"


def test_an_index_without_episodes_answers_that_nothing_is_there(tmp_path: Path) -> None:
    indexer.index_paths([], tmp_path / "index")
    with open_library(tmp_path / "index") as library:
        assert list(library.search("电池")) == []
        assert library.episodes() == []
        assert library.status().episodes == 0
        assert library.check() == []


@pytest.mark.parametrize(
    "query",
    ["(" * 3000 + "电池" + ")" * 3000, "NOT " * 3000 + "电池", "a NEAR b " * 400, "词 " * 1000, "长" * 10_000],
    ids=["brackets", "not", "near", "words", "text"],
)
def test_a_query_beyond_all_measure_is_refused_in_one_line(query: str) -> None:
    with pytest.raises(QueryProblem, match="shorten it"):
        parse(query)


def test_a_list_with_many_dashes_is_text() -> None:
    assert str(parse("- 甲 - 乙 " * 100)).startswith("(甲 乙 甲")


def test_nothing_from_names_facts_or_queries_steers_the_terminal(tmp_path: Path) -> None:
    show = tmp_path / "show\x1b[31m"
    show.mkdir()
    (show / "a\x1b]0;x\x07.srt").write_text(CUE.format("水开了\x1b[2J"), "utf-8")
    (show / "empty\x1b[31m.srt").write_text("", "utf-8")
    (show / "podcast.toml").write_text('audio = "x\\u001b]0;y\\u0007"\nlink = "https://a\\nb"\n', "utf-8")
    index = str(tmp_path / "index")
    runs = [podseek("index", str(show), "--index", index), podseek("index", "--dry-run", str(show))]
    runs += [podseek(*command, "--index", index) for command in (["search", "水开了"], ["episodes"], ["status"])]
    runs += [
        podseek("search", "没有\x1b]0;z\x07", "--index", index),
        podseek("search", "-l", "水开了", "--index", index),
    ]
    for run in runs:
        assert "\x1b" not in run.out + run.err
        assert "\x07" not in run.out + run.err


def test_all_times_zero_neither_floods_nor_fails(tmp_path: Path) -> None:
    cues = "\n".join(f"{n}\n00:00:00,000 --> 00:00:00,000\n第{n}句水开了泡茶\n" for n in range(1, 400))
    (tmp_path / "zero.srt").write_text(cues, "utf-8")
    indexer.index_paths([tmp_path / "zero.srt"], tmp_path / "index", jobs=1)
    with open_library(tmp_path / "index") as library:
        for query in ("水开了", "水开了 泡茶", '"水开了" AND 泡茶'):
            assert all(len(moment.cues) <= 145 for moment in library.search(query, limit=None))


def test_times_that_start_again_do_not_join_two_recordings(tmp_path: Path) -> None:
    half = [f"00:{n // 60:02}:{n % 60:02},000 --> 00:{n // 60:02}:{n % 60:02},900\n第{n}句" for n in range(120)]
    half[118] = half[118].replace("第118句", "水开了")
    text = "\n".join(f"{n}\n{cue}\n" for n, cue in enumerate([*half, *half], 1))
    (tmp_path / "twice.srt").write_text(text, "utf-8")
    indexer.index_paths([tmp_path / "twice.srt"], tmp_path / "index", jobs=1)
    with open_library(tmp_path / "index") as library:
        assert [len(moment.cues) for moment in library.search('"水开了"')] == [7, 7]


def test_a_damaged_segment_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUE.format("水开了"), "utf-8")
    index = tmp_path / "index"
    indexer.index_paths([tmp_path / "a.srt"], index, jobs=1)
    for path in index.glob("*.col"):
        path.write_bytes(b"")
    for command in (["search", "水开了"], ["status", "--check"], ["episodes"]):
        run = podseek(*command, "--index", str(index))
        assert (run.code, run.err.count("\n"), "Traceback" in run.err) == (2, 1, False), command


def test_the_check_finds_postings_that_disagree_with_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUE.format("水开了电池"), "utf-8")
    index = tmp_path / "index"
    indexer.index_paths([tmp_path / "a.srt"], index, jobs=1)
    manifest = read_manifest(index)
    assert manifest is not None
    done = prepare(Job(str(tmp_path / "a.srt"), "b", Facts(), ""), make_tools(manifest, read_readings(index)))
    assert done.prepared is not None
    writer = IndexWriter(index)
    with writer.batch() as batch:
        batch.add(replace(done.prepared, chars={**done.prepared.chars, "水": 2}))
    writer.close()
    with open_library(index) as library:
        (fault,) = library.check()
    assert "b has postings that differ" in fault


def test_a_dash_before_a_chinese_word_denies_it_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUE.format("水开了泡茶"), "utf-8")
    index = str(tmp_path / "index")
    assert podseek("index", str(tmp_path), "--index", index).code == 0
    assert podseek("search", "水开了", "-咖啡", "--index", index).code == 0
    assert podseek("search", "水开了", "-泡茶", "--index", index).code == 1
