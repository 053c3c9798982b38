"""A library in a cluster with the security plugin: TLS that is verified, users with the rights that docs/opensearch.md
names, and one line for everybody else.

`make test-opensearch-security` runs this; it needs Java 17, Maven and openssl.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from opensearch_node import Nodes
from support.library import CORPUS, Run, podseek
from support.nodes.secured import PASSWORDS, secured_node

pytestmark = pytest.mark.needs("openssl")

LIBRARY = "podcasts"


@pytest.fixture(scope="module")
def secured() -> Iterator[tuple[Nodes, Path]]:
    with secured_node(LIBRARY) as found:
        yield found


class Users:
    """Runs podseek as a user of the cluster."""

    def __init__(self, nodes: Nodes, home: Path) -> None:
        self.address = nodes.address(LIBRARY)
        self._home = home

    def run(self, user: str, *arguments: object, ca: str = "ca.pem", **variables: str) -> Run:
        return podseek(
            *arguments,
            **{
                "PODSEEK_BACKEND": self.address,
                "PODSEEK_BACKEND_USER": user,
                "PODSEEK_BACKEND_PASSWORD": PASSWORDS[user],
                "PODSEEK_BACKEND_FOLDER": str(self._home / user),
                "PODSEEK_BACKEND_CA": str(self._home / ca),
                **variables,
            },
        )


@pytest.fixture(scope="module")
def users(secured: tuple[Nodes, Path]) -> Users:
    found = Users(*secured)
    made = found.run("writer", "index", CORPUS)
    assert made.code == 0, made.err
    return found


@pytest.mark.parametrize(
    "command",
    [
        ["search", "--timeout", "0", "强化学习 奖励"],
        ["search", "--timeout", "0", "-n", "0", "模型 OR 数据"],
        ["episodes"],
        ["read", "corpus/01-large-models"],
        ["variants", "--timeout", "0", "模型"],
        ["terms", "--timeout", "0"],
    ],
    ids=lambda command: command[0],
)
def test_who_may_only_read_can_search(users: Users, command: list[str]) -> None:
    run, other = users.run("reader", *command), users.run("writer", *command)
    assert run.code == 0, run.err
    assert (run.out, run.err) == (other.out, other.err)


def test_who_may_only_read_sees_the_status(users: Users) -> None:
    run = users.run("reader", "status")
    assert (run.code, run.err) == (0, "")
    assert "episodes   14" in run.out


def test_who_may_write_can_do_all_that_indexing_does(users: Users) -> None:
    for command in (
        ["index", "--prune", CORPUS],
        ["index", "--rebuild", CORPUS],
        ["alias", "add", "强化学习", "强化学系"],
        ["status", "--check"],
    ):
        run = users.run("writer", *command)
        assert run.code == 0, (command, run.err)


@pytest.mark.parametrize("command", [["index", "--prune", CORPUS], ["forget", "corpus/01-large-models"]])
def test_who_may_only_read_cannot_write(users: Users, command: list[object]) -> None:
    before = users.run("writer", "episodes").out
    _is_one_line(users.run("reader", *command), "no permissions")
    assert users.run("writer", "episodes").out == before


def test_others_are_refused_in_one_line(users: Users) -> None:
    _is_one_line(users.run("stranger", "search", "模型"), "no permissions")
    _is_one_line(users.run("reader", "search", "模型", PODSEEK_BACKEND_PASSWORD="wrong-secret"), "401")
    _is_one_line(users.run("reader", "search", "模型", ca="other.pem"), "certificate")
    _is_one_line(users.run("writer", "index", CORPUS, ca="other.pem"), "certificate")


def _is_one_line(run: Run, named: str) -> None:
    assert run.code == 2
    assert run.err.count("\n") == 1
    assert named in run.err
    assert "secret" not in run.err
