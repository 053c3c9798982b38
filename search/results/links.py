"""Links to a second of an episode: by the template of its show, as its site takes a time, or as a media fragment.

No standard says how a page takes a time. For 小宇宙 (xiaoyuzhoufm.com) no public document tells a way at all, so its
links stay as they are; where that changes, a template helps at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, quote, urlsplit

from indexer.core.time_format import clock
from indexer.core.types import Episode

_SAFE = "-._~!$&'()*+,;=:@%"
"""What may stand everywhere in an address beside letters and digits (RFC 3986)."""


def link_at(episode: Episode, seconds: float) -> str | None:
    """The link to a second of an episode, percent-encoded, http or https; None when none is known.

    The template of the show (`jump`) comes first, then a page of a site that takes a time, then the audio with a W3C
    media fragment (`#t=75`), then any other page.
    """
    facts, at = episode.facts, max(0, int(seconds))
    if facts.jump is not None and (made := encoded(_filled(facts.jump, episode, at))) is not None:
        return made
    audio, page = encoded(facts.audio), encoded(facts.link)
    jump = _site(page) if page else None
    if page and jump is not None and jump is not _unchanged:
        return jump(urlsplit(page), at)
    if audio is not None:
        return _fragment(urlsplit(audio), at)
    return (jump or _fragment)(urlsplit(page), at) if page else None


def encoded(address: str | None) -> str | None:
    """An http or https address in plain ASCII, without control characters or spaces; None for anything else.

    >>> encoded("https://example.org/海 1.mp3?a=50%")
    'https://example.org/%E6%B5%B7%201.mp3?a=50%25'
    """
    if address is None:
        return None
    try:
        parts = urlsplit(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", address))
    except ValueError:  # brackets that hold no IPv6 address
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return SplitResult(
        parts.scheme,
        _quoted(parts.netloc, "[]"),
        *(_quoted(part, "/?") for part in (parts.path, parts.query, parts.fragment)),
    ).geturl()


def _quoted(part: str, safe: str) -> str:
    return quote(part, safe=_SAFE + safe, errors="replace")


def _filled(template: str, episode: Episode, at: int) -> str | None:
    """The template with its names replaced; None when it asks for what this episode does not have."""
    facts = episode.facts
    values = {
        "link": facts.link,
        "audio": facts.audio,
        "seconds": str(at),
        "hh:mm:ss": clock(at),
        "stem": quote(_stem(episode), safe=""),
        "guid": quote(facts.guid, safe="") if facts.guid else None,
    }
    names = re.findall("{(" + "|".join(values) + ")}", template)
    if any(values[name] is None for name in names):
        return None
    return re.sub("{(" + "|".join(values) + ")}", lambda match: values[match[1]] or "", template)


def _stem(episode: Episode) -> str:
    from indexer.core.language_suffix import plain_stem

    return plain_stem(Path(episode.path))


Jump = Callable[[SplitResult, int], str]
"""Makes the link to a second of a page."""


def _with_t(unit: str = "") -> Jump:
    """`?t=75`, in the place of one that is there; everything else in the query stays."""

    def jump(page: SplitResult, at: int) -> str:
        kept = [field for field in page.query.split("&") if field and not re.match("t(=|$)", field)]
        return page._replace(query="&".join([*kept, f"t={at}{unit}"])).geturl()

    return jump


def _with_path(page: SplitResult, at: int) -> str:
    """`/1:15`, as Overcast has it."""
    plain = re.sub(r"/(?:\d+:)?\d+:\d\d$", "", page.path.rstrip("/"))
    hours = f"{at // 3600}:{at // 60 % 60:02}" if at >= 3600 else str(at // 60)
    return page._replace(path=f"{plain}/{hours}:{at % 60:02}").geturl()


def _unchanged(page: SplitResult, at: int) -> str:
    return page.geturl()


def _fragment(page: SplitResult, at: int) -> str:
    """A W3C media fragment, where there is no other fragment."""
    return page.geturl() if page.fragment else page._replace(fragment=f"t={at}").geturl()


_SITES: dict[str, Jump] = {
    "youtube.com": _with_t("s"),
    "youtu.be": _with_t("s"),
    "bilibili.com": _with_t(),
    "podcasts.apple.com": _with_t(),
    "open.spotify.com": _with_t(),
    "pca.st": _with_t(),
    "pocketcasts.com": _with_t(),
    "overcast.fm": _with_path,
    "xiaoyuzhoufm.com": _unchanged,
}
"""By the end of the host's name."""


def _site(page: str) -> Jump | None:
    """How the site of a page takes a time; None for a site that is not known."""
    host = urlsplit(page).hostname or ""
    return next((jump for site, jump in _SITES.items() if host == site or host.endswith(f".{site}")), None)
