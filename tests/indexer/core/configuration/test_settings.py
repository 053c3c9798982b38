"""The configuration file: what it may hold, where faults are, and edits that keep the rest."""

from __future__ import annotations

import os
import time
from pathlib import Path

import platformdirs
import pytest

from indexer.core.configuration import config_place, paths
from indexer.core.configuration.settings import Config, keep_copy, read_settings
from indexer.core.configuration.settings_edit import with_value
from indexer.core.configuration.settings_file import ConfigProblem, parse, read_file

TEXT = """\
# my own
library = "work"  # the one for the office

[libraries]
work = "~/meetings/index"
home = "home/index"

[search]  # short answers
limit = 5
list = [
  "a",  # first
  "b",
]
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PODSEEK_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "config.toml"


def old(path: Path) -> None:
    os.utime(path, (time.time() - 100, time.time() - 100))


def test_without_a_file_nothing_is_set(config: Path) -> None:
    assert read_settings() == Config()
    assert read_settings().default_index is None


def test_names_and_paths_are_as_the_file_means_them(config: Path) -> None:
    config.write_text(TEXT, "utf-8")
    settings = read_settings()
    home = os.environ["HOME"]
    assert settings.libraries == {"work": f"{home}/meetings/index", "home": f"{config.parent}/home/index"}
    assert settings.default_index == f"{home}/meetings/index"
    assert settings.get("search.limit") == 5
    assert settings.get("search.limit.more", "none") == "none"


def test_the_variable_comes_before_the_file_and_the_file_before_the_default(
    config: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config.write_text('index = "other"\n', "utf-8")
    monkeypatch.setenv("PODSEEK_INDEX", str(tmp_path / "named"))
    assert paths.default_index() == tmp_path / "named"
    monkeypatch.delenv("PODSEEK_INDEX")
    assert paths.default_index() == tmp_path / "other"
    config.unlink()
    assert paths.default_index() == Path(platformdirs.user_data_dir("podseek", appauthor=False), "index")


def test_the_quick_places_are_those_of_platformdirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PODSEEK_CONFIG", raising=False)
    for value in ("/elsewhere", "", "relative"):
        monkeypatch.setenv("XDG_CONFIG_HOME", value)
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        if value == "relative":  # the specification says to ignore it; versions of platformdirs differ
            assert config_place.config_file() == f"{os.environ['HOME']}/.config/podseek/config.toml"
            continue
        assert config_place.config_file() == str(Path(platformdirs.user_config_dir("podseek", False), "config.toml"))
        assert config_place.settings_cache() == str(Path(platformdirs.user_cache_dir("podseek", False), "config.json"))


def test_a_copy_is_used_only_for_the_file_it_was_made_of(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("[search]\nlimit = 5\n", "utf-8")
    keep_copy(read_settings())
    assert not Path(config_place.settings_cache() or "").exists(), "a file changed just now may change again unseen"
    old(config)
    keep_copy(read_settings())
    with monkeypatch.context() as patch:
        patch.setattr("indexer.core.configuration.toml.loads", lambda text: pytest.fail("parsed"))
        assert read_settings() == Config(str(config), {"search": {"limit": 5}}, True)
    config.write_text("[search]\nlimit = 6\n", "utf-8")
    assert read_settings().get("search.limit") == 6
    assert not read_settings().is_checked
    Path(config_place.settings_cache() or "").write_text("[[]", "utf-8")
    assert read_settings().get("search.limit") == 6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 1\nlimit =\n", ":2: is not TOML (Invalid value)"),
        ('index = "a"\nindex = "b"\n', ":2: is not TOML (Cannot overwrite a value)"),
        ('libary = "x"\n', ":1: libary: no such setting: did you mean library?"),
        ("# one\n\nindex = 3\n", ":3: index: is not a text"),
        ('color = "blue"\n', ":1: color: 'blue' is none of auto, always, never"),
        ('[names]\npatterns = "x"\n', ":2: names.patterns: is not a list of texts"),
        ('[recognisers.a]\ncommand = ["x"]\ncomand = ["x"]\n', ":3: recognisers.a.comand: no such setting"),
        ('library = "none"\n', ": library: none is no library, and there are none"),
    ],
)
def test_a_fault_is_told_with_its_line(config: Path, text: str, said: str) -> None:
    config.write_text(text, "utf-8")
    with pytest.raises(ConfigProblem) as problem:
        assert read_settings().default_index
    assert f"{config}{said}" in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_file_that_is_no_text_is_told(config: Path) -> None:
    config.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigProblem, match="UTF-8"):
        read_settings()
    config.unlink()
    config.mkdir()
    with pytest.raises(ConfigProblem, match="cannot be read"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value", "before", "after"),
    [
        ("library", "home", 'library = "work"  # the one', 'library = "home"  # the one'),
        ("search.limit", 7, "limit = 5\n", "limit = 7\n"),
        ("search.list", ["c"], '[\n  "a",  # first\n  "b",\n]\n', '["c"]\n'),
        ("search.limit", None, "limit = 5\n", ""),
        ("libraries.new", "/x", 'home = "home/index"\n', 'home = "home/index"\nnew = "/x"\n'),
        ("color", "never", "for the office\n", 'for the office\ncolor = "never"\n'),
        ("episodes.limit", 1, '  "b",\n]\n', '  "b",\n]\n\n[episodes]\nlimit = 1\n'),
    ],
)
def test_an_edit_changes_nothing_else(name: str, value: object, before: str, after: str) -> None:
    assert with_value(TEXT, name, value, "c") == TEXT.replace(before, after)


def test_an_empty_file_gets_its_first_settings() -> None:
    text = with_value("", "recognisers.mine.command", ["a b", '{audio}"'], "c")
    text = with_value(text, "index", "/x\\y", "c")
    assert parse(text, "c") == {"index": "/x\\y", "recognisers": {"mine": {"command": ["a b", '{audio}"']}}}


def test_what_cannot_be_edited_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigProblem, match=r"c:1: libraries\.work is written in a way that is not edited"):
        with_value('libraries = {work = "x"}\n', "libraries.work", "y", "c")


def test_a_date_is_a_text(config: Path) -> None:
    config.write_text("[search]\nsince = 2025-06-08\n", "utf-8")
    assert read_file(str(config)) == {"search": {"since": "2025-06-08"}}
