"""Determines the manifest of a run: a new index takes the current word lists and tables, an existing index keeps its
own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from secrets import token_hex

from indexer.core.configuration.paths import default_cache
from indexer.core.errors import IndexProblem
from indexer.core.files.mapped_files import place
from indexer.core.messages import N_, _, enumeration, ngettext
from indexer.core.named_tuples import NamedTuple
from indexer.core.text.folding import Folding, opencc_table
from indexer.core.types import Complaint
from indexer.core.words.lexicon import FILE, find_lexicons, folded_words
from indexer.core.words.pronunciation import FILE as READINGS
from indexer.core.words.pronunciation import readings_crc, readings_digest, write_readings
from indexer.segmentation.pinyin import pypinyin_readings
from indexer.store.manifest import Manifest, installed_packages, new_manifest, read_manifest, write_manifest
from indexer.store.schema import FORMAT_VERSION
from indexer.store.seal import read_identity
from indexer.store.segments.checksums import IDENTITY

_REBUILD = N_("run the same command with --rebuild to read all episodes again")
_BEGUN = N_(
    "the rebuild was begun with other words or another jieba: finish it with those, or begin anew without --part"
)


class BegunOtherwise(IndexProblem):
    """Another run has begun the rebuild with another lexicon or another jieba."""


class Relation(Enum):
    """How a run relates to the manifest that is stored: it replaces it, extends the index made with it, or joins a
    rebuild that other runs have begun with it."""

    REPLACES = "replaces"
    EXTENDS = "extends"
    JOINS = "joins"


def agree_manifest(
    folder: Path,
    places: Sequence[Path],
    lexicon: Path | str | None,
    relation: Relation,
    waiting: list[Complaint] | None,
) -> Manifest:
    """Returns the manifest of a run: the stored one or, if there is none or the run replaces it, a new one, which it
    writes.

    `places` are the paths of the run, `lexicon` a file that replaces the lexicons found there. Words added to a lexicon
    since the index was made need a rebuild: reports them in `waiting`, or raises IndexProblem if that is None. Also
    raises IndexProblem if the installed jieba would segment text differently. A run that joins a rebuild gets both
    problems as BegunOtherwise.
    """
    joins = relation is Relation.JOINS
    refusal = _Refusal(BegunOtherwise, _(_BEGUN)) if joins else _Refusal(IndexProblem, _(_REBUILD))
    present = read_manifest(folder)
    is_new = present is None or relation is Relation.REPLACES
    folding = Folding(opencc_table() if present is None or is_new else present.folding)
    files = [Path(lexicon)] if lexicon is not None else find_lexicons(places)
    words_of = {path: folded_words(path, folding) for path in files}
    lexicons = _alias_files(places, files, present.lexicons if present else ())
    if present is None or is_new:
        words = sorted({word for words in words_of.values() for word in words})
        return _made(folder, words if files or present is None else present.lexicon, folding, lexicons)
    _check_words(present, words_of, folder, waiting, refusal)
    _check_segmenter(present, folder, refusal)
    return _brought_up_to_date(present, folder, lexicons)


class _Refusal(NamedTuple):
    """How to refuse an index made with another lexicon or jieba: the exception to raise, and the cure that it names."""

    problem: type[IndexProblem]
    cure: str


def _made(folder: Path, words: Sequence[str], folding: Folding, lexicons: tuple[str, ...]) -> Manifest:
    """Writes and returns a new manifest, with the readings of today."""
    readings = write_readings(folder, pypinyin_readings(folding.table, default_cache()))
    manifest = new_manifest(words, folding.table, readings, lexicons, readings_crc(folder))
    manifest = manifest._replace(identity=_identity(folder))
    write_manifest(folder, manifest)
    return manifest


def _check_words(
    present: Manifest,
    words_of: Mapping[Path, Iterable[str]],
    folder: Path,
    waiting: list[Complaint] | None,
    refusal: _Refusal,
) -> None:
    """Reports words of the lexicons that are new since the index was made: in `waiting`, or by an exception if None."""
    new = sorted({word for words in words_of.values() for word in words} - set(present.lexicon))
    if not new:
        return
    source = next(path for path, words in words_of.items() if new[0] in words)
    what = ngettext(
        "{n} word is new since {folder} was made ({listed})",
        "{n} words are new since {folder} was made ({listed})",
        len(new),
    ).format(n=len(new), folder=folder, listed=enumeration(new[:3]) + ("…" if len(new) > 3 else ""))
    if waiting is None:
        raise refusal.problem(f"{source}: {what}: {refusal.cure}")
    waiting.append(Complaint(str(source), 0, what, _("not used before `podseek index --rebuild` has read all again")))


def _check_segmenter(present: Manifest, folder: Path, refusal: _Refusal) -> None:
    """Refuses an index whose text another jieba would segment differently."""
    if present.fingerprint == present._replace(packages=installed_packages()).fingerprint:
        return
    before, now = present.packages.get("jieba"), installed_packages()["jieba"]
    raise refusal.problem(
        _("{folder}: made with jieba {before}, installed is {now}: {rebuild}").format(
            folder=folder, before=before, now=now, rebuild=refusal.cure
        )
    )


def _brought_up_to_date(present: Manifest, folder: Path, lexicons: tuple[str, ...]) -> Manifest:
    """The manifest with these lexicons and in today's format, written if anything changed."""
    if lexicons == present.lexicons and present.format == FORMAT_VERSION:
        return present
    if present.readings_crc is None:
        present = present._replace(readings_crc=_same_readings(folder, present.readings))
    present = present._replace(format=FORMAT_VERSION, lexicons=lexicons, identity=_identity(folder))
    write_manifest(folder, present)
    return present


def _identity(folder: Path) -> str:
    return read_identity(folder) or token_hex(IDENTITY)


def _same_readings(folder: Path, digest: str) -> int:
    """Returns the CRC-32 of the stored readings. Raises IndexProblem if they do not have this digest."""
    if readings_digest(folder) != digest:
        raise IndexProblem(
            _("{place}: is not as it was written: {rebuild}").format(place=place(folder, READINGS), rebuild=_(_REBUILD))
        )
    return readings_crc(folder)


def _alias_files(places: Iterable[Path], files: Iterable[Path], known: Sequence[str]) -> tuple[str, ...]:
    """Returns the paths in which searches look for aliases: those registered before, those found now, and the default
    one of the first folder, which need not exist."""
    found = [str(path.resolve()) for path in files if path.suffix == ".toml"]
    first = [str((place / FILE).resolve()) for place in places if place.is_dir()][:1]
    return tuple(dict.fromkeys([*known, *found, *first]))
