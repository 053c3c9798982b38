"""Random searches of a cluster have the answers of a folder: a few of the trials that `support.same_answers`
makes by the thousand, and what that command does with a difference."""

from __future__ import annotations

import pytest
from support.library import Tools
from support.same_answers.asked_twice import Question
from support.same_answers.odd_worlds import Spoken, Talk, World
from support.same_answers.same_moments import report, shrunk
from support.same_answers.trials import OLDER, Trial, differences, make_trial

from search.api import SearchRequest
from search.backends.remote import Frequency
from search.retrieval.remote.facts.known_words import KnownWords
from search.retrieval.remote.held.held_episodes import HeldEpisodes
from search.retrieval.remote.next_fetch import NextFetch
from search.retrieval.remote.snapshots.fetched_snapshot import FetchedSnapshot

SEEDS = range(8)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cluster_answers_what_a_folder_does(tools: Tools, seed: int) -> None:
    assert list(differences(make_trial(seed, tools, small=True), tools)) == []


def test_these_trials_are_of_every_kind(tools: Tools) -> None:
    trials = [make_trial(seed, tools, small=True) for seed in SEEDS]
    assert {trial.kind for trial in trials} == {"steady", "late", "changing", "committed"}
    assert all(trial.questions for trial in trials)


SAID = tuple(Spoken(4.0 * at, 4.0 * at + 4.0, "", text) for at, text in enumerate(("训练数据", "雪花", "训练", "模型")))
WORLD = World(tuple(Talk(f"a/{number}", SAID[number % 2 :]) for number in range(6)))
CHANGED = World(tuple(talk._replace(cues=(talk.cues[-1]._replace(text="训练雪花"),)) for talk in WORLD.talks))
ASKED = tuple(Question("search", SearchRequest(query, limit=3)) for query in ("雪花", "训练 数据", "雪花 训炼"))
PARTS = (("FEW", 0), ("ALL_AT_ONCE", 0), ("RARE", 0), ("FIRST_BATCH", 1))


def test_a_fault_of_fetching_is_found_and_shown_in_the_smallest_library(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = Trial("steady", (WORLD,), ASKED, sizes=PARTS)
    assert list(differences(trial, tools)) == []
    monkeypatch.setattr(KnownWords, "known_run", lambda _words, _run: Frequency(1, 1))
    monkeypatch.setattr(KnownWords, "known", lambda _words, _term: Frequency(1, 1))
    less, found = shrunk(trial, tools, 1e9)
    assert less.size <= 2 and (len(less.questions), less.sizes) == (1, ())
    assert f'--trial 7: search {{"query": "{found.question.request.query}"' in report(7, less, found)


@pytest.mark.parametrize("windows", [1, 2, 4])
@pytest.mark.parametrize("format", [2, 3, 4])
def test_lists_longer_than_the_windows_with_the_full_score_are_alike(tools: Tools, windows: int, format: int) -> None:
    """Some words are said together, some in loops, some are written otherwise; and running text."""
    quiet, loop = ["今天"] * 9, ["训练数据"] * 9
    several = (
        ["训练数据", *quiet, "数据", *quiet, "训练和数据"],
        ["训炼", *quiet, "数据训练数据", *quiet, "训炼数剧"],
        [*loop, *quiet, "模型"],
        ["训练的数剧", *quiet, *loop],
    )
    talks = tuple(
        Talk(f"a/{number:02}", tuple(Spoken(4.0 * at, 4.0 * at + 4.0, "", text) for at, text in enumerate(texts)))
        for number, texts in enumerate(several * 4)
    )
    queries = ("训练 数据", "训炼 数剧", "训练数据和模型的训练", "数据 没有的词", '"训练 数据" 模型')
    questions = (
        Question("search", SearchRequest(query, limit=limit, offset=offset))
        for query in queries
        for limit, offset in ((100, 0), (10, 10), (30, 0))
    )
    trial = Trial("steady", (World(talks),), tuple(questions), format, (*PARTS, ("BATCH", 1)), windows=windows)
    assert list(differences(trial, tools)) == []


def test_what_only_sounds_like_running_text_in_a_loop_is_found_like_in_a_folder(tools: Tools) -> None:
    """It comes after all else, of an episode of which no more was fetched than that it sounds so."""
    texts = ("今天", "大家", "米德酒呢", "一辆", "一辆崫伯")
    talks = tuple(
        Talk(f"a/{at}", tuple(Spoken(3.0 * cue, 3.0 * cue + 3.0, "", text) for cue in range(5 if at == 2 else 1)))
        for at, text in enumerate(texts)
    )
    question = Question("search", SearchRequest("枯伯弭德厩疒一辆冞悳就讷", limit=20))
    trial = Trial("steady", (World(talks),), (question,), windows=2)
    assert list(differences(trial, tools)) == []


def test_what_sounds_alike_is_found_in_an_older_episode_that_an_exploration_has_read(tools: Tools) -> None:
    """It is in memory with its times, but not with its clock, which tells that it has no decks."""
    said = [(Spoken(0.0, 4.0, "", text),) for text in ("数据", "树据", "雪花")]
    world = World(tuple(Talk(f"a/{at}", cues) for at, cues in enumerate(said)))
    questions = (Question("terms", SearchRequest("")), Question("search", SearchRequest("数据")))
    trial = Trial("steady", (world,), questions, format=OLDER, sizes=(("ALL_AT_ONCE", 0),))
    assert list(differences(trial, tools)) == []


@pytest.mark.parametrize(
    ("kind", "owner", "name", "fault"),
    [
        ("changing", HeldEpisodes, "_completed", lambda _held, known, stored: known.with_columns(stored)),
        ("late", NextFetch, "got_more", lambda *_: False),
        ("committed", FetchedSnapshot, "char_episodes", lambda *_: {}),
    ],
)
def test_each_kind_of_trial_finds_a_fault(
    tools: Tools, monkeypatch: pytest.MonkeyPatch, kind: str, owner: type, name: str, fault: object
) -> None:
    trial = Trial(kind, (WORLD, CHANGED), ASKED, sizes=PARTS)
    assert list(differences(trial, tools)) == []
    monkeypatch.setattr(owner, name, fault)
    assert list(differences(trial, tools))
