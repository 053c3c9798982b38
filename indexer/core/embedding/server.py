"""An embedding server that speaks OpenAI's protocol, as Ollama, llama.cpp, vLLM and TEI do: `POST /v1/embeddings`.

The server is the user's choice, on this machine or elsewhere: what is said in the transcripts goes there. Answers are
checked as those of a stranger: their size, their form, and every number. Nothing follows a redirect, since that would
carry the key elsewhere, and no message repeats the key.
"""

from __future__ import annotations

import http.client
import json
import math
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextvars import copy_context
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit, urlunsplit

from indexer.core.embedding.embedder import NoMeaning, plain
from indexer.core.embedding.settings import KEY, MODEL, URL, MeaningSettings
from indexer.core.messages import _
from indexer.core.text.sanitize import tidy

_TRIES, _QUESTION_TRIES = 5, 2
_QUESTION_SECONDS = 5.0
"""A question waits no longer for its vector; the search goes on without."""
_DOWN_SECONDS = 30.0
_MOST_WAIT = 60.0
"""Seconds between two tries at most, whatever the server asks for."""
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
"""Answers after which the same request may succeed."""
_CHUNK = 1 << 16
_LARGEST = 1 << 20, 1 << 18
"""Bytes of an answer at most, and more for each text."""
_MOST_DIMENSIONS = 1 << 14


class _Refused(NoMeaning):
    """The server does not take the request, and would not the next time."""


class _Passing(NoMeaning):
    """It may succeed later; `after` is the number of seconds for which the server asks, if it does."""

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


