"""The speed bench measures what it says: its corpora, queries and arithmetic. Nothing here looks at a clock."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from make_corpus import LONGEST_CUE, SHORTEST_CUE, link_tenth, make_corpus, read_cues, source_of, subrip
from peers import KINDS, MODULES, Query, fairness, load
from peers.podseek import written
from shared import speed_record
from shared.figures import Figures, Latency, Size, growth, latency, percentile, slope
from shared.made_speech import Speech
from shared.queries import queries_of, read_sample
from shared.tables import Table, goal_table

CUES = 1500


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "corpus"
    assert make_corpus(folder, CUES) == (0, CUES)
    return folder


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}


def test_a_corpus_has_as_many_cues_as_asked_in_episodes_of_a_thousand(corpus: Path) -> None:
    assert [len(read_cues(path)) for path in sorted(corpus.iterdir())] == [1000, 500]


def test_made_cues_are_as_long_as_talk(corpus: Path) -> None:
    for path in corpus.iterdir():
        for cue in read_cues(path):
            assert SHORTEST_CUE <= len(cue.text) <= LONGEST_CUE
            assert 1 <= cue.end - cue.start <= 5


def test_a_seed_makes_the_same_corpus_and_another_seed_another(corpus: Path, tmp_path: Path) -> None:
    for seed in (1, 2):
        make_corpus(tmp_path / str(seed), CUES, seed=seed)
    assert contents(tmp_path / "1") == contents(corpus)
    assert contents(tmp_path / "2") != contents(corpus)


def test_the_vocabulary_of_made_text_goes_on_growing() -> None:
    speech = Speech(source_of([], 0, 1), random.Random(1)).episode()
    seen: set[str] = set()
    kinds = []
    for running in range(24_000):
        seen.update(next(speech))
        if running in (5_999, 11_999, 23_999):
            kinds.append(len(seen))
    grown = [slope((1, one), (2, other)) for one, other in pairwise(kinds)]
    assert all(0.4 < exponent < 0.8 for exponent in grown), grown


def test_given_transcripts_come_first_and_more_is_made_of_them(corpus: Path, tmp_path: Path) -> None:
    assert make_corpus(tmp_path / "less", 1300, [corpus]) == (1300, 0)
    copied = [path.read_bytes() for path in corpus.iterdir()]
    assert (tmp_path / "less" / "00001.srt").read_bytes() in copied
    assert make_corpus(tmp_path / "more", 2000, [corpus]) == (1500, 500)
    assert sum(len(read_cues(path)) for path in (tmp_path / "more").iterdir()) == 2000


def test_cues_made_of_given_transcripts_are_as_long_as_the_given_ones(tmp_path: Path) -> None:
    texts = ["嗯", "对", "电池要怎么充电"] * 20 + ["我们今天来聊一聊开源软件的历史和它今天在大学里面的用处"] * 10
    given = tmp_path / "given"
    given.mkdir()
    (given / "talk.srt").write_text(subrip((n * 1000, n * 1000 + 900, text) for n, text in enumerate(texts)), "utf-8")
    make_corpus(tmp_path / "more", 2000, [given])
    made = [cue.text for path in sorted((tmp_path / "more").iterdir())[1:] for cue in read_cues(path)]
    assert min(map(len, made)) == 1
    assert max(map(len, made)) > LONGEST_CUE
    bytes_a_cue = (sum(len(text.encode()) for text in cues) / len(cues) for cues in (texts, made))
    assert next(bytes_a_cue) == pytest.approx(next(bytes_a_cue), rel=0.05)


def test_a_tenth_of_a_corpus_has_every_tenth_file(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    for number in range(1, 22):
        (whole / f"{number:05}.srt").write_text(str(number), "utf-8")
    assert link_tenth(tmp_path / "tenth", whole) == 3
    assert contents(tmp_path / "tenth") == {"00001.srt": "1", "00011.srt": "11", "00021.srt": "21"}


def test_queries_are_drawn_from_the_text_and_the_same_each_time(corpus: Path) -> None:
    text = read_sample(corpus)
    said = "\n".join(text.texts)
    for kind in KINDS:
        drawn, again = (list(queries_of(kind, text, 5, random.Random(kind))) for _ in range(2))
        assert drawn == again
        assert len(drawn) == 5, kind
        if kind == "homophone":
            assert all(wrong not in text.counts and right in text.counts for wrong, right in (q.words for q in drawn))
        else:
            assert all(word in said for query in drawn for word in query.words)


@pytest.mark.parametrize(
    ("kind", "words", "typed"),
    [
        ("two words", ("电池", "充电"), "电池 充电"),
        ("phrase", ("这个东西",), '"这个东西"'),
        ("prefix", ("深度",), "深度*"),
        ("NEAR", ("电池", "充电"), "电池 NEAR/10 充电"),
    ],
)
def test_queries_are_typed_as_people_type_them(kind: str, words: tuple[str, ...], typed: str) -> None:
    assert written(Query(kind, words)) == typed


@pytest.mark.parametrize("name", MODULES)
def test_every_peer_says_what_is_fair_and_what_is_not(name: str) -> None:
    assert load(name).title
    if not name.startswith("jieba"):
        assert "Fair:" in fairness(name)
        assert "Unfair" in fairness(name)


def test_percentiles_lie_between_values_in_proportion() -> None:
    values = [4.0, 1.0, 3.0, 2.0, 5.0]
    assert [percentile(values, share) for share in (0, 0.25, 0.5, 1)] == [1, 2, 3, 5]
    assert percentile([0.0, 10.0], 0.95) == pytest.approx(9.5)
    assert percentile([7.0], 0.95) == 7


def test_a_query_counts_with_the_median_of_its_rounds() -> None:
    one = latency([[9.0, 1.0, 2.0], [5.0, 4.0, 4.0]], found=1)
    assert (one.median, one.first, one.asked, one.found) == (3.0, 7.0, 2, 1)


def test_slopes_are_exponents() -> None:
    assert slope((10, 3), (1000, 300)) == pytest.approx(1)
    assert slope((10, 3), (1000, 3)) == 0
    assert slope((10, 1), (1000, 10)) == pytest.approx(0.5)


def size(cues: int, seconds: float, milliseconds: float) -> Size:
    word = Latency(milliseconds, milliseconds, milliseconds, milliseconds, milliseconds, 1, 1)
    figures = Figures(index_seconds=seconds, size_ratio=2.0, cold_ms=50.0, warm={"phrase": word})
    return Size(cues, 1, cues * 30, 10.0, {"podseek": figures})


def test_growth_is_told_from_the_smallest_to_the_largest_size() -> None:
    sizes = [size(1000, 1.0, 1.0), size(5000, 99.0, 99.0), size(100_000, 100.0, 10.0)]
    grown = growth(sizes, "podseek")
    assert grown["index, s"] == pytest.approx(1)
    assert grown["size / text"] == pytest.approx(1)  # the same ratio: in proportion to the text
    assert grown["cold, ms"] == 0
    assert grown["warm phrase"] == pytest.approx(0.5)
    assert growth(sizes[:1], "podseek") == {}


def test_goals_that_were_not_measured_are_not_met() -> None:
    rows = {row[0]: row for row in goal_table([size(1000, 1.0, 30.0)]).rows}
    assert rows["warm phrase, median ms"][2:] == ("30.0", "missed")
    assert rows["index / text bytes"][2:] == ("2.00", "met")
    assert rows["indexing end to end / jieba alone on one core"][2:] == ("-", "-")


def test_parts_replace_themselves_in_what_is_kept_of_the_same_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed_record, "KEPT", tmp_path / "speed.json")
    monkeypatch.setattr(speed_record, "PAGE", tmp_path / "SPEED.md")
    about = {"processor": "one, 2 cores, load 0.1 at the beginning", "jieba": "1"}
    speed_record.write(
        *speed_record.recorded([size(1000, 1.0, 30.0), size(5000, 5.0, 40.0)], speed_record.PARTS, about)
    )
    later = {"processor": "one, 2 cores, load 9.0 at the beginning", "jieba": "2"}
    sizes, kept = speed_record.recorded([size(5000, 7.0, 4.0)], ["warm"], later)
    assert [one.peers["podseek"].index_seconds for one in sizes] == [1.0, 5.0]
    assert [one.peers["podseek"].warm["phrase"].median for one in sizes] == [30.0, 4.0]
    assert (kept["processor"], kept["jieba"]) == (about["processor"], "1")
    assert kept["5,000 cues, warm"].endswith(", load 9.0 at the beginning, jieba 2")
    other = replace(size(5000, 7.0, 4.0), text_bytes=1)  # another text: nothing of before is kept of it
    assert speed_record.recorded([other], ["warm"], later)[0][1] == other


def test_tables_print_for_a_terminal_and_as_markdown() -> None:
    table = Table("Size", ("", "podseek"), (("index, s", "1.00"),))
    assert table.plain() == "Size\n-----------------\n          podseek\nindex, s     1.00\n"
    assert table.markdown() == "### Size\n\n|  | podseek |\n|---|---:|\n| index, s | 1.00 |\n"
