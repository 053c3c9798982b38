"""The user of a cluster and the certificates to trust: from the environment, or from a file that it names.

| variable | holds |
|---|---|
| PODSEEK_BACKEND_USER, PODSEEK_BACKEND_PASSWORD | a user of the cluster |
| PODSEEK_BACKEND_TOKEN | a token instead, sent as `Authorization: Bearer` |
| PODSEEK_BACKEND_CREDENTIALS | a file of lines `user = x`, `password = y`, or `token = z` |
| PODSEEK_BACKEND_CA | a file of certificates (PEM) to trust, instead of those of the system |
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from pathlib import Path

from indexer.core.configuration.secret import Secret
from indexer.core.errors import PodseekProblem, system_reason
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple

USER, PASSWORD, TOKEN = "PODSEEK_BACKEND_USER", "PODSEEK_BACKEND_PASSWORD", "PODSEEK_BACKEND_TOKEN"
FILE, CA = "PODSEEK_BACKEND_CREDENTIALS", "PODSEEK_BACKEND_CA"
_KEYS = ("user", "password", "token")
_LARGEST = 1 << 16


class CredentialsProblem(PodseekProblem):
    """Credentials that are incomplete or cannot be read. The message repeats none of them."""


class Credentials(NamedTuple):
    """What proves to a cluster who asks; `header` is that of HTTP, empty if nothing is to be sent."""

    header: Secret
    ca: str | None = None


def read_credentials(environment: Mapping[str, str] = os.environ) -> Credentials:
    """Reads the credentials that the environment holds or names. Raises CredentialsProblem."""
    values = _of_file(Path(environment[FILE]).expanduser()) if environment.get(FILE) else {}
    for key, variable in zip(_KEYS, (USER, PASSWORD, TOKEN), strict=True):
        if environment.get(variable):
            values[key] = environment[variable]
    ca = environment.get(CA) or None
    if token := values.get("token"):
        if not token.isascii():
            raise _unsendable("token")
        return Credentials(Secret(f"Bearer {_printable(token, 'token')}"), ca)
    user, password = values.get("user", ""), values.get("password", "")
    if bool(user) != bool(password):
        what = _("a user without a password") if user else _("a password without a user")
        raise CredentialsProblem(
            _("{what} for the backend: set {user} and {password} both").format(what=what, user=USER, password=PASSWORD)
        )
    if not user:
        return Credentials(Secret(), ca)
    if ":" in user:
        raise CredentialsProblem(_("{user}: a user of a cluster has no colon in the name").format(user=USER))
    pair = f"{_printable(user, 'user')}:{_printable(password, 'password')}".encode()
    return Credentials(Secret(f"Basic {base64.b64encode(pair).decode()}"), ca)


def _of_file(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST).decode("utf-8-sig")
    except OSError as error:
        raise CredentialsProblem(
            _("{path}: cannot be read ({reason}): {name} names the file of the credentials").format(
                path=path, reason=system_reason(error), name=FILE
            )
        ) from None
    except UnicodeDecodeError:
        raise CredentialsProblem(_("{path}: is not UTF-8 text").format(path=path)) from None
    values: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, equals, value = line.partition("=")
        if not equals or key.strip() not in _KEYS:
            raise CredentialsProblem(
                _("{path}:{number}: is none of `user = ...`, `password = ...` and `token = ...`").format(
                    path=path, number=number
                )
            )
        values[key.strip()] = value.strip()
    return values


def _printable(value: str, name: str) -> str:
    """Returns the value. Raises CredentialsProblem for one with a line break, which would end the HTTP header."""
    if not value.isprintable():
        raise _unsendable(name)
    return value


def _unsendable(name: str) -> CredentialsProblem:
    return CredentialsProblem(_("the {name} of the backend has a character that cannot be sent").format(name=name))
