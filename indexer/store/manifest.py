"""The manifest: what an index was built with, as JSON beside the Whoosh files.

It holds the folding's character table and the user's words, so that queries are folded and segmented like the indexed
text, whatever versions are installed later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from indexer.core.errors import IndexProblem, unreadable
from indexer.core.files.mapped_files import AnyPath, place, read_file
from indexer.core.files.sealed_json import sealed, unsealed
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.store.schema import FORMAT_VERSION, OLDEST_READ

if TYPE_CHECKING:
    from pathlib import Path

FILE = "podseek.json"

_PACKAGES = ("jieba", "opencc", "pypinyin", "whoosh3")
_DECISIVE = ("jieba",)
"""The packages whose version affects segmentation; the others are recorded for diagnosis."""


class DamagedManifest(IndexProblem):
    """The manifest cannot be read."""


class OutdatedIndex(IndexProblem):
    """The index has a format that is no longer supported."""


class Manifest(NamedTuple):
    """What an index was built with. `folding` maps Traditional to Simplified characters; `readings` is the digest of
    the readings file, `readings_crc` its CRC-32 (None before format 7); `lexicons` are the files that hold aliases;
    `identity` identifies the index and equals that in its table of contents."""

    format: int
    packages: Mapping[str, str]
    lexicon: tuple[str, ...]
    folding: Mapping[str, str]
    readings: str
    lexicons: tuple[str, ...] = ()
    readings_crc: int | None = None
    identity: str = ""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text would be folded or segmented differently."""
        versions = [f"{name} {self.packages.get(name, '')}" for name in _DECISIVE]
        parts = [*versions, self.readings, *self.lexicon, "".join(self.folding), "".join(self.folding.values())]
        import hashlib  # late import: it loads OpenSSL, which a search does not need

        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def new_manifest(
    lexicon: Sequence[str],
    folding: Mapping[str, str],
    readings: str,
    lexicons: Sequence[str] = (),
    readings_crc: int | None = None,
) -> Manifest:
    """The manifest of an index built now."""
    packages = installed_packages()
    return Manifest(FORMAT_VERSION, packages, tuple(lexicon), folding, readings, tuple(lexicons), readings_crc)


def installed_packages() -> dict[str, str]:
    """The versions of the packages an index depends on."""
    from importlib import metadata  # late import: slow, and a search does not need it

    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "none"
    return versions


def read_manifest(folder: AnyPath) -> Manifest | None:
    """Reads the manifest of an index folder; None if there is no index.

    Raises OutdatedIndex for a format that is no longer supported, IndexProblem for one newer than this version or
    without permission to read the file, and DamagedManifest if it is damaged.
    """
    try:
        data = read_file(folder, FILE)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as error:
        raise unreadable(place(folder, FILE), error, "") from None
    except OSError as error:
        raise _damaged(folder, error) from None
    return parse_manifest(data, folder)


def parse_manifest(data: bytes, folder: AnyPath) -> Manifest:
    """Parses a manifest; `folder` is named in errors. Raises OutdatedIndex for a format that is no longer supported,
    IndexProblem for one newer than this version, and DamagedManifest."""
    try:
        values, is_sealed = _load(data)
        _check_format(values["format"], is_sealed, folder)
        folding = _folding(*values["folding"])
        crc = values.get("readings_crc")
        return Manifest(
            format=values["format"],
            packages=dict(values["packages"]),
            lexicon=tuple(values["lexicon"]),
            folding=folding,
            readings=str(values["readings"]),
            lexicons=tuple(map(str, values["lexicons"])),
            readings_crc=None if crc is None else int(crc),
            identity=str(values.get("identity", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(folder, error) from None


def _check_format(found: object, is_sealed: bool, folder: AnyPath) -> None:
    """Raises ValueError for what is no format, IndexProblem for one that is not supported."""
    if type(found) is not int or found < 1 or (found > OLDEST_READ and not is_sealed):
        raise ValueError(_("it is not as it was written"))
    if found > FORMAT_VERSION:
        reads = _("this index has format {found}, this podseek reads {oldest_read} to {format_version}").format(
            found=found, oldest_read=OLDEST_READ, format_version=FORMAT_VERSION
        )
        raise IndexProblem(_("{folder}: {reads}: upgrade podseek").format(folder=folder, reads=reads))
    if found < OLDEST_READ:
        reads = _("this index has format {found}, of an older podseek").format(found=found)
        raise OutdatedIndex(
            _("{folder}: {reads}: `podseek index --rebuild` reads its transcripts again").format(
                folder=folder, reads=reads
            )
        )


def _damaged(folder: AnyPath, error: Exception) -> DamagedManifest:
    cure = _("restore the file, or make it anew with `podseek index --rebuild`")
    return DamagedManifest(str(unreadable(place(folder, FILE), error, cure)))


@lru_cache(4)
def _load(data: bytes) -> tuple[dict[str, Any], bool]:
    """The values of a manifest, and whether it is sealed."""
    return unsealed(data)


"""Opening an index reads the manifest twice, before and after, almost always unchanged. Callers must not mutate the
result."""


@lru_cache(4)
def _folding(keys: str, forms: str) -> dict[str, str]:
    """What each character is folded to. Callers must not mutate the result."""
    return dict(zip(keys, forms, strict=True))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Atomically writes the manifest. Raises OSError."""
    from indexer.core.files.atomic_write import write_whole  # late: a search only reads

    values = {
        "format": manifest.format,
        "packages": dict(manifest.packages),
        "lexicon": list(manifest.lexicon),
        "folding": ["".join(manifest.folding), "".join(manifest.folding.values())],
        "readings": manifest.readings,
        "readings_crc": manifest.readings_crc,
        "identity": manifest.identity,
        "lexicons": list(manifest.lexicons),
    }
    write_whole(folder / FILE, sealed(values, indent=1))
