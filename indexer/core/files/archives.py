"""Reads transcripts straight from zip archives: nothing is unpacked to disk, and nothing in the archive is trusted.

`zipfile` parses the central directory only. Member data is read and inflated here piece by piece, so that a false size
cannot exhaust memory, and processes that read the same archive share no file handle.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from indexer.core.files.inflate import MOST_RATIO, SMALL
from indexer.core.files.regular_files import open_regular
from indexer.core.messages import _

MOST_MEMBERS = 20_000
MOST_BYTES = 2 << 30
"""Limit on the total uncompressed size of all members, in bytes; the largest known collection has 100 MB."""
_LONGEST_LIST = 8 << 20
"""Limit on the central directory, in bytes: 400 for each of `MOST_MEMBERS`."""
_ENCRYPTED, _IS_UTF8 = 0x1, 0x800
_HEADER = struct.Struct("<4s22xHH")
"""The local file header: a signature, then the lengths of the name and the extra field that precede the data."""
_MARK = b"PK\3\4"
_PIECE = 1 << 18
_DRIVE = re.compile("[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Member:
    """An archive member as the central directory describes it. Sizes and offsets are in bytes."""

    name: str
    size: int
    packed: int
    offset: int
    crc: int
    method: int
    is_encrypted: bool = False
    is_link: bool = False

    @property
    def fault(self) -> str | None:
        """Why the member cannot be read, or None."""
        if self.is_encrypted:
            return _("is encrypted")
        return None if self.method in (ZIP_STORED, ZIP_DEFLATED) else _("is not packed by deflate")


@dataclass(frozen=True, slots=True)
class ArchiveContents:
    """The members of an archive by path, and their paths sorted. `doubled` lists the paths that occur more than once
    (the last one wins); `harm` is the reason why nothing may be read from the archive, or None."""

    members: Mapping[str, Member]
    paths: Sequence[str]
    doubled: tuple[str, ...] = ()
    harm: str | None = None


def contents(archive: Path) -> ArchiveContents:
    """Lists an archive. The result is cached until the size or modification time changes. Raises OSError."""
    status = archive.stat()
    return _contents(archive, status.st_size, status.st_mtime_ns)


@lru_cache(4)
def _contents(archive: Path, size: int, modified: int) -> ArchiveContents:
    try:
        with open_regular(archive) as raw, ZipFile(_Sparing(raw)) as file:
            listed = [_member(info) for info in file.infolist()]
    except OSError:
        raise
    except Exception as error:  # a hostile file can make zipfile raise anything
        raise OSError(0, _("not a whole zip archive ({error})").format(error=error)) from None
    members: dict[str, Member] = {}
    doubled = []
    for member in listed:
        name = PurePosixPath(member.name).as_posix()
        if name == "." or member.name.endswith("/"):
            continue
        if name in members:
            doubled.append(name)
        members[name] = member
    return ArchiveContents(members, sorted(members), tuple(dict.fromkeys(doubled)), _harm(listed, size))


class _Sparing(io.BufferedReader):
    """A file that refuses oversized reads: zipfile reads the central directory in one call of whatever length it
    declares."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LONGEST_LIST:
            raise OSError(0, _("a list of members of {size:,} MB; unpack it first").format(size=size >> 20))
        return super().read(size)


def _member(info: ZipInfo) -> Member:
    return Member(
        name=_name(info).replace("\\", "/"),
        size=info.file_size,
        packed=info.compress_size,
        offset=info.header_offset,
        crc=info.CRC,
        method=info.compress_type,
        is_encrypted=bool(info.flag_bits & _ENCRYPTED),
        is_link=stat.S_ISLNK(info.external_attr >> 16),
    )


