"""Zip archives of transcripts, read where they lie. Nothing is unpacked to the disk, and nothing in them is trusted."""

from __future__ import annotations

import stat
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from indexer.values import Complaint

SUFFIX = ".zip"

MOST_MEMBERS = 20_000
MOST_BYTES = 2 << 30
"""Of all members together, unpacked: the largest collection known has 100 MB."""
_SMALL = 4 << 20
_MOST_RATIO = 200
"""Text is packed to a fifth, the same line over and over to a hundredth; a larger ratio, of more than `_SMALL` bytes,
is a bomb."""
_ENCRYPTED, _IS_UTF8 = 0x1, 0x800


def is_archive(path: Path) -> bool:
    return path.suffix.lower() == SUFFIX and path.is_file()


def find_members(archive: Path, is_wanted: Callable[[Path], bool], complaints: list[Complaint]) -> list[Path]:
    """The paths of the wanted members, in order. An archive that means harm is refused with one complaint."""
    try:
        members = _members(archive)
    except OSError as error:
        _refuse(complaints, archive, error.strerror or str(error))
        return []
    problem = next(filter(None, map(_problem, members.values())), None) or _excess(members)
    if problem:
        _refuse(complaints, archive, problem)
        return []
    found = []
    for name, info in members.items():
        path = Path(archive, *PurePosixPath(name).parts)
        if info.is_dir() or any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts):
            continue
        if path.suffix.lower() == SUFFIX:
            complaints.append(Complaint(str(path), 0, "an archive in an archive", "left out; unpack it first"))
        elif info.flag_bits & _ENCRYPTED:
            complaints.append(Complaint(str(path), 0, "is encrypted", "left out", fatal=True))
        elif _is_wanted(path, is_wanted, complaints):
            found.append(path)
    return sorted(found)


def _is_wanted(path: Path, is_wanted: Callable[[Path], bool], complaints: list[Complaint]) -> bool:
    try:
        return is_wanted(path)
    except OSError as error:
        _refuse(complaints, path, f"cannot be read ({error.strerror})")
        return False


def _refuse(complaints: list[Complaint], path: Path, what: str) -> None:
    complaints.append(Complaint(str(path), 0, what, "left out", fatal=True))


def _problem(info: ZipInfo) -> str | None:
    """Why a member makes its whole archive suspect, or None."""
    name = _name(info)
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":"):
        return f"leads out of the archive ({name[:60]!r})"
    if stat.S_ISLNK(info.external_attr >> 16):
        return f"has a link in it ({name[:60]!r})"
    if info.file_size > _SMALL and info.file_size > _MOST_RATIO * info.compress_size:
        return f"would grow {info.file_size // max(1, info.compress_size):,} times ({name[:60]!r})"
    return None


def _excess(members: dict[str, ZipInfo]) -> str | None:
    if len(members) > MOST_MEMBERS:
        return f"more than {MOST_MEMBERS:,} files: unpack it first"
    total = sum(info.file_size for info in members.values())
    return f"{total >> 20:,} MB unpacked, at most {MOST_BYTES >> 20:,} are read" if total > MOST_BYTES else None


def read_member(archive: Path, name: str, most: int) -> bytes:
    """The bytes of a member, `most` of them. Raises OSError, with what is wrong."""
    members = _members(archive)
    if name not in members:
        raise FileNotFoundError(2, "no such member", str(archive / name))
    try:
        with _opened(archive).open(members[name]) as file:
            return file.read(most)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise OSError(0, f"damaged, or packed in a way not known here: {error}") from None


def has_member(archive: Path, name: str) -> bool:
    """True where the archive has a member of that name. Raises OSError where it cannot be read."""
    return name in _members(archive)


def _members(archive: Path) -> dict[str, ZipInfo]:
    status = archive.stat()
    return _known_members(archive, status.st_size, status.st_mtime_ns)


@lru_cache(4)
def _known_members(archive: Path, size: int, modified: int) -> dict[str, ZipInfo]:
    return dict(_listed(_opened(archive)))


def _listed(file: ZipFile) -> Iterator[tuple[str, ZipInfo]]:
    for info in file.infolist()[: MOST_MEMBERS + 1]:
        yield _name(info).replace("\\", "/"), info


def _opened(archive: Path) -> ZipFile:
    status = archive.stat()
    return _open(archive, status.st_size, status.st_mtime_ns)


@lru_cache(2)  # opened once for all of its members, and again when it changed
def _open(archive: Path, size: int, modified: int) -> ZipFile:
    try:
        return ZipFile(archive)
    except (BadZipFile, EOFError, ValueError, NotImplementedError) as error:
        raise OSError(0, f"not a whole zip archive ({error})") from None


def _name(info: ZipInfo) -> str:
    """The name of a member. Older programs write it in the encoding of their machine, in China GB18030."""
    if info.flag_bits & _IS_UTF8:
        return info.filename
    try:
        written = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
