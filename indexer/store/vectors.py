"""Vectors beside the index: one of int8 for each segment of an episode, with the atoms it covers.

They are stored apart from the segments of the index, because they take hours to make and outlive merges, upgrades and
rebuilds: an entry belongs to an episode id and to what the transcript was, its digest and its length in atoms. An entry
that no longer fits its episode is not used.

`meaning.json`, sealed, is the list of contents; it names the files with the vectors, `meaning-*.vec`, which are never
changed. Writing (`vector_writer`) syncs new files before the list that names them replaces the old one, so a reader
finds one state or the other. Such a file is, little-endian:

| bytes                | value                                                                  |
|----------------------|------------------------------------------------------------------------|
| 8                    | `podvecs1`                                                             |
| 4 x rows             | the first atom of each segment                                         |
| 4 x rows             | the end of its atoms                                                   |
| 4 x rows             | a float that makes the vector of length 1                              |
| dimensions x rows    | the vectors                                                            |

Its CRC-32 is in the list, and is compared before the first use.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from time import sleep

from indexer.core.errors import IndexProblem
from indexer.core.files.mapped_files import AnyPath, Data, map_file, place, read_file
from indexer.core.files.sealed_json import sealed, unsealed
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Episode

FILE = "meaning.json"
MAGIC = b"podvecs1"
VERSION = 1
_NAMES = re.compile(r"meaning-[0-9a-f]+\.vec")
_ATTEMPTS = 4


class VectorEntry(NamedTuple):
    """The vectors of an episode: rows [first, first + rows) of a part, or none. `digest` and `atoms` are those of the
    transcript they were made from."""

    episode: str
    digest: str
    atoms: int
    part: str
    first: int
    rows: int

    @property
    def key(self) -> tuple[str, int]:
        """Equal for equal transcripts, whatever they are called."""
        return self.digest, self.atoms


class VectorFile(NamedTuple):
    """A file of vectors: its name, rows and CRC-32."""

    name: str
    rows: int
    crc: int


class VectorList(NamedTuple):
    """What `meaning.json` says: the model, the length of its vectors, how episodes were cut, the seconds of work that
    an hour of speech took, the files, and what they hold for each episode."""

    model: str
    dimensions: int
    segmenting: str
    pace: float
    parts: tuple[VectorFile, ...] = ()
    entries: tuple[VectorEntry, ...] = ()

    @property
    def fingerprint(self) -> tuple[str, int, str]:
        """Vectors with different fingerprints cannot be compared."""
        return self.model, self.dimensions, self.segmenting

    def by_episode(self) -> dict[str, VectorEntry]:
        return {entry.episode: entry for entry in self.entries}


class DamagedVectors(IndexProblem):
    """The vectors of an index cannot be read."""


def key_of(episode: Episode) -> tuple[str, int]:
    """What the vectors of an episode belong to: the digest of its transcript, shortened, and its length in atoms."""
    return episode.digest[:16], episode.atoms


def read_list(folder: AnyPath) -> VectorList | None:
    """The list of an index folder; None if it has no vectors. Raises DamagedVectors, and IndexProblem if a newer
    podseek wrote it."""
    try:
        values, is_sealed = unsealed(read_file(folder, FILE))
        if not is_sealed:
            raise ValueError(_("it is not as it was written"))
        if values["version"] > VERSION:
            raise IndexProblem(
                _("{place}: a newer podseek wrote these vectors: upgrade podseek").format(place=place(folder, FILE))
            )
        listed = VectorList(
            model=str(values["model"]),
            dimensions=int(values["dimensions"]),
            segmenting=str(values["segmenting"]),
            pace=float(values["pace"]),
            parts=tuple(VectorFile(str(name), int(rows), int(crc)) for name, rows, crc in values["parts"]),
            entries=tuple(
                VectorEntry(str(name), str(digest), int(atoms), str(part), int(first), int(rows))
                for name, digest, atoms, part, first, rows in values["episodes"]
            ),
        )
        if what := _misplaced(listed):
            raise ValueError(what)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(folder, FILE, error) from None
    return listed


def packed_list(listed: VectorList) -> bytes:
    """Encodes the list."""
    return sealed(
        {
            "version": VERSION,
            "model": listed.model,
            "dimensions": listed.dimensions,
            "segmenting": listed.segmenting,
            "pace": listed.pace,
            "parts": [list(part) for part in listed.parts],
            "episodes": [list(entry) for entry in listed.entries],
        }
    )


class OpenVectors:
    """An open file of vectors; every property is a view of the mapped file."""

    def __init__(self, name: str, data: Data, rows: int, dimensions: int) -> None:
        self.name = name
        self.rows = rows
        self._data = data
        self._dimensions = dimensions

    @property
    def first(self) -> memoryview:
        """Bytes: the first atom of each segment, as unsigned integers of four bytes."""
        return self._column(0)

    @property
    def end(self) -> memoryview:
        """Bytes: the atom after the last of each segment."""
        return self._column(1)

    @property
    def scale(self) -> memoryview:
        """Bytes: floats of four bytes by which the vectors are to be multiplied."""
        return self._column(2)

    @property
    def vectors(self) -> memoryview:
        """Bytes: the vectors, one after the other."""
        begin = len(MAGIC) + 12 * self.rows
        return memoryview(self._data)[begin : begin + self.rows * self._dimensions]

    def _column(self, number: int) -> memoryview:
        begin = len(MAGIC) + 4 * self.rows * number
        return memoryview(self._data)[begin : begin + 4 * self.rows]


def size_of(rows: int, dimensions: int) -> int:
    """The size of a file in bytes."""
    return len(MAGIC) + rows * (12 + dimensions)


def open_part(folder: AnyPath, part: VectorFile, dimensions: int) -> OpenVectors:
    """Maps a file and compares it with its checksum. Raises DamagedVectors; FileNotFoundError if it is gone, which it
    may be after a later run."""
    data = map_file(folder, part.name)
    if len(data) != (size := size_of(part.rows, dimensions)):
        what = _("it has {count:,} bytes instead of {size:,}").format(count=len(data), size=size)
        raise damaged(folder, part.name, ValueError(what))
    with memoryview(data) as view:
        if view[: len(MAGIC)] != MAGIC or zlib.crc32(view) != part.crc:
            raise damaged(folder, part.name, ValueError(_("it is not as it was written")))
    return OpenVectors(part.name, data, part.rows, dimensions)


def open_vectors(
    folder: AnyPath, known: Mapping[str, OpenVectors] | None = None
) -> tuple[VectorList, Mapping[str, OpenVectors]] | None:
    """The list, and its files by name, those in `known` as they are; None if there are no vectors. Raises IndexProblem
    if they cannot be read."""
    for attempt in range(_ATTEMPTS):
        listed = read_list(folder)
        if listed is None:
            return None
        try:
            return listed, {
                part.name: (known or {}).get(part.name) or open_part(folder, part, listed.dimensions)
                for part in listed.parts
            }
        except FileNotFoundError as error:  # a later run has replaced it
            problem = error
            sleep(0.05 * attempt)
        except OSError as error:
            problem = FileNotFoundError(error)
            break
    raise damaged(folder, FILE, problem) from problem


def faults(folder: AnyPath) -> list[str]:
    """Reads everything and compares it with its checksums; one line per fault."""
    try:
        open_vectors(folder)
    except IndexProblem as problem:
        return [str(problem)]
    return []


def _misplaced(listed: VectorList) -> str:
    """The fault of a list with a valid checksum, such as one edited by hand; empty if there is none."""
    rows = {part.name: part.rows for part in listed.parts if _NAMES.fullmatch(part.name) and part.rows >= 0}
    if len(rows) != len(listed.parts) or listed.dimensions < 1:
        return _("it names files as podseek does not")
    for entry in listed.entries:
        if entry.rows and not 0 <= entry.first < entry.first + entry.rows <= rows.get(entry.part, -1):
            return _("it misplaces the vectors of {episode}").format(episode=entry.episode)
    return ""


def damaged(folder: AnyPath, name: str, error: Exception) -> DamagedVectors:
    """The problem of a file of vectors that cannot be read."""
    cure = _("make the vectors again with `podseek index --meaning --rebuild`")
    return DamagedVectors(
        _("{place}: cannot be read ({error}): {cure}").format(place=place(folder, name), error=error, cure=cure)
    )
