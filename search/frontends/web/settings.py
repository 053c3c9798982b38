"""The settings of `podseek serve`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from indexer.core.errors import PodseekProblem

PORT = 8765
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORTEST_TOKEN = 16
"""Characters. `python3 -c "import secrets; print(secrets.token_urlsafe())"` makes 43."""


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Where a reverse proxy publishes the pages: `scheme` http or https, `host` as in the Host header, `prefix` empty
    or like `/podcasts`."""

    scheme: str
    host: str
    prefix: str

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}"


@dataclass(frozen=True, slots=True)
class Settings:
    """`host` and `port` are where to listen, `token` is what to demand from every reader, `public` is the address that
    a reverse proxy gives to it, `audio_folders` are more folders to play files from. At most `at_once` questions are
    answered at a time by each of the `processes`, and `waiting` more wait."""

    host: str = "127.0.0.1"
    port: int = PORT
    token: str | None = None
    public: PublicAddress | None = None
    allow_edit: bool = False
    audio_folders: tuple[Path, ...] = ()
    at_once: int = 2
    waiting: int = 64
    processes: int = 1

    @property
    def is_local(self) -> bool:
        """True if only this machine can connect."""
        return self.host in LOOPBACK

    @property
    def prefix(self) -> str:
        return self.public.prefix if self.public else ""


def public_address(url: str) -> PublicAddress:
    """Reads an address such as `https://example.org/podcasts`. Raises PodseekProblem for anything else."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for a port that is no number
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or "@" in url:
        raise PodseekProblem(f"--public-url {url[:80]}: is no address: write it like https://example.org/podcasts")
    return PublicAddress(parts.scheme, parts.netloc.lower(), parts.path.rstrip("/"))


def check_settings(settings: Settings) -> None:
    """Raises PodseekProblem for settings that would serve transcripts to strangers."""
    if settings.token is not None and len(settings.token) < SHORTEST_TOKEN:
        raise PodseekProblem(
            f"--token: {len(settings.token)} characters can be guessed: take {SHORTEST_TOKEN} or more "
            '(python3 -c "import secrets; print(secrets.token_urlsafe())")'
        )
    if settings.processes > 1 and not hasattr(os, "fork"):
        raise PodseekProblem("--processes: this system has no fork: leave it out, or start several on other ports")
    if settings.processes > 1 and settings.allow_edit:
        raise PodseekProblem("--allow-edit: one process remembers what was denied: leave out --processes")
    if not settings.is_local and settings.token is None and settings.public is None:
        raise PodseekProblem(
            f"--host {settings.host}: others could read everything: give --token, or --public-url with the address of "
            "a reverse proxy that asks for a password"
        )
