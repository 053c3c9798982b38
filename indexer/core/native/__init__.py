"""The hot loops of a search: compiled where they could be (`*.c`), else the same functions in Python (`pure`).

| folder        | holds                                                                                     |
|---------------|-------------------------------------------------------------------------------------------|
| `streams/`    | token streams: where runs of atoms are in them, and how what is there is cut              |
| `sounds/`     | names as they sound: what mishearing one as another costs, which syllables can be like one  |
| `places/`     | lists of places where terms are: hits, groups of them, pairs that are near                |
| `windows/`    | windows of a few seconds over places: what they hold, where they may score much           |
| `bounds/`     | what an episode or a group of hits can score at most                                      |
| `vectors/`    | vectors of meaning, compared                                                              |
| `statistics/` | words and pairs of neighbours, numbered and counted                                       |
| `segments/`   | the files of an index: checksums, signatures of what a document says                      |

Each C file has a twin in Python beside it, in which each function has its docstring; both give equal results. `numbers`
reads lists of integers from Python, `native.h` declares what is shared, `module.c` names the functions. The environment
variable PODSEEK_PURE chooses the Python ones, as does an extension that was built from another version of the source.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

VERSION = 23
"""That of the functions' arguments and results, also in module.c."""

if TYPE_CHECKING:
    from types import ModuleType

    from indexer.core.native.pure import *  # noqa: F403


def _compiled() -> ModuleType | None:
    if os.environ.get("PODSEEK_PURE"):
        return None
    try:
        from indexer.core.native import compiled
    except ImportError:
        return None
    return compiled if getattr(compiled, "VERSION", None) == VERSION else None


_functions = _compiled()
is_compiled = _functions is not None

if not TYPE_CHECKING:
    if _functions is None:
        from indexer.core.native import pure

        def __getattr__(name: str) -> object:
            function = globals()[name] = getattr(pure, name)  # looked for once
            return function
    else:
        globals().update({name: one for name, one in vars(_functions).items() if callable(one) and name[0] != "_"})
