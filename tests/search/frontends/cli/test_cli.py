"""The command as a whole: help, options common to all commands, exit codes, where output goes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.front_ends.commands import COMMANDS, called
from support.library import PATIENCE, ROOT, podseek

needs_bash = pytest.mark.needs("bash")


def test_podseek_alone_shows_three_examples() -> None:
    run = podseek()
    assert run.code == 0
    assert run.err == ""
    assert [line.split()[1] for line in run.lines if line.startswith("  podseek ")] == ["add", "search", "search"]


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_the_help_lists_all_commands_in_the_order_of_the_work(option: str) -> None:
    run = podseek(option)
    assert run.code == 0
    listed = run.out.partition("Make a library:")[2]
    assert re.findall(r"^  (\w+) ", listed, re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    run = called(command, "--help")
    assert run.code == 0
    examples = run.out.partition("Example")[2]
    assert re.search(rf"^ +podseek {command}\b", examples, re.MULTILINE)
    assert run.err == ""


def test_the_version_is_shown_in_one_line() -> None:
    run = podseek("--version")
    assert re.fullmatch(r"podseek(?: \d+\.\d+\S*|, not installed)\n", run.out)


def test_an_unknown_command_or_option_is_an_error() -> None:
    for arguments in (["nonsense"], ["search", "--nonsense", "x"], ["search"], ["episodes", "--format", "x"]):
        run = called(*arguments)
        assert run.code == 2
        assert run.out == ""
        assert "Traceback" not in run.err
        assert run.err


def test_without_an_index_the_cure_is_named(tmp_path: Path) -> None:
    for arguments in (["search", "x"], ["episodes"], ["read", "x"], ["play", "x"], ["forget", "x"], ["status"]):
        run = called(*arguments, index=tmp_path / "none")
        assert run.code == 2
        assert run.out == ""
        cure = "make one with `podseek add FEED|FOLDER` or `podseek index PATH`"
        assert run.err == f"{tmp_path}/none: there is no index here: {cure}\n"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["search", "收音机"], 0),
        (["search", "火星"], 1),
        (["search", "-c", "火星"], 1),
        (["search", "茶 AND"], 2),
        (["search", "--since", "someday", "茶"], 2),
        (["search", "-n", "-1", "茶"], 2),
        (["read", "radio", "--at", "noon"], 2),
        (["play", "--print", "火星"], 1),
        (["play", "--print", "--at", "1:00", "mars"], 2),
        (["episodes"], 0),
        (["episodes", "--since", "2025-13"], 2),
    ],
)
def test_the_exit_code_is_0_when_found_1_when_not_2_on_error(tiny_index: Path, arguments: list[str], code: int) -> None:
    in_process = arguments[-1] not in ("收音机", "火星", "茶 AND")  # these: found, not found, a fault
    run = (called if in_process else podseek)(*arguments, index=tiny_index)
    assert run.code == code, run.err
    assert bool(run.out) == (code == 0)
    assert code == 0 or run.err
    assert "Traceback" not in run.err


@pytest.mark.parametrize(
    ("before", "after"), [(True, False), (False, True)], ids=["before the command", "after the command"]
)
def test_common_options_may_stand_on_either_side_of_the_command(tiny_index: Path, before: bool, after: bool) -> None:
    options = ["--index", str(tiny_index), "--color", "always", "-q"]
    run = called(*(options if before else []), "search", *(options if after else []), "收音机", index=Path("/nowhere"))
    assert run.code == 0
    assert "\x1b[" in run.out
    assert called(*(options if before else []), "search", *(options if after else []), "火星").err == ""


def test_the_option_after_the_command_wins(tiny_index: Path) -> None:
    run = called("--color", "always", "search", "--color", "never", "收音机", index=tiny_index)
    assert "\x1b[" not in run.out


def test_quiet_keeps_errors(tmp_path: Path) -> None:
    assert called("-q", "search", "x", index=tmp_path / "none").err != ""


@pytest.mark.parametrize(
    ("arguments", "variables", "colored"),
    [
        ([], {}, False),  # not a terminal
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),  # an option takes precedence over a variable
        (["--color", "never"], {}, False),
    ],
)
def test_color_is_for_terminals_unless_asked_for(
    tiny_index: Path, arguments: list[str], variables: dict[str, str], colored: bool
) -> None:
    run = called(*arguments, "search", "-n", "1", "收音机", index=tiny_index, **variables)
    assert ("\x1b[" in run.out) is colored
    assert "\x1b]8" not in run.out


@pytest.mark.parametrize("command", [["search", "-c", "收音机"], ["read", "radio"], ["episodes"]])
def test_every_listing_can_be_colored(tiny_index: Path, command: list[str]) -> None:
    assert "\x1b[" in called("--color", "always", *command, index=tiny_index).out


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("variables", "colored"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_a_terminal_gets_color_unless_it_says_otherwise(
    tiny_index: Path, variables: dict[str, str], colored: bool
) -> None:
    import pty

    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment |= {"TERM": "xterm-256color", "PODSEEK_INDEX": str(tiny_index), **variables}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "cli.py"), "search", "-n", "1", "收音机"],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env=environment,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other side was closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    _, error = process.communicate(timeout=PATIENCE)
    assert (process.returncode, error) == (0, b"")
    assert (b"\x1b[1;31m" in shown) is colored
    assert "收音机".encode() in shown


def _piped(index: Path, command: str) -> subprocess.CompletedProcess[bytes]:
    """The command with a reader that soon has what it wants; the exit code is the command's."""
    return subprocess.run(
        ["bash", "-c", f'"{sys.executable}" "{ROOT}/cli.py" {command} | head -c 20; exit ${{PIPESTATUS[0]}}'],
        env={**os.environ, "PODSEEK_INDEX": str(index), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


@needs_bash
@pytest.mark.parametrize("command", ["search -n 0 的", "search -n 0 --format jsonl 的", "read --all 05", "episodes"])
def test_a_closed_pipe_is_silent(sample_index: Path, command: str) -> None:
    """Also with more output than a pipe holds."""
    done = _piped(sample_index, command)
    assert (len(done.stdout), done.stderr) == (20, b"")


@needs_bash
def test_a_closed_pipe_is_no_error(sample_index: Path) -> None:
    assert _piped(sample_index, "search -n 0 --format jsonl 的").returncode == 0


def _run(index: Path, *arguments: str, out: int | None = None, err: int | None = None) -> tuple[int, bytes]:
    """The exit code, and what was said on stderr; without `out` stdout is closed."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *arguments],
        env={**os.environ, "PODSEEK_INDEX": str(index)},
        stdout=out,
        stderr=subprocess.PIPE if err is None else err,
        preexec_fn=(lambda: os.close(1)) if out is None else None,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stderr or b""


@needs_bash
@pytest.mark.parametrize(
    "arguments", [(), ("--version",), ("-h",), ("search", "-h"), ("search", "收音机"), ("status",)]
)
def test_a_reader_that_has_gone_and_a_closed_output_are_no_errors(tiny_index: Path, arguments: tuple[str, ...]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        assert _run(tiny_index, *arguments, out=theirs) == (0, b"")
    finally:
        os.close(theirs)
    assert _run(tiny_index, *arguments) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize(
    ("arguments", "code"), [(("search", "date:soon 茶"), 2), (("search", "--nosuch"), 2), (("search", "没有"), 1)]
)
def test_the_exit_code_tells_what_nobody_can_be_told(tiny_index: Path, arguments: tuple[str, ...], code: int) -> None:
    with Path("/dev/full").open("wb") as full:
        assert _run(tiny_index, *arguments, out=subprocess.DEVNULL, err=full.fileno()) == (code, b"")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("status",), "Interrupted\n"),
        (("search", "forget"), "Interrupted\n"),
        (
            ("forget", "tea"),
            "Interrupted: what was committed before is in the index; run the same command again to go on\n",
        ),
    ],
)
def test_only_what_may_have_changed_the_index_tells_what_is_in_it_when_it_is_interrupted(
    tiny_index: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], told: str
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"search.frontends.cli.{command[0]}.{command[0]}.callback", interrupted)
    run = called(*command, index=tiny_index)
    assert (run.code, run.out, run.err.lstrip("\n")) == (2, "", told)  # a new line ends that of ^C


def test_importing_the_command_line_loads_neither_index_nor_dictionary() -> None:
    """`podseek --help` stays fast: what takes long is imported where it is needed."""
    code = "import sys, cli; print(*sorted({'whoosh', 'jieba', 'opencc', 'srt'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_command_line_starts_without_the_search_and_the_indexing() -> None:
    code = (
        "import sys, cli; print(*sorted(m for m in sys.modules if m.split('.')[0] in ('search', 'indexer', 'whoosh')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        *("indexer", "indexer.core", "indexer.core.configuration", "indexer.core.configuration.config_place"),
        *("indexer.core.configuration.library_address", "indexer.core.errors", "indexer.core.messages"),
        *("search", "search.frontends", "search.frontends.cli", "search.frontends.cli.arguments"),
        *("search.frontends.cli.arguments.command_classes", "search.frontends.cli.arguments.options"),
        *("search.frontends.cli.output", "search.frontends.cli.output.console"),
    ]


def test_a_file_beside_the_commands_is_one_or_has_the_name_of_the_one_it_is_part_of() -> None:
    files = {path.stem for path in (ROOT / "search/frontends/cli").glob("*.py")} - {"__init__"}
    assert files >= set(COMMANDS)
    assert {file for file in files if not file.startswith(COMMANDS)} == set()


def test_a_search_loads_no_dictionary(tiny_index: Path) -> None:
    code = (
        "import sys, search\n"
        "with search.open_library(sys.argv[1]) as library: library.search('今天聊收音机 绿茶')\n"
        "print(*sorted({'jieba', 'opencc', 'pypinyin', 'srt', 'click'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tiny_index)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
