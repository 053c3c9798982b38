"""A search gives the same answers by the compiled hot loops and by their twins in Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.core import native
from search import open_library

QUERIES = [
    "我们",
    "强化 学习",
    "强化学习 的 奖励 是 什么",
    "我们今天聊的是开源模型和数据的关系，它为什么重要",
    '"机器听写"',
    '"我们今天" "的"',
    "的 OR 是 OR 我们 OR 就是 OR 一个 OR 不是",
    "我们 AND 今天 AND 的",
    "我们 -今天",
    "我们 NEAR/10s 今天",
    "我们 NEAR/8 的",
    "的 NEAR/10s 是 NEAR/10s 我 NEAR/10s 不",
    "(我们 NEAR/5s 的) -(是 NEAR/5s 不)",
    "我* NEAR/5 是*",
    "~语音 ~模型",
    "我 你 他 的 是 在 有 不 了 这 那 就 也 都 和 说 要 会 到 人 我们 他们 一个 什么 没有 可以 因为 所以",
    "GPU 30%",
]


def answers(index: Path) -> str:
    """What a search, and a count, answer to each query, as JSON."""
    with open_library(index) as library:
        told = [
            [
                [
                    (one.episode.id, one.start, one.end, one.score, [match.start for match in one.matches])
                    for one in found
                ],
                found.total,
            ]
            for found in map(library.search, QUERIES)
        ]
        counted = [(one.episode.id, one.moments, one.matches) for one in library.count(QUERIES[6])]
    return json.dumps([told, counted])


@pytest.mark.skipif(not native.is_compiled, reason="no compiler: the hot loops are those in Python")
def test_answers_are_the_same_in_python(sample_index: Path) -> None:
    environment = {**os.environ, "PODSEEK_PURE": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    script = (
        "import sys; from pathlib import Path; from indexer.core import native; assert not native.is_compiled;"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r}); import test_pure;"
        "print(test_pure.answers(Path(sys.argv[1])))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(sample_index)], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == answers(sample_index)
