"""The decks that a plan reads hold every atom that it may look for."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest
from support.remote.remote_index import StandIn

from indexer.core.words.pronunciation import Readings
from indexer.store.cluster.documents.decks import decks_of
from search.backends.conditions import EVERY, Conjunction, Disjunction, HasDamped, HasSounds, HasTitle, Holds, HoldsMost
from search.library import Library
from search.matching.numbers import NUMERALS
from search.query.parse import parse
from search.retrieval.remote.facts.known_words import known_words
from search.retrieval.remote.projection import regex_decks, wanted_decks


def of_all(atoms: object, readings: Readings) -> set[str]:
    return {name for atom in chain(*atoms) for name in decks_of(atom, readings)}  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "query",
    [
        *(
            "训练",
            "训练 数据",
            '"模型的训练"',
            "训练 OR gpu",
            "模型 -数据",
            "GPT4",
            "三十",
            "30",
            "训炼",
            "xunlian",
            "~数据",
        ),
        *("deep*", "我们今天聊聊模型是怎么训练出来的", "重复 音乐", "𠮷野家", "模型 NEAR/5s 训练"),
    ],
)
def test_they_hold_all_terms_and_what_may_be_written_for_them(sample: Library, query: str) -> None:
    plan, readings = sample.plan(query), sample.snapshot.readings
    decks = wanted_decks.of_plan(plan, readings)
    patterns = [way.pattern for term in plan.terms for way in term.alternatives]
    assert decks >= of_all(plan.texts, readings)
    assert decks >= of_all((pattern.atoms for pattern in patterns if not hasattr(pattern, "syllables")), readings)


def test_what_may_be_written_for_a_character_is_read_too(sample: Library) -> None:
    readings = sample.snapshot.readings
    assert wanted_decks.of_plan(sample.plan("他说的"), readings) >= of_all(["他她它", "的地得", "说"], readings)


def test_a_number_is_read_with_the_numerals_beside_it(sample: Library) -> None:
    readings = sample.snapshot.readings
    plan = sample.plan("30")
    has_number = any(type(way.pattern).__name__ == "NumberPattern" for term in plan.terms for way in term.alternatives)
    assert has_number
    assert wanted_decks.of_plan(plan, readings) >= of_all([NUMERALS, ("30",)], readings)
    assert not wanted_decks.of_plan(sample.plan("训练"), readings) >= of_all([NUMERALS], readings)


def test_sounds_are_told_by_their_decks_unless_they_are_too_many() -> None:
    assert wanted_decks.of_sounds(HasSounds(((1,), (255,)))) == {"d01", "dff"}
    assert wanted_decks.of_sounds(HasSounds(((1,), (1,)), ("一", "一"))) == {"d01"}
    assert wanted_decks.of_sounds(HasSounds(((1, 2), (3,)))) == {"d01", "d02", "d03"}
    assert wanted_decks.of_sounds(HasSounds((tuple(range(1, 101)), (1, 100)))) is not None
    assert wanted_decks.of_sounds(HasSounds((tuple(range(1, 101)), (1, 101)))) is None
    assert wanted_decks.of_sounds(Holds(("一",))) is None
    assert wanted_decks.of_sounds(EVERY) is None
    assert wanted_decks.of_sounds(Conjunction((HasSounds(((1,),)),))) is None


def test_decks_of_conditions_hold_what_these_look_for(sample: Library) -> None:
    readings = sample.snapshot.readings
    several = Disjunction((Conjunction((Holds(("训", "练")), HasSounds(((1, 2), (3,))))), HasDamped()))
    pairs = HoldsMost((("模", "型"), ("型", "gpu")), 1, 2)
    found = set(wanted_decks.of_conditions((several, pairs, HasTitle(("乐",))), readings))
    assert found == of_all(["训练模型", ("gpu",)], readings) | {"d01", "d02", "d03"}


def test_ways_to_sound_are_told_apart_where_they_are_few_and_short() -> None:
    assert wanted_decks.ways_of(HasSounds(((1,), (2, 3)))) == (HasSounds(((1,), (2,))), HasSounds(((1,), (3,))))
    told = HasSounds(((1, 4), (2, 3)), ways=((1, 2), (4, 3)))
    assert wanted_decks.ways_of(told) == (HasSounds(((1,), (2,))), HasSounds(((4,), (3,))))
    many = tuple(range(1, 21))
    for other in (
        HasSounds(((1,), (2,))),
        HasSounds(((1, 2),)),
        HasSounds(((1,), (2,)), ("一", "二")),
        HasSounds((many, many, (1,))),
        HasSounds(((1, 2), *[(1,)] * 5)),
        Conjunction((told,)),
        EVERY,
    ):
        assert wanted_decks.ways_of(other) == ()


@pytest.mark.parametrize(
    ("query", "atoms"),
    [
        ("训练", ""),
        ("/模.型|训练/", "模型训练"),
        ("训练 OR /[^电a-z]+\\d/", "电"),
        (r"/\w+/ speaker:林晚", ""),
        ("/[" + "".join(map(chr, range(0x4E00, 0x5200, 4))) + "]/", None),
        ("/[一-龥]/", ""),
        ("/[一-腿]/", None),  # thousands are said on either side
    ],
)
def test_the_decks_of_an_expression_are_those_of_the_characters_that_it_tells_apart(
    sample_index: Path, query: str, atoms: str | None
) -> None:
    remote = StandIn(sample_index)
    words, tree = known_words(remote), parse(query)
    words.learn(regex_decks.counted(tree, words.folding))
    found = regex_decks.decks(tree, words)
    assert found == (None if atoms is None else of_all(atoms, words.readings))


def test_episodes_with_much_the_same_decks_are_fetched_together() -> None:
    columns = {
        f"e{number:02}": ("damped", *(f"d{deck:02x}" for deck in (1, number // 4 + 2, number + 20)))
        for number in range(16)
    }
    columns["whole"] = ("stream", "d01")
    assert wanted_decks.grouped(columns, 17) == [([key], names) for key, names in columns.items()]
    groups = wanted_decks.grouped(columns, 4)
    assert len(groups) <= 5
    assert sorted(key for keys, _ in groups for key in keys) == sorted(columns)
    for keys, names in groups:
        assert len(set(names)) == len(names)
        assert all(set(columns[key]) <= set(names) for key in keys)
        assert ("stream" in names) == ("whole" in keys)


def test_the_columns_of_an_episode_are_named_once() -> None:
    assert wanted_decks.grouped({"a": ("d01", "d02", "d01")}, 9) == [(["a"], ("d01", "d02"))]