def _name(info: ZipInfo) -> str:
    """The decoded name of a member. Without the UTF-8 flag zipfile assumes cp437, but macOS writes UTF-8 anyway and
    older Chinese programs write GB18030."""
    if info.flag_bits & _IS_UTF8:
        return info.filename
    try:
        written = info.filename.encode("cp437")
    except UnicodeEncodeError:  # the name came from the Unicode extra field
        return info.filename
    # Only GB2312 is safe to assume: under GB18030 an accented letter and its successor may decode to a rare character.
    # DOS box-drawing characters, on the other hand, do not occur in file names.
    has_blocks = any(0xA9 <= byte <= 0xDF for byte in written)
    for encoding in ("utf-8", "gb2312", *(["gb18030"] if has_blocks else [])):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _harm(members: Sequence[Member], size: int) -> str | None:
    """Why an archive of `size` bytes must not be read, or None."""
    if len(members) > MOST_MEMBERS:
        return _("more than {most:,} files in it; unpack it first").format(most=MOST_MEMBERS)
    harm = next(filter(None, map(_harm_of_one, members)), None)
    if harm:
        return harm
    total = sum(member.size for member in members)
    if total > MOST_BYTES:
        return _("{total:,} MB when unpacked, more than {most:,}; unpack it first").format(
            total=total >> 20, most=MOST_BYTES >> 20
        )
    if total > max(SMALL, MOST_RATIO * size):
        return _("would grow to {total:,} times its size").format(total=total // max(1, size))
    end = 0
    for member in sorted(members, key=lambda member: member.offset):
        if member.offset < end:
            return _("its members lie on one another ({name!r})").format(name=member.name[:60])
        end = member.offset + _HEADER.size + member.packed
    if end > size:
        return _("its members reach past its end")
    return None


def _harm_of_one(member: Member) -> str | None:
    """Why this member makes the whole archive suspect, or None."""
    path, said = PurePosixPath(member.name), f"({member.name[:60]!r})"
    if path.is_absolute() or ".." in path.parts or _DRIVE.match(member.name):
        return _("leads out of the archive {said}").format(said=said)
    if member.is_link:
        return _("has a link in it {said}").format(said=said)
    if member.size > SMALL and member.size > MOST_RATIO * member.packed:
        return _("would grow to {size:,} times its size {said}").format(
            size=member.size // max(1, member.packed), said=said
        )
    return None


def names_in(archive: Path, folder: str) -> list[str]:
    """The names of the members and folders in a folder of an archive; `.` is the archive itself. Raises OSError."""
    paths, inside = contents(archive).paths, "" if folder == "." else f"{folder}/"
    names, at = [], bisect_left(paths, inside)
    while at < len(paths) and paths[at].startswith(inside):
        name, is_folder, __ = paths[at][len(inside) :].partition("/")
        names.append(name)
        at = bisect_left(paths, f"{inside}{name}0", at) if is_folder else at + 1  # 0 comes after /
    return names


def find_member(archive: Path, name: str) -> Member:
    """Finds a member by path. Raises FileNotFoundError if there is none, OSError with the reason if the archive is
    refused."""
    found = contents(archive)
    if found.harm:
        raise OSError(0, found.harm)
    if name not in found.members:
        raise FileNotFoundError(2, _("no such member"), str(archive / name))
    return found.members[name]


def read_member(archive: Path, name: str, most: int) -> bytes:
    """Returns the first `most` bytes of a member, uncompressed. Raises OSError with the reason."""
    member = find_member(archive, name)
    if member.fault:
        raise OSError(0, member.fault)
    wanted = min(most, member.size)
    with open_regular(archive) as file:
        try:
            data = b"".join(_unpacked(file, member, wanted))
        except (zlib.error, struct.error) as error:
            raise OSError(0, f"damaged: {error}") from None
    if len(data) < wanted or (wanted == member.size and zlib.crc32(data) != member.crc):
        raise OSError(0, _("damaged: its bytes are not those that were packed"))
    return data


def _unpacked(file: BinaryIO, member: Member, wanted: int) -> Iterator[bytes]:
    """Yields the first `wanted` bytes of a member in pieces; fewer if the data ends early."""
    file.seek(member.offset)
    mark, name, extra = _HEADER.unpack(file.read(_HEADER.size))
    if mark != _MARK:
        raise OSError(0, _("damaged: it is not where the list of members says"))
    file.seek(name + extra, io.SEEK_CUR)
    if member.method == ZIP_STORED:
        yield file.read(min(wanted, member.packed))
        return
    unpacker, left = zlib.decompressobj(-zlib.MAX_WBITS), member.packed
    while wanted > 0 and not unpacker.eof:
        packed = unpacker.unconsumed_tail
        if not packed:
            packed = file.read(min(_PIECE, left))
            left -= len(packed)
        if not packed:
            break
        piece = unpacker.decompress(packed, wanted)
        wanted -= len(piece)
        yield piece