class EmbeddingServer:
    """An embedding server. Threads may share it."""

    at_once = 32

    def __init__(
        self,
        settings: MeaningSettings,
        sleep: Callable[[float], object] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Raises NoMeaning if the settings name no server or no model. `sleep` waits between tries, by a time that
        `chance` (0 to 1) varies."""
        self._url = address_of(settings.url)
        if not settings.model:
            raise NoMeaning(_("{name} is not set: name the model that the server of embeddings has").format(name=MODEL))
        self._settings = settings
        self._sleep = sleep
        self._chance = chance
        self._dimensions: int | None = None
        self._down = 0.0, ""
        """Until when no question is asked, after one that got no answer, and what that said."""
        self._opener = urllib.request.build_opener(_NoRedirect)
        prefix = settings.passage_prefix
        self.name = f"{settings.model}, after {prefix!r}" if prefix else settings.model

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        prefix = self._settings.passage_prefix
        return self._vectors([prefix + plain(text) for text in texts], _TRIES, self._settings.timeout)

    def question(self, text: str) -> list[float]:
        seconds = min(_QUESTION_SECONDS, self._settings.timeout)
        if time.monotonic() < self._down[0]:
            raise NoMeaning(self._down[1])
        try:
            asked = [self._settings.question_prefix + plain(text)]
            return self._vectors(asked, _QUESTION_TRIES, seconds, time.monotonic() + seconds)[0]
        except NoMeaning as problem:
            self._down = time.monotonic() + _DOWN_SECONDS, str(problem)
            raise

    def _vectors(self, texts: Sequence[str], tries: int, seconds: float, until: float = math.inf) -> list[list[float]]:
        """Asks again after passing failures, each time after twice as long, but not beyond `until`."""
        left = seconds
        for attempt in range(tries):
            try:
                vectors = _within(left, partial(self._asked, texts, left))
                return self._agreeing(vectors)
            except _Passing as problem:
                wait = min(_MOST_WAIT, max(problem.after, 0.5 * 2**attempt * (0.5 + self._chance())))
                left = min(seconds, round(until - time.monotonic() - wait, 1))
                if attempt == tries - 1 or left <= 0:
                    raise NoMeaning(self._placed(str(problem))) from None
                self._sleep(wait)
            except NoMeaning as problem:
                raise NoMeaning(self._placed(str(problem))) from None
        raise AssertionError(tries)

    def _placed(self, what: str) -> str:
        said = _("{url}: {what}: see that this server of embeddings runs and has the model {model}")
        return said.format(url=self._url, what=what, model=self._settings.model)

    def _asked(self, texts: Sequence[str], seconds: float) -> list[list[float]]:
        body = {"model": self._settings.model, "input": list(texts), "encoding_format": "float"}
        headers = {"Content-Type": "application/json", "User-Agent": "podseek"}
        if key := self._settings.key.reveal():
            headers["Authorization"] = f"Bearer {key}"
        data = json.dumps(body).encode()
        request = urllib.request.Request(self._url, data, headers, method="POST")
        try:
            with self._opener.open(request, timeout=seconds) as answer:
                said = _read(answer, _LARGEST[0] + _LARGEST[1] * len(texts))
        except urllib.error.HTTPError as error:
            with error:
                raise self._failure(error) from None
        except urllib.error.URLError as error:
            reason = error.reason
            is_certificate = "CERTIFICATE" in str(getattr(reason, "reason", None) or reason).upper()
            what = tidy(getattr(reason, "strerror", None) or str(reason), 120)
            raise (_Refused if is_certificate else _Passing)(
                _("it cannot be reached ({why})").format(why=what)
            ) from None
        except TimeoutError:
            raise _Passing(_late(seconds)) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            why = tidy(str(error), 80) or type(error).__name__
            raise _Passing(_("it broke the connection off ({why})").format(why=why)) from None
        return _parsed(said, len(texts))

    def _failure(self, error: urllib.error.HTTPError) -> NoMeaning:
        code = error.code
        if 300 <= code < 400:
            place = tidy(error.headers.get("Location") or "", 120)
            return _Refused(_("it redirects to {place}, which is not followed").format(place=place))
        if code in (401, 403):
            return _Refused(_("it answers {code}, {name} is missing or wrong").format(code=code, name=KEY))
        what = _("it answers {code} ({why})").format(code=code, why=self._without_key(_reason(error)) or "?")
        if code in _PASSING:
            return _Passing(what, _seconds(error.headers.get("Retry-After")))
        return _Refused(what)

    def _without_key(self, text: str) -> str:
        key = self._settings.key.reveal()
        return text.replace(key, "***") if key else text

    def _agreeing(self, vectors: list[list[float]]) -> list[list[float]]:
        """The vectors, if they are as long as those before."""
        for vector in vectors:
            if self._dimensions is None:
                self._dimensions = len(vector)
            if len(vector) != self._dimensions:
                what = _("it gives vectors of {n} numbers after vectors of {before}")
                raise _Refused(what.format(n=len(vector), before=self._dimensions))
        return vectors


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_request: object) -> None:
        """Follows none: the redirect becomes an HTTPError."""


def address_of(url: str) -> str:
    """The address of embeddings on a server, which may be named with or without `/v1/embeddings`. Raises NoMeaning.

    >>> address_of("http://localhost:11434"), address_of("https://example.org/api/v1/")
    ('http://localhost:11434/v1/embeddings', 'https://example.org/api/v1/embeddings')
    """
    try:
        parts = urlsplit(url.strip())
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or not url.isascii():
        what = _("{name}: {url} is no address such as http://localhost:11434/v1")
        raise NoMeaning(what.format(name=URL, url=tidy(url, 80)))
    if parts.username is not None:
        raise NoMeaning(_("{name} has a user or a password in it: use {key}").format(name=URL, key=KEY))
    path = parts.path.rstrip("/") or "/v1"
    path = path if path.endswith("/embeddings") else f"{path}/embeddings"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def _late(seconds: float) -> str:
    return _("it gave no answer within {seconds:g} s").format(seconds=seconds)


def _within(seconds: float, call: Callable[[], list[list[float]]]) -> list[list[float]]:
    """The result of a call; raises _Passing after so many seconds. The call runs in a daemon thread, which is then
    abandoned: the time limit of a socket is for each piece that arrives, not for all of them."""
    answers: SimpleQueue[list[list[float]] | Exception] = SimpleQueue()

    def run() -> None:
        try:
            answers.put(call())
        except Exception as error:
            answers.put(error)

    Thread(target=copy_context().run, args=(run,), daemon=True).start()  # with the language of the messages
    try:
        answer = answers.get(timeout=seconds + 0.5)
    except Empty:
        raise _Passing(_late(seconds)) from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _read(answer: http.client.HTTPResponse, largest: int) -> bytes:
    pieces, size = [], 0
    while piece := answer.read(_CHUNK):
        pieces.append(piece)
        size += len(piece)
        if size > largest:
            raise _Refused(_("it answers more than {n} MB").format(n=largest >> 20))
    return b"".join(pieces)


def _parsed(said: bytes, amount: int) -> list[list[float]]:
    """The vectors in an answer, in the order of the texts."""
    try:
        listed = json.loads(said)["data"]
        order = [one.get("index", at) for at, one in enumerate(listed)]
        vectors = [one["embedding"] for one in listed]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _Refused(_("it does not answer as OpenAI's /v1/embeddings does")) from None
    if len(vectors) != amount or sorted(order, key=str) != sorted(range(amount), key=str):
        raise _Refused(_("it gives {n} vectors for {texts} texts").format(n=len(vectors), texts=amount))
    if not all(isinstance(vector, list) and 0 < len(vector) <= _MOST_DIMENSIONS for vector in vectors):
        raise _Refused(_("it does not give vectors as lists of numbers"))
    for vector in vectors:
        if not all(type(number) in (int, float) and -1e30 < number < 1e30 for number in vector) or not any(vector):
            raise _Refused(_("it gives vectors that are no direction: not a number, infinite, or all zero"))
    return [vector for _at, vector in sorted(zip(order, vectors, strict=True))]


def _reason(error: urllib.error.HTTPError) -> str:
    """What the server says about a failure, in a few words."""
    try:
        said = json.loads(error.read(_CHUNK))["error"]
        return tidy(str(said["message"] if isinstance(said, dict) else said), 160)
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError, RecursionError):
        return tidy(str(error.reason), 60)


def _seconds(header: str | None) -> float:
    """A Retry-After in seconds; 0 for a date, or none."""
    text = (header or "").strip()
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0.0
