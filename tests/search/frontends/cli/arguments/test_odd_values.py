"""Whatever is typed for an option: an answer, or a line that says what is wrong, and never a fault of the program."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import click
import pytest
from support.front_ends.commands import commands, ran, valued

from search.frontends.cli.arguments.path_arguments import PathArgument

ARGUMENTS = {
    "search": ["水"],
    "read": ["radio"],
    "play": ["水", "--print"],
    "clip": ["水", "--print"],
    "chapters": ["radio"],
    "collocates": ["水"],
    "similar": ["radio"],
    "concordance": ["水"],
    "trend": ["水"],
    "dispersion": ["水"],
    "variants": ["水"],
    "forget": ["nothing"],
}
VALUES = (
    "0",
    "-0",
    "-1",
    "nan",
    "inf",
    "1e309",
    "0.0000001",
    "9" * 400,
    "9" * 5000,
    "",
    "１２",
    "0s",
    "99:99:99",
    "0-0",
)
OPTIONS = [(words, option) for words, one in commands() if words[0] in ARGUMENTS or one.name == "terms"
           for option in valued(one)]  # fmt: skip


@pytest.mark.parametrize(("words", "option"), OPTIONS, ids=lambda value: value if isinstance(value, str) else value[0])
def test_an_odd_value_is_taken_or_refused_in_a_few_words(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tiny_index: Path,
    tmp_path: Path,
    words: list[str],
    option: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PODSEEK_INDEX", str(tiny_index))
    for value in VALUES:
        given = [f"{option}={value}"] if option.startswith("--") else [option, value]
        run = ran(capsys, *words, *ARGUMENTS.get(words[0], []), *given)
        assert "a fault of podseek" not in run.err, (value[:20], run.err)
        assert run.code in (0, 1) or run.err.strip(), value[:20]
        assert max(map(len, run.err.splitlines()), default=0) < 1000, value[:20]


def test_options_that_are_not_for_a_list_are_refused_whatever_their_value(
    capsys: pytest.CaptureFixture[str], tiny_index: Path
) -> None:
    for value in ("0", "-0", "1"):
        run = ran(capsys, "terms", "--min-ratio", value, "--index", str(tiny_index))
        assert run.code == 2
        assert "--min-ratio is not for frequent words, only for typical words" in run.err


@pytest.mark.parametrize("time", ["9" * 400, "1:" + "9" * 400, "nan", "-1", "1e9", "s", "8ss", "8m", "1:08s"])
@pytest.mark.parametrize("command", ["similar", "read", "play"])
def test_a_time_that_none_is_is_refused(
    capsys: pytest.CaptureFixture[str], tiny_index: Path, command: str, time: str
) -> None:
    run = ran(capsys, command, "radio", f"--at={time}", "--index", str(tiny_index))
    assert (run.code, run.out) == (2, "")
    assert "is not a time such as 90, 12:30 or 1:02:03" in run.err


NUMBERS = [
    (words, max(option.opts, key=len))
    for words, one in commands()
    for option in one.params
    if isinstance(option, click.Option) and isinstance(option.type, type(click.INT) | type(click.FLOAT))
]
FLOATS = [
    (words, max(option.opts, key=len))
    for words, one in commands()
    for option in one.params
    if isinstance(option.type, type(click.FLOAT))
]


@pytest.mark.parametrize(("words", "option"), NUMBERS, ids=lambda value: value if isinstance(value, str) else value[0])
def test_every_option_of_a_number_says_in_one_line_which_it_takes(
    capsys: pytest.CaptureFixture[str], words: list[str], option: str
) -> None:
    run = ran(capsys, *words, option, "abc")
    assert run.code == 2
    assert run.err.startswith(f"podseek {' '.join(words)}: {option}: 'abc' is not a ")
    assert run.err.count("\n") == 1
    assert "range" not in run.err


@pytest.mark.parametrize(("words", "option"), FLOATS, ids=lambda value: value if isinstance(value, str) else value[0])
def test_not_a_number_is_refused(capsys: pytest.CaptureFixture[str], words: list[str], option: str) -> None:
    run = ran(capsys, *words, *ARGUMENTS.get(words[0], []), option, "nan")
    assert (run.code, run.err.count("\n")) == (2, 1), run.err
    assert option in run.err
    assert "nan is no" in run.err


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["serch", "水"], "serch: no such command: did you mean search?\n"),
        (["水"], "水: no such command: `podseek search 水` searches for it, `podseek --help` lists the commands\n"),
        (["alias", "lst"], "lst: no such command: did you mean list?\n"),
    ],
)
def test_a_mistyped_command_suggests_another(capsys: pytest.CaptureFixture[str], words: list[str], line: str) -> None:
    run = ran(capsys, *words)
    assert (run.code, run.err) == (2, line)


@pytest.mark.parametrize("words", [["read", ""], ["chapters", " "], ["similar", ""]])
def test_an_empty_id_is_called_empty(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tiny_index: Path, words: list[str]
) -> None:
    monkeypatch.setenv("PODSEEK_INDEX", str(tiny_index))
    run = ran(capsys, *words)
    assert (run.code, run.err) == (2, "the id of the episode is empty: `podseek episodes` lists them\n")


@pytest.mark.parametrize("words", [["search"], ["search", "-c"], ["clip", "--print"]])
def test_a_stopped_search_does_not_say_that_there_is_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tiny_index: Path, words: list[str]
) -> None:
    monkeypatch.setenv("PODSEEK_INDEX", str(tiny_index))
    run = ran(capsys, *words, "水", "--timeout", "1e-9")
    assert (run.code, run.out.strip()) in [(2, ""), (2, "0")]
    assert run.err.startswith("The search was stopped after 1e-09 s, before it had found anything: ")
    assert run.err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        *(["index", ""], ["index", "a", " "], ["index", "a", "--lexicon", ""], ["watch", ""], ["clip", "水", "-o", ""]),
        *(["add", ""], ["add", " ", "--later"], ["add", "a.srt", "--for", ""]),
    ],
)
def test_an_empty_path_is_no_folder(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str]
) -> None:
    """It would be the current one, of which nobody has thought."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n水\n", "utf-8")
    run = ran(capsys, *words, "--index", str(tmp_path / "index"))
    assert (run.code, "is a variable not set?" in run.err) == (2, True)
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["index", "a.srt"], "a.srt: cannot be read (Permission denied): left out"),
        (["index", "b", "--lexicon", "a.srt"], "a.srt: the lexicon cannot be read (Permission denied)"),
        (["watch", "--once", "b", "--queries", "a.srt"], "a.srt: cannot be read (Permission denied)"),
    ],
    ids=" ".join,
)
def test_a_file_that_may_not_be_read_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: list[str],
    wanted: str,
) -> None:
    """Not with the usage of the command."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    (tmp_path / "a.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n水\n", "utf-8")
    (tmp_path / "b").mkdir()
    real = os.open

    def refused(path: Any, *rest: Any, **more: Any) -> int:
        if str(path).endswith("a.srt"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *rest, **more)

    monkeypatch.setattr(os, "open", refused)
    run = ran(capsys, *words, "--index", str(tmp_path / "index"))
    assert (run.code, wanted in run.err, "Usage" in run.err) == (2, True, False), run.err


def test_paths_are_not_judged_by_click() -> None:
    """Its type takes an empty path for the current folder, and explains an unreadable one with the usage."""
    kinds = {type(one.type) for _, command in commands() for one in command.params if isinstance(one.type, click.Path)}
    assert kinds == {PathArgument}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["read", "radio", "-o", "~nobody-has-this-name/x.md"], "~"),
        (["add", "~nobody-has-this-name/x", "--later"], "~"),
        (["forget", "loop.srt"], "link to itself"),
        (["read", "loop.srt"], "loop.srt"),
        (["index", "a\0b"], "U+0000"),
    ],
)
def test_a_path_that_none_can_have_is_told_as_one(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tiny_index: Path,
    tmp_path: Path,
    words: list[str],
    wanted: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop.srt").symlink_to("loop.srt")
    index = shutil.copytree(tiny_index, tmp_path / "index")
    run = ran(capsys, *words, "--index", str(index))
    assert (run.code, wanted in run.err, "a fault of podseek" in run.err) == (2, True, False), run.err
