"""`podseek config`, defaults of options, and named libraries."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest
from support.front_ends.commands import ran
from support.library import Run


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PODSEEK_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "config.toml"


Capture = pytest.CaptureFixture[str]


def test_what_is_set_is_shown_and_kept(config: Path, capsys: Capture) -> None:
    assert ran(capsys, "config") == Run(1, "", f"No configuration: `podseek config set NAME VALUE` makes {config}\n")
    assert ran(capsys, "config", "check").code == 0
    for words in (("search.limit", "2"), ("search.exact", "true"), ("names.patterns", "{title} x", "{show}/{title}")):
        assert ran(capsys, "config", "set", *words).code == 0
    assert ran(capsys, "config", "path").out == f"{config}\n"
    assert ran(capsys, "config", "get", "names.patterns").out == "{title} x\n{show}/{title}\n"
    assert ran(capsys, "config").out.splitlines()[:2] == ["search.limit = 2", "search.exact = true"]
    assert ran(capsys, "config", "unset", "search.exact").code == 0
    assert ran(capsys, "config", "unset", "search.exact").code == 1
    assert ran(capsys, "config", "get", "search.exact").code == 1
    assert ran(capsys, "config", "check") == Run(0, "", f"{config}: nothing wrong with it\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("search.contxt", "3"), "did you mean context?"),
        (("search.limit", "many"), "'many' is not a whole number of at least 0"),
        (("search.exact", "yes"), "give true / false"),
        (("serch.limit", "3"), "serch is no command"),
        (("colour", "never"), "did you mean color?"),
        (("color", "blue"), "none of auto, always, never"),
        (("index", "a", "b"), "one text"),
        (("search.index", "a"), "no such setting"),
        (("recognisers.mine.timeout", "-1"), "'-1' is no time such as 90m or 12h"),
        (("audio.limit", "-5 GB"), "'-5 GB' is no size such as 20 GB"),
        (("names.patterns", "{x"), "{x: has no field such as {title}"),
        (("libraries.a\nb", "here"), "no line breaks"),
    ],
)
def test_what_cannot_be_set_is_told_and_changes_nothing(
    config: Path, capsys: Capture, words: tuple[str, ...], said: str
) -> None:
    result = ran(capsys, "config", "set", *words)
    assert result.code == 2
    assert said in result.err
    assert not config.exists()


def test_the_file_gives_the_defaults_of_options(config: Path, capsys: Capture, sample_index: Path) -> None:
    config.write_text('[search]\nlimit = 1\ncontext = "0"\nformat = "plain"\n', "utf-8")
    named = ("--index", str(sample_index), "search")
    by_file = ran(capsys, *named, "电池").out
    assert by_file == ran(capsys, *named, "电池", "-n", "1", "-C", "0", "--format", "plain").out
    assert len(ran(capsys, *named, "电池", "-n", "2").out) > len(by_file)
    config.write_text('[search]\ncontext = "0"\n', "utf-8")
    assert ran(capsys, *named, "-c", "电池").code == 0, "an option of the file is not one that was typed"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[search]\nlimit = 1\nlimt = 2\n", ":3: search.limt: no such setting: did you mean limit?"),
        ("\n[search]\nlimit = true\n", ":3: search.limit: True does not fit"),
        ("[search]\nlimit = -1\n", ":2: search.limit: -1 is out of range: give a whole number of at least 0"),
        ("[serch]\nlimit = 1\n", ":2: serch.limit: serch is no command"),
    ],
)
def test_a_fault_in_a_default_is_told_by_every_command_and_by_check(
    config: Path, capsys: Capture, sample_index: Path, text: str, said: str
) -> None:
    config.write_text(text, "utf-8")
    for words in (("episodes", "--index", str(sample_index)), ("config", "check")):
        result = ran(capsys, *words)
        assert result.code == 2
        assert f"{config}{said}" in result.err
        assert "Traceback" not in result.err
    for words in (("save", "--help"), ("alias", "add", "-h"), ("config", "set", "--help")):
        result = ran(capsys, *words)
        assert (result.code, result.err, "--help" in result.out) == (0, "", True)


def test_a_library_has_a_name(config: Path, capsys: Capture, sample_index: Path, tiny_index: Path) -> None:
    config.write_text(f'library = "tiny"\n[libraries]\ntiny = "{tiny_index}"\nsample = "{sample_index}"\n', "utf-8")
    here = {name: ran(capsys, "episodes", "-L", name).out for name in ("tiny", "sample")}
    assert here["sample"] == ran(capsys, "--index", str(sample_index), "episodes").out != here["tiny"]
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PODSEEK_INDEX")
        assert ran(capsys, "episodes").out == here["tiny"]
        patch.setenv("PODSEEK_INDEX", str(sample_index))
        assert ran(capsys, "episodes").out == here["sample"]
    unknown = ran(capsys, "-L", "other", "episodes")
    assert (unknown.code, "other is no library (there are sample, tiny)" in unknown.err) == (2, True)
    assert ran(capsys, "-L", "tiny", "--index", "x", "episodes").code == 2


def test_a_library_may_be_in_a_cluster(config: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ran(capsys, "config", "set", "libraries.far", "http://127.0.0.1:1/far").code == 0
    assert 'far = "http://127.0.0.1:1/far"' in config.read_text("utf-8")
    far = ran(capsys, "-L", "far", "search", "茶")
    assert (far.code, far.err.startswith("http://127.0.0.1:1/far: cannot be reached")) == (2, True)
    assert ran(capsys, "config", "set", "library", "far").code == 0
    monkeypatch.delenv("PODSEEK_INDEX")
    by_default = ran(capsys, "search", "茶")
    assert (by_default.code, "library: far is in a cluster" in by_default.err) == (2, True)


def test_colour_of_the_file_yields_to_the_environment(
    config: Path, capsys: Capture, sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text('color = "always"\n', "utf-8")
    named = ("--index", str(sample_index), "search", "电池")
    assert "\x1b[" in ran(capsys, *named).out
    assert "\x1b[" not in ran(capsys, "--color", "never", *named).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in ran(capsys, *named).out
    assert "\x1b[" in ran(capsys, "--color", "always", *named).out


def test_a_search_reads_the_copy_of_a_checked_file(
    config: Path, capsys: Capture, sample_index: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    config.write_text("[search]\nlimit = 1\n", "utf-8")
    os.utime(config, (1e9, 1e9))
    named = ("--index", str(sample_index), "search", "电池")
    first = ran(capsys, *named)
    monkeypatch.setattr("indexer.core.configuration.toml.loads", lambda text: pytest.fail("parsed"))
    assert ran(capsys, *named) == first
    assert click.unstyle(first.out).count("\n\n") == 0
