"""Refuses requests that another site makes in a reader's browser; a link that someone clicks there is let through."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

_OURS = ("same-origin", "none")


def is_foreign(method: str, headers: Mapping[str, str]) -> bool:
    """Whether another site asks. `headers` have lower-case names.

    Browsers send `Sec-Fetch-Site`, and `Origin` with all that is not a plain read. A navigation to a page (GET) is not
    foreign: it shows the page to the reader and nothing to the site that linked to it.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site not in _OURS:
        is_click = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        if not (is_click and method in ("GET", "HEAD")):
            return True
    origin = headers.get("origin")
    if origin is None:
        return False
    try:
        parts = urlsplit(origin)
    except ValueError:
        return True
    return parts.scheme not in ("http", "https") or parts.netloc.lower() != headers.get("host", "").lower()
