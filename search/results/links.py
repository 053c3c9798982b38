"""Links to a time in an episode: by the template of its show, in the syntax of its site, or as a media fragment.

There is no standard way to link to a time in a web page. 小宇宙 (xiaoyuzhoufm.com) documents none, so its links have no
time; a template can add one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, quote, urlsplit

from indexer.core.text.time_format import clock
from indexer.core.types import Episode

_SAFE = "-._~!$&'()*+,;=:@%"
"""Characters allowed anywhere in a URL besides letters and digits (RFC 3986)."""


def link_at(episode: Episode, seconds: float) -> str | None:
    """Returns the link to a time in an episode, percent-encoded, http or https; None if there is none.

    In order of preference: the template of the show (`jump`), a page of a site that accepts a time, the audio with a
    W3C media fragment (`#t=75`), any other page.
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
    """Returns an http or https URL in ASCII, without control characters or spaces; None for anything else.

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
    """Fills in a template; None if it needs a value that the episode lacks."""
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
    from indexer.core.files.language_suffix import plain_stem

    return plain_stem(Path(episode.path))


Jump = Callable[[SplitResult, int], str]
"""Links to a time, in whole seconds, of a page."""


def _with_t(unit: str = "") -> Jump:
    """`?t=75`, replacing an existing one; the rest of the query string stays."""

    def jump(page: SplitResult, at: int) -> str:
        kept = [field for field in page.query.split("&") if field and not re.match("t(=|$)", field)]
        return page._replace(query="&".join([*kept, f"t={at}{unit}"])).geturl()

    return jump


def _with_path(page: SplitResult, at: int) -> str:
    """`/1:15`, the syntax of Overcast."""
    plain = re.sub(r"/(?:\d+:)?\d+:\d\d$", "", page.path.rstrip("/"))
    hours = f"{at // 3600}:{at // 60 % 60:02}" if at >= 3600 else str(at // 60)
    return page._replace(path=f"{plain}/{hours}:{at % 60:02}").geturl()


def _unchanged(page: SplitResult, at: int) -> str:
    return page.geturl()


def _fragment(page: SplitResult, at: int) -> str:
    """Adds a W3C media fragment, unless there is a fragment already."""
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
"""By the end of the host name."""


def _site(page: str) -> Jump | None:
    """The link syntax of a page's site; None for an unknown site."""
    host = urlsplit(page).hostname or ""
    return next((jump for site, jump in _SITES.items() if host == site or host.endswith(f".{site}")), None)
