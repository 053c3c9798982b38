"""Aliases of a library in a cluster, for all who search it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.nodes.cluster_runs import URL, epoch_of, run
from support.nodes.stand_in import Asked, StandIn

from indexer.cluster.operations import add_alias_in_cluster
from indexer.core.words.lexicon import read_lexicon
from indexer.store.cluster.transport.connection import Reply
from indexer.store.cluster.transport.problems import ClusterProblem

pytestmark = pytest.mark.usefixtures("loaded_tools")


def test_aliases_are_kept_for_all_who_search(server: StandIn, shows: Path, tmp_path: Path) -> None:
    lexicon = shows / "lexicon.toml"
    lexicon.write_text('[[heard]]\nright = "茶"\nas = ["叉"]\n', "utf-8")
    run(shows)
    (copy,) = (tmp_path / "local").rglob("lexicon-*.toml")
    assert copy.read_text("utf-8") == lexicon.read_text("utf-8")
    before = epoch_of(server).epoch
    lexicon.write_text('[[heard]]\nright = "茶"\nas = ["叉", "差"]\n', "utf-8")
    run(shows)
    assert copy.read_text("utf-8") == lexicon.read_text("utf-8")
    assert epoch_of(server).epoch == before + 1  # by which a search that is open notices


def test_an_alias_is_added_to_the_library_and_outlives_other_lexicons(
    server: StandIn, shows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(shows)
    before = epoch_of(server)
    assert add_alias_in_cluster("茶", ["叉", "差"], URL) == ["叉", "差"]
    assert add_alias_in_cluster("茶", ["叉"], URL) == []
    assert epoch_of(server) == before._replace(epoch=before.epoch + 1)
    (shows / "lexicon.toml").write_text('[[heard]]\nright = "雨"\nas = ["语"]\n', "utf-8")
    monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path / "another"))
    run(shows)
    copies = (tmp_path / "another").rglob("lexicon-*.toml")
    assert sorted(alias for path in copies for alias in read_lexicon(path).aliases) == [
        ("茶", "叉"),
        ("茶", "差"),
        ("雨", "语"),
    ]


def test_an_alias_that_another_user_adds_at_once_is_kept(server: StandIn, shows: Path) -> None:
    run(shows)
    others = 0

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal others
        if asked.method == "PUT" and asked.path.endswith("_doc/lexicons") and not others:
            others += 1
            assert add_alias_in_cluster("雨", ["语"], URL) == ["语"]
        return go()

    server.fault = fault
    assert add_alias_in_cluster("茶", ["叉"], URL) == ["叉"]
    text = server.documents("library-meta")["lexicons"]["values"]["files"]["lexicon-00000000.toml"]
    assert (others, text.count("[[heard]]"), "语" in text, "叉" in text) == (1, 2, True, True)


def test_an_alias_that_could_not_be_added_is_an_error(server: StandIn, shows: Path) -> None:
    run(shows)

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        if asked.method == "PUT" and asked.path.endswith("_doc/lexicons"):
            return Reply(409, b"{}")
        return go()

    server.fault = fault
    with pytest.raises(ClusterProblem, match="keep changing"):
        add_alias_in_cluster("茶", ["叉"], URL)
