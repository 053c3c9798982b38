"""The headers of every answer: nothing is loaded from elsewhere, nothing runs but our own files."""

from __future__ import annotations

from collections.abc import Iterable

_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
)


def content_policy(audio_hosts: Iterable[str] = ()) -> str:
    """The Content-Security-Policy of a page that may play audio of these origins, such as `https://example.org`."""
    media = " ".join(["media-src 'self'", *sorted(set(audio_hosts))])
    return "; ".join([*_POLICY, media])


SAFETY_HEADERS = {
    "content-security-policy": content_policy(),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with no-referrer browsers send our own forms with `Origin: null`
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "cache-control": "private, no-cache",
}
"""Added to every answer that does not set them itself."""
