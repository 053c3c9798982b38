"""The hot loops, compiled and in Python, for tests that compare them."""

from __future__ import annotations

from types import ModuleType

import pytest

from indexer.core import native
from indexer.core.native import pure

try:
    from indexer.core.native import compiled as known

    built: ModuleType | None = known if known.VERSION == native.VERSION else None
except ImportError:
    built = None

needs_compiled = pytest.mark.skipif(built is None, reason="no compiler: the hot loops are those in Python")
EITHER = [pytest.param(pure, id="pure"), pytest.param(built, id="compiled", marks=needs_compiled)]
