"""Groups that need not be looked at are left out, and the answer is that of looking at all of them."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from support.library import Line, Tools

from search.retrieval.pruning import best_groups as module
from search.retrieval.pruning.best_groups import BestGroups, _NeedHits, best_groups

WORDS = ("学习", "强化学习", "深度强化学习", "网络", "神经网络", "今天", "GPU", "7", "七")


def lines(chance: Random) -> list[Line]:
    """Groups of one to six words, too far apart to be one."""
    starts = [40.0 * number for number in range(150)]
    return [(start, start + 5.0, "，".join(chance.choices(WORDS, k=chance.randint(1, 6)))) for start in starts]


def test_whether_a_group_has_the_whole_query_is_that_of_all_groups(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[tuple[BestGroups, BestGroups]] = []

    def both(*asked: Any) -> BestGroups:
        one = best_groups(*asked)
        with monkeypatch.context() as patched:
            patched.setattr(_NeedHits, "fewest_terms", 0)
            found.append((one, best_groups(*asked)))
        return one

    monkeypatch.setattr(module, "best_groups", both)
    chance = Random(7)
    with tools.library({name: lines(chance) for name in "abc"}) as library:
        for _ in range(60):
            words = chance.sample(WORDS, chance.randint(2, 6))
            library.search(chance.choice((" OR ", " AND ", " NEAR/5s ")).join(words), limit=1)
    assert [one.has_whole for one, _ in found] == [all_looked_at.has_whole for _, all_looked_at in found]
    assert {one.has_whole for one, _ in found if not one.is_complete} == {False, True}
