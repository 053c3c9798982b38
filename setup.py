"""Compiles the message catalogues (`.po`) and, where there is a C compiler, the hot loops of a search, when podseek is
built or installed; all else is in setup.cfg."""

import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent


class BuildWithCatalogues(build_py):
    """Writes a `.mo` for each `.po`: into what is built, or beside it for an editable install."""

    def run(self):
        super().run()
        sys.path.insert(0, str(ROOT))  # an isolated build does not have it
        from indexer.core.po_file import compiled, parse

        target = ROOT if getattr(self, "editable_mode", False) else Path(self.build_lib)
        for source in (ROOT / "podseek" / "locale").rglob("*.po"):
            place = (target / source.relative_to(ROOT)).with_suffix(".mo")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(compiled(parse(source.read_text("utf-8"))))


NATIVE = Path("indexer", "core", "native")
hot_loops = Extension(
    "indexer.core.native.compiled",
    sorted(str(path.relative_to(ROOT)) for path in (ROOT / NATIVE).rglob("*.c")),
    include_dirs=[str(NATIVE)],
    depends=sorted(str(path.relative_to(ROOT)) for path in (ROOT / NATIVE).rglob("*.h")),
    # Without contraction, sums are those of Python to the last digit. A compiler of Microsoft ignores both.
    extra_compile_args=["-O3", "-ffp-contract=off"],
    optional=True,  # without a compiler, the same functions in Python are used
)

setup(cmdclass={"build_py": BuildWithCatalogues}, ext_modules=[hot_loops])
