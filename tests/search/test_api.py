"""The Python contract: what `search` and `indexer` promise to programs."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from support.library import CORPUS, ROOT, Tools, spaced, unlike
from support.source.sources import files_with
from support.transcripts.tiny import EPISODES, write_tiny

import indexer
import search
from indexer.core.errors import IndexProblem, PodseekProblem, QueryProblem
from search import Filter, Library, Margin

FIELDS = {
    search.Moment: ("rank", "score", "episode", "start", "end", "matches", "cues", "parts", "chapter", "library"),
    search.Match: ("start", "end", "text", "term", "how", "where"),
    search.CueLine: ("index", "start", "end", "speaker", "text", "highlights", "damped"),
    search.EpisodeCount: ("episode", "moments", "matches", "speakers"),
}


@pytest.mark.parametrize(("kind", "fields"), FIELDS.items())
def test_a_result_value_has_its_fields_and_cannot_be_changed(kind: type, fields: tuple[str, ...]) -> None:
    assert kind._fields == fields  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        setattr(kind(*fields), fields[0], "another")


def test_everything_promised_can_be_imported() -> None:
    for package in (search, indexer):
        assert all(hasattr(package, name) for name in package.__all__)


def test_an_unknown_name_of_a_package_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = indexer.nonsense


def test_a_search_returns_a_sequence(tiny: Library) -> None:
    result = tiny.search("晚安 月亮", limit=2)
    assert isinstance(result, Sequence)
    assert len(result) == 2
    assert list(result) == [result[0], result[1]] == list(result[:])
    assert result[-1] is result[1]
    assert result[0] in result
    assert bool(result)
    assert "2 moments" in repr(result)
    with pytest.raises(IndexError):
        _ = result[2]


def test_total_counts_what_the_limit_left_out(tiny: Library) -> None:
    assert tiny.search("晚安", limit=1).total == 4
    assert tiny.search("晚安 月亮", limit=1).total == 4
    assert tiny.search("晚安", limit=None).total == len(tiny.search("晚安", limit=None)) == 4
    assert tiny.search("火星").total == 0


def test_a_search_that_finds_nothing_is_an_empty_sequence(tiny: Library) -> None:
    result = tiny.search("火星 木星")
    assert not result
    assert list(result) == []


def test_a_moment_says_where_it_is(tiny: Library) -> None:
    (moment,) = tiny.search('"软件无线电"', limit=10)
    assert (moment.rank, moment.start, moment.end) == (1, 16.0, 28.0)
    assert moment.score > 0
    episode = moment.episode
    assert (episode.id, episode.show, episode.title) == ("tea/radio", "两杯茶", "矿石收音机")
    assert episode.date == "2025-01-15"
    assert (episode.cues, episode.duration, Path(episode.path).name) == (10, 40.0, "radio.srt")
    assert episode.facts.speakers == ("小禾", "阿默")
    (match,) = moment.matches
    assert (match.start, match.end, match.how) == (16.0, 24.0, "exact")
    assert match.text == match.term == "软件无线电"
    assert [(cue.index, cue.start, cue.end, cue.highlights) for cue in moment.cues] == [
        (3, 12.0, 16.0, ()),
        (4, 16.0, 20.0, ((13, 15),)),
        (5, 20.0, 24.0, ((0, 3),)),
        (6, 24.0, 28.0, ()),
    ]


def test_times_have_the_milliseconds_of_the_transcript(tools: Tools) -> None:
    with tools.library({"a": [(0.1, 1.205, "安静"), (3661.007, 3662.999, "月亮")]}) as library:
        (moment,) = library.search("月亮")
        assert (moment.start, moment.end) == (3661.007, 3662.999)


def test_context_is_seconds_or_a_margin(tiny: Library) -> None:
    def shown(context: float | Margin) -> list[int]:
        return [cue.index for cue in tiny.search('"水开了" show:两杯茶', context=context)[0].cues]

    assert shown(0.0) == shown(Margin(0.0)) == [7]
    assert shown(4.0) == shown(Margin(1, cues=True)) == [6, 7, 8]


def test_a_limit_of_none_asks_for_all(sample: Library) -> None:
    assert len(sample.search("的")) == 10
    assert len(sample.search("的", limit=None)) > 100


def test_counts_come_by_episode(tiny: Library) -> None:
    counts = tiny.count('"晚安" OR "水开了"')
    assert [(count.episode.id, count.moments, count.matches) for count in counts] == [
        ("bridge/sleep", 4, 4),
        ("tea/kettle", 1, 3),
        ("bridge/stone", 1, 1),
    ]
    assert tiny.count("火星") == []
    assert [count.episode.id for count in tiny.count("水开了", filters=[Filter("show", "桥")])] == ["bridge/stone"]


def test_counts_agree_with_a_search_for_all(sample: Library) -> None:
    for query in ("芯片", "开源 专利", '"的时候"', "开源 OR 芯片"):
        moments = sample.search(query, limit=None)
        counts = sample.count(query)
        assert sum(count.moments for count in counts) == len(moments) == moments.total
        assert sum(count.matches for count in counts) == sum(len(moment.matches) for moment in moments)


def test_episodes_are_listed_by_show_date_and_id(tiny: Library) -> None:
    assert [episode.id for episode in tiny.episodes()] == ["tea/kettle", "tea/radio", "bridge/sleep", "bridge/stone"]


def test_reading_gives_the_cues_as_they_are(tiny: Library) -> None:
    for name, lines in EPISODES.items():
        episode, cues = tiny.read(name)
        assert episode.id == name
        assert [(cue.start, cue.end, cue.text) for cue in cues] == lines
        assert [cue.index for cue in cues] == list(range(len(lines)))


def test_reading_a_stretch_gives_the_cues_spoken_in_it(tiny: Library) -> None:
    def read(start: float, end: float | None) -> list[int]:
        return [cue.index for cue in tiny.read("tea/kettle", start, end)[1]]

    assert read(8.0, 16.0) == [2, 3]
    assert read(9.0, 16.1) == [2, 3, 4]
    assert read(50.0, None) == [12, 13]
    assert read(900.0, None) == []


@pytest.mark.parametrize("name", ["tea/radio", "radio", "RADIO", "矿石收音机", "礦石"])
def test_an_episode_can_be_named_in_part(tiny: Library, name: str) -> None:
    assert tiny.find_episode(name).id == "tea/radio"


def test_a_whole_title_or_file_name_is_meant_before_those_that_contain_it(tools: Tools) -> None:
    episodes = {name: spaced(["说到开源", unlike(number)]) for number, name in enumerate(("kp24", "kp24 raw", "kp2"))}
    with tools.library(episodes) as library:
        assert library.find_episode("kp24").title == "kp24"
        assert library.find_episode("KP2").title == "kp2"
        assert library.find_episode("kp24-raw").title == "kp24 raw"
        with pytest.raises(PodseekProblem, match="kp: 3 episodes fit"):
            library.find_episode("kp")


def test_an_episode_can_be_named_by_its_path(tiny: Library, tiny_files: Path) -> None:
    assert tiny.find_episode(str(tiny_files / "bridge" / "sleep.srt")).id == "bridge/sleep"


def test_a_name_that_fits_none_or_several_is_explained(tiny: Library) -> None:
    with pytest.raises(PodseekProblem, match="火星: no episode has this id, path or title: `podseek episodes`"):
        tiny.find_episode("火星")
    with pytest.raises(PodseekProblem, match=r"tea/: 2 episodes fit .tea/kettle, tea/radio.: give more of the id"):
        tiny.find_episode("tea/")


def test_a_query_that_cannot_be_understood_is_a_query_problem(tiny: Library) -> None:
    with pytest.raises(QueryProblem):
        tiny.search("茶 AND")


def test_a_folder_without_an_index_is_an_index_problem_with_its_cure(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(
            IndexProblem,
            match=r"there is no index here: make one with `podseek add FEED\|FOLDER` or `podseek index PATH`",
        ):
            search.open_library(folder)
    assert not (tmp_path / "none").exists()


def test_the_default_index_is_the_one_the_environment_names(tiny_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PODSEEK_INDEX", str(tiny_index))
    with search.open_library() as library:
        assert library.folder == tiny_index
        assert len(library.episodes()) == 4


def test_two_libraries_can_be_open_at_once(tiny: Library, sample: Library) -> None:
    assert {moment.episode.show for moment in tiny.search("收音机")} == {"两杯茶", "橋上風景"}
    assert {moment.episode.show for moment in sample.search("芯片")} == {"回声机房"}
    assert tiny.search("芯片").total == 1


def test_a_sound_index_has_no_faults(tiny: Library, sample: Library) -> None:
    assert tiny.check() == sample.check() == []


def test_a_check_tells_how_far_it_is(sample: Library) -> None:
    told: list[tuple[int, int]] = []
    sample.check(lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == list(range(1, told[-1][1] + 1))
    assert len(told) > len(sample.episodes())  # words are checked after the episodes


def test_the_status_counts_what_is_there(tiny: Library) -> None:
    status = tiny.status()
    assert (status.episodes, status.shows, status.missing) == (4, 2, 0)
    assert status.cues == sum(map(len, EPISODES.values()))
    assert status.characters == sum(len(text) for lines in EPISODES.values() for _, _, text in lines)
    assert (status.first_date, status.last_date) == ("2024-11-02", "2025-03-20")
    assert status.size > 0


def test_indexing_reports_what_it_did(tools: Tools, tmp_path: Path) -> None:
    files = write_tiny(tmp_path / "shows")
    with tools.loaded():
        report = indexer.index_paths([str(files)], str(tmp_path / "index"))
        again = indexer.index_paths([files], tmp_path / "index")
    assert (report.added, report.unchanged, report.complaints, report.exit_code) == (4, 0, [], 0)
    assert (again.added, again.unchanged) == (0, 4)


@pytest.mark.parametrize("path", files_with(">>> "), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_examples_of_a_module_are_true(path: Path) -> None:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("package", [search, indexer])
def test_the_example_of_a_package_runs_as_it_stands(
    package: object, tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the bundled corpus as `corpus` and its index as `my-index`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").symlink_to(CORPUS)
    if package is search:
        tools.index([Path("corpus")], Path("my-index"))
    text = (package.__doc__ or "").replace("# doctest: +SKIP", "")
    examples = doctest.DocTestParser().get_examples(text)
    assert examples
    names: dict[str, object] = {}
    for example in examples:
        shown = StringIO()
        with tools.loaded(), redirect_stdout(shown):
            exec(compile(example.source, "example", "single"), names)
        assert not example.want or shown.getvalue() == example.want
