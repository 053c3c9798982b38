"""Corpora and indexes that a bench keeps for its next run, each with a mark beside it that tells what it was made of.

The mark of a folder is empty while the folder is being made, so what an interrupted run leaves is made again, as is
what was made by other code or of other transcripts. A folder without a mark belongs to someone else.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from peers import MODULES

from shared.machine import versions
from shared.processes import run

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
COMPILED = {".pyc", ".so", ".pyd"}
MAKERS = BENCH / "make_corpus.py", BENCH / "shared" / "made_speech.py"


def is_kept(folder: Path, recipe: str) -> bool:
    """Whether the folder was made completely, by this recipe."""
    mark = mark_of(folder)
    return folder.is_dir() and mark.is_file() and mark.read_text("utf-8") == recipe


@contextmanager
def making(folder: Path, recipe: str) -> Iterator[None]:
    """Removes what an earlier run made, and marks the folder if it is there when the block has ended without an error.

    Raises SystemExit for a folder without a mark.
    """
    mark = mark_of(folder)
    if folder.exists() and not mark.exists():
        raise SystemExit(f"{folder}: no bench made it: move it away, or name another folder to keep things in")
    mark.write_text("", "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    yield
    if folder.exists():
        mark.write_text(recipe, "utf-8")
    else:
        mark.unlink()


def mark_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.made")


def corpus(place: Path, cues: int, sources: Sequence[Path] = ()) -> Path:
    """The folder of so many cues in `place`, of the transcripts in `sources` or else of the sample corpus."""
    folder = place / f"corpus-{cues}"
    given = [path for source in sources or [ROOT / "corpus"] for path in sorted(source.rglob("*.srt"))]
    texts = [(str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in given]
    recipe = json.dumps({"cues": cues, "given": digest([json.dumps(texts).encode()]), "code": code(MAKERS)})
    if not is_kept(folder, recipe):
        options = ["--from", *map(str, sources)] if sources else []
        print(f"making {cues:,} cues", file=sys.stderr, flush=True)
        with making(folder, recipe):
            run([sys.executable, str(MAKERS[0]), str(folder), "--cues", str(cues), *options], accepted=(0,))
    return folder


def index_recipe(peer: str, text: str) -> str:
    """What an index is made of: `text` names the transcripts (`worker.measure`)."""
    own = [path for path in sorted((ROOT / "indexer").rglob("*")) if path.is_file() and path.suffix not in COMPILED]
    peers = [BENCH / "peers" / f"{module}.py" for module in ("cutting", MODULES[peer])]
    return json.dumps({"text": text, "code": code([*own, *peers]), "packages": dict(versions())})


def code(files: Iterable[Path]) -> str:
    return digest(path.read_bytes() for path in files)


def digest(parts: Iterable[bytes]) -> str:
    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        found.update(b"%d:" % len(part) + part)
    return found.hexdigest()
