"""The settings of `podseek serve`."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from indexer.core.errors import PodseekProblem
from indexer.core.messages import _
from search.frontends.formats.display import clean

PORT = 8765
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORTEST_TOKEN = 16
"""Characters. `python3 -c "import secrets; print(secrets.token_urlsafe())"` makes 43."""
_URL = re.compile(r"[A-Za-z0-9._~:/@!$&'()*+,=%?#\[\]-]+")
"""The characters of a URL, without the semicolon, which ends the path of a cookie."""
_HOST_NAME = re.compile(r"(?:\*\.)?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+(?::[0-9]{1,5})?")
_MOST_BY_ITSELF = 4
"""Processes that are started by default: each has its own memory."""
_DEFAULT_PORTS = {"http": 80, "https": 443}


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
    a reverse proxy gives to it, `audio_folders` are more folders to play files from, `audio_hosts` more hosts that
    audio on the web may redirect browsers to. At most `at_once` questions are answered at a time by each of the
    `processes`, and `waiting` more wait."""

    host: str = "127.0.0.1"
    port: int = PORT
    token: str | None = None
    public: PublicAddress | None = None
    allow_edit: bool = False
    audio_folders: tuple[Path, ...] = ()
    audio_hosts: tuple[str, ...] = ()
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
    """Reads an address such as `https://example.org/podcasts`; the default port of its scheme is left out, as browsers
    do in the Host header. Raises PodseekProblem for anything else."""
    try:
        parts = urlsplit(url)
        port = parts.port  # raises for a port that is no number
    except ValueError:
        parts, port = urlsplit(""), None
    is_address = parts.scheme in _DEFAULT_PORTS and parts.hostname and _URL.fullmatch(url) and "//" not in parts.path
    if not is_address or any(sign in url for sign in "?#@"):
        raise PodseekProblem(
            _("--public-url {url}: is no address: write it like https://example.org/podcasts").format(
                url=clean(url[:80])
            )
        )
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    named = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    return PublicAddress(parts.scheme, named, parts.path.rstrip("/"))


def audio_host(name: str) -> str:
    """Reads the name of a host, such as `cdn.example.org` or `*.example.org`. Raises PodseekProblem for anything else:
    it becomes part of a header."""
    if not _HOST_NAME.fullmatch(name):
        raise PodseekProblem(
            _("--audio-host {name}: is no name of a host: write it like cdn.example.org or *.example.org").format(
                name=clean(name[:80])
            )
        )
    return name.lower()


def default_processes(settings: Settings) -> int:
    """How many processes to start if nobody says: one for oneself, else one for each core, up to four."""
    is_alone = settings.is_local and settings.public is None
    if is_alone or settings.allow_edit or not hasattr(os, "fork"):
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _MOST_BY_ITSELF)


def check_settings(settings: Settings) -> None:
    """Raises PodseekProblem for settings that would serve transcripts to strangers."""
    if settings.token is not None and len(settings.token) < SHORTEST_TOKEN:
        raise PodseekProblem(
            _(
                "--token: {count} characters can be guessed: take {least} or more (python3 -c "
                '"import secrets; print(secrets.token_urlsafe())")'
            ).format(count=len(settings.token), least=SHORTEST_TOKEN)
        )
    if settings.processes > 1 and not hasattr(os, "fork"):
        raise PodseekProblem(_("--processes: this system has no fork: leave it out, or start several on other ports"))
    if settings.processes > 1 and settings.allow_edit:
        raise PodseekProblem(_("--allow-edit: one process remembers what was denied: leave out --processes"))
    if not settings.is_local and settings.token is None and settings.public is None:
        raise PodseekProblem(
            _(
                "--host {host}: others could read everything: give --token, or --public-url with the address "
                "of a reverse proxy that asks for a password"
            ).format(host=settings.host)
        )
