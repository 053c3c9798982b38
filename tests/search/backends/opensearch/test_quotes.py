"""The query for most of a quote: it finds every place, and hardly any other; OpenSearch accepts it at any length."""

from __future__ import annotations

import json
import random
from itertools import pairwise

import pytest
from support.remote.quotes import has_most, matches

from search.backends.opensearch import quotes
from search.matching.fuzzy_phrase import QUORUM_ATOMS, SLACK, pairs_of

QUOTE = "今天我们来说一说模型训练"
"""Twelve atoms: six of eleven pairs are most of it."""


def query(quote: str) -> object:
    return quotes.of_most(*pairs_of(quote), SLACK)


def is_there(quote: str, text: str) -> bool:
    places = {pair: [at for at, one in enumerate(pairwise(text)) if one == pair] for pair in pairwise(quote)}
    return has_most(*pairs_of(quote), SLACK, places.__getitem__)


@pytest.mark.parametrize("letters", ["哈了", "研究了", "我觉得这个模型不好"])
def test_every_place_with_most_of_a_quote_is_found(letters: str) -> None:
    chance = random.Random(len(letters))
    found = 0
    for _ in range(150):
        quote = "".join(chance.choices(letters, k=chance.randrange(QUORUM_ATOMS, 13)))
        text = "".join(chance.choices(letters, k=8))
        kept = "".join(one if chance.random() < 0.8 else chance.choice(letters) for one in quote[:10])
        text = text[:4] + kept + text[4:]
        if is_there(quote, text):
            found += 1
            assert matches(query(quote), text), (quote, text)
    assert found > 30


def test_a_pair_said_twice_or_three_times_counts_each_time() -> None:
    quote = "研究甲乙丙丁戊己庚辛壬癸"
    said = "研究研究研究甲乙丙"
    assert is_there(quote, said)
    assert matches(query(quote), said)


def test_pairs_of_a_quote_all_over_an_episode_are_not_most_of_it() -> None:
    apart = ("。" * 20).join(("今天很好", "我们来了", "来说", "一说", "模型很大训练"))
    assert not is_there(QUOTE, apart)
    assert not matches(query(QUOTE), apart)
    assert matches(query(QUOTE), "今天我们某某某说模型训练")


@pytest.mark.parametrize("size", [8, 12, 16, 17, 18, 19, 25, 40, 80, 150, 200, 1500])
def test_a_quote_of_any_length_has_no_more_clauses_than_opensearch_accepts(size: int) -> None:
    letters = [chr(0x4E00 + at) for at in range(size)]
    for quote in ("".join(letters), "".join(letters[: size // 2] * 2), "哈哈" + "".join(letters[2:])):
        asked = json.dumps(query(quote))
        twice = asked.count('"ordered": true')  # Lucene counts what is there twice as one
        assert asked.count('"query"') - twice <= quotes.MOST_CLAUSES
        assert size > 200 or "intervals" in asked
