"""Downloads a large file in pieces, so that a run that was cut off goes on where it stopped.

What has come so far is in `NAME.part` beside the target, with the ETag (or time) of its version in `NAME.part.json`:
the rest is requested only of the same version, and otherwise the whole file. The target appears when it is complete.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.core.errors import PodseekProblem, placed
from indexer.core.files.atomic_write import make_folder, put, sync, write_json
from indexer.core.messages import _

if TYPE_CHECKING:
    from indexer.metadata.feeds.http_client import Fetcher

_PIECE = 1 << 18
Step = Callable[[int, int], None]


class TooLarge(PodseekProblem):
    """The file would take more space than is allowed."""


def part_of(target: Path) -> Path:
    """The file with what has come of a target so far."""
    return target.with_name(f"{target.name}.part")


def download(fetcher: Fetcher, url: str, target: Path, most: int, step: Step = lambda done, total: None) -> None:
    """Downloads `url` to `target`, at most `most` bytes, going on from an earlier run. `step(done, total)` is called
    after each piece; `total` is 0 if the server does not say.

    Raises FetchProblem if it fails; what has come is kept for the next run. Raises TooLarge, and OSError that names a
    file.
    """
    from indexer.metadata.feeds.http_client import FetchProblem, RangeRefused

    make_folder(target.parent)
    part = part_of(target)
    begun, version = _begun(part, url)
    try:
        headers = {"Range": f"bytes={begun}-", "If-Range": version} if begun else {}
        try:
            _transfer(fetcher, url, target, headers, most, step)
        except RangeRefused:
            part.unlink(missing_ok=True)
            _transfer(fetcher, url, target, {}, most, step)
    except OSError as error:
        raise placed(error, part) from None
    except FetchProblem:
        raise
    with suppress(OSError):
        _note(part).unlink(missing_ok=True)


def _transfer(fetcher: Fetcher, url: str, target: Path, headers: dict[str, str], most: int, step: Step) -> None:
    from indexer.metadata.feeds.http_client import FetchProblem

    part = part_of(target)
    with fetcher.opened(url, headers) as answer:
        begun, total = _place(answer, part if headers else None)
        if max(total, begun) > most:
            raise TooLarge(_("it is larger than what is left of the space for audio"))
        if not begun:
            _keep_version(part, url, answer.headers)
        with part.open("r+b" if begun else "wb") as file:
            file.seek(begun)
            file.truncate()
            done = begun
            while piece := answer.read(_PIECE):
                done += len(piece)
                if done > most:
                    raise TooLarge(_("it is larger than what is left of the space for audio"))
                file.write(piece)
                step(done, total)
            file.flush()
            sync(file.fileno())
    if not done or (total and done != total):
        raise FetchProblem(_("the connection ended too early"))
    put(part, target)


def _place(answer: Any, part: Path | None) -> tuple[int, int]:
    """Where the body belongs in the file, and the size of the whole file; 0 if unknown."""
    length = answer.headers.get("Content-Length") or ""
    size = int(length) if re.fullmatch(r"\d{1,15}", length) else 0
    if answer.status != 206 or part is None:
        return 0, size
    sent = re.fullmatch(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15}|\*)", (answer.headers.get("Content-Range") or "").strip())
    if sent is None or int(sent[1]) != part.stat().st_size:
        from indexer.metadata.feeds.http_client import RangeRefused

        raise RangeRefused(_("the server sent another part than was requested"))
    return int(sent[1]), int(sent[2]) if sent[2] != "*" else (int(sent[1]) + size if size else 0)


def _note(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _begun(part: Path, url: str) -> tuple[int, str]:
    """The bytes that have come, and their version; (0, "") if they cannot be continued."""
    try:
        said, version = json.loads(_note(part).read_bytes())
        size = part.stat().st_size
        return (size, str(version)) if said == url and version and size else (0, "")
    except (OSError, ValueError, TypeError):
        return 0, ""


def _keep_version(part: Path, url: str, headers: Any) -> None:
    """Notes the version of a file that begins now: a strong ETag, or its time of change."""
    etag = headers.get("ETag") or ""
    version = etag if etag.startswith('"') else headers.get("Last-Modified") or ""
    write_json(_note(part), [url, version])
