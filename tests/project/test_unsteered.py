"""No output steers a terminal, hides what is there or breaks its format, whatever transcripts, names and people say:
every command in every format, on stdout, on stderr and in files, and every argument and option that is repeated."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from support.front_ends.commands import COMMANDS, commands, ran, valued
from support.front_ends.runs import HOSTILE, RUNS
from support.library import Run, Tools

from search.frontends.formats.display import Style, unsteered
from search.frontends.formats.formats import choices
from search.frontends.formats.jsontext import to_json

POWER = ("水开了换电池", "电池充电站很多", "充电站的电池", "电池组在充电站", "电池冒烟了", "大电池充电站")
KITCHEN = ("今天炒菜", "先切土豆丝", "土豆丝下锅", "锅里放油", "油热了炒菜", "土豆丝出锅")
STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
OURS = re.compile(r"\x1b\[(?:0|1|2|3[1-6]|1;3[16])m|\x1b\]8;;(?:https://ours\.example/[!-~]*)?\x1b\\")
"""The colours and links that podseek makes."""


@pytest.fixture(scope="module")
def hostile(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of hostile transcripts in folders and files of hostile names."""
    folder = tmp_path_factory.mktemp("hostile")
    show = folder / f"=show{HOSTILE}"
    show.mkdir()
    for number, texts in enumerate((POWER, POWER, KITCHEN, KITCHEN, KITCHEN), 1):
        cues = [
            {"start": at, "end": at + 4, "text": f"={text}{HOSTILE}第{number * n}句", "speaker": f"=甲{HOSTILE}"}
            for n, text in enumerate(texts)
            for at in [number * 100 + n * 4]  # said at the same times, two would be transcripts of one recording
        ]
        name = f"=talk{number}{HOSTILE}\udcff"
        (show / f"{name}.json").write_text(json.dumps({"segments": cues}), "utf-8")
        (show / f"{name}.mp3").write_bytes(b"")
    link = 'link = "https://ours.example/{stem}"\n'
    (show / "podcast.toml").write_text(link + "chapters = []\n", "utf-8")
    return tools.index([show], folder / "index")


OTHERS = [
    ["index", "--dry-run", "SHOW"],
    ["index", "SHOW"],
    ["status"],
    ["status", "--check"],
    ["play", "水开了", "--print"],
    ["play", "水开了", "--print", "--browser"],
    ["clip", "水开了", "--print", "--pad", "1"],
    ["clip", "水开了", "--print", "--join", f"x{HOSTILE}.mp3"],
    ["alias", "add", "水开了", "水凯"],
    ["alias", "list"],
    ["search", "水开了", "--explain"],
    ["search", f'"{HOSTILE}没有"', "--explain"],
    ["search", f"~电池{HOSTILE}"],
    ["watch", "--once", "SHOW", "--query", "水开了"],
    *(["watch", "--once", "SHOW", "--query", "水开了 电池", "--format", form] for form in ("jsonl", "tsv", "plain")),
    ["forget", "nothing"],
    ["add", "SHOW"],
    ["update"],
    *(["sources", "--format", form] for form in ("text", "jsonl")),
    *(["queue", "--format", form] for form in ("text", "jsonl")),
    ["queue", "--run", "--with", f"x{HOSTILE}"],
    ["remove", f"no{HOSTILE}"],
    ["config", "get", f"no{HOSTILE}"],
    ["doctor"],
    *([*command, "--json"] for command in (["status", "--check"], ["speakers"], ["alias", "list"], ["history"])),
    ["speakers"],
    ["speakers", f"=甲{HOSTILE}", "甲"],
    ["speakers", "甲", f"x{HOSTILE}"],
    ["help", f"no{HOSTILE}"],
    ["save", "1", "--note", HOSTILE],
    ["saved"],
    ["history"],
]


def test_every_command_is_tried() -> None:
    tried = {words[0] for words in OTHERS} | RUNS.keys()
    assert tried == set(COMMANDS) - {"mcp", "serve"}, "protocols are no terminals: see tests/search/frontends"
    having = {words[0] for words, command in commands() if any(one.name == "form" for one in command.params)}
    assert having - RUNS.keys() == {"watch", "queue", "sources", "saved", "status", "speakers", "alias", "history"}


def checked(run: Run) -> None:
    """Nothing steers; what is wrong is said in one line."""
    assert not STEERS.search(run.out.replace("\r\n", "\n")), run
    assert not STEERS.search(run.err), run
    assert "Traceback" not in run.err
    assert "a fault of podseek" not in run.err


CASES = [(words, kind, form) for runs in RUNS.values() for kind, words in runs for form in choices(kind)]


@pytest.mark.parametrize(("words", "kind", "form"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_nothing_steers_in_any_format(
    capsys: pytest.CaptureFixture[str], hostile: Path, tmp_path: Path, words: list[str], kind: str, form: str
) -> None:
    only = ["--title", "talk1"] if form == "chapters" and words[0] == "search" else []
    typed = [*words, *only, "--format", form, "--index", str(hostile)]
    run = ran(capsys, *typed)
    checked(run)
    painted = ran(capsys, *typed, "--color", "always")
    checked(Run(painted.code, OURS.sub("", painted.out), OURS.sub("", painted.err)))
    assert OURS.sub("", painted.out) == run.out
    file = tmp_path / "out"
    written = ran(capsys, *typed, "-o", str(file))
    checked(written)
    if written.code != 2:
        text = file.read_bytes().decode("utf-8-sig")
        assert text == run.out
    if form in ("tsv", "csv"):
        rows = csv.reader(io.StringIO(run.out), delimiter="\t" if form == "tsv" else ",")
        cells = [cell for row in rows for cell in row]
        assert not [cell for cell in cells if re.match(r"\s*[=+@＝＋－＠]|\s*-(?!\d)", cell)]
    if form in ("jsonl", "json"):
        items = [json.loads(line) for line in run.lines] if form == "jsonl" else json.loads(run.out)
        assert items or kind in ("suspects", "new_words"), "nothing to try it with"


def test_json_tells_what_is_there_to_the_last_character(capsys: pytest.CaptureFixture[str], hostile: Path) -> None:
    found = json.loads(ran(capsys, "search", "水开了", "-n", "1", "--format", "jsonl", "--index", str(hostile)).out)
    assert Path(found["path"]).exists(), "bytes of a name that are no text come back as they are"
    assert HOSTILE.replace("\x0b", "").strip()[-8:] in found["cues"][0]["text"]
    assert "\x1b[5m" in found["path"]


def test_json_of_sources_has_their_places_to_the_last_character(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / f"show{HOSTILE}\udcff"
    folder.mkdir()
    ran(capsys, "add", str(folder), "--later", "--index", str(tmp_path / "index"))
    run = ran(capsys, "sources", "--format", "jsonl", "--index", str(tmp_path / "index"))
    checked(run)
    assert json.loads(run.out)["source"] == str(folder.resolve())


@pytest.mark.parametrize("words", OTHERS, ids=lambda words: " ".join(words)[:20].encode("unicode_escape").decode())
def test_nothing_steers_in_what_has_no_formats(
    capsys: pytest.CaptureFixture[str], hostile: Path, words: list[str], tools: Tools, tmp_path: Path
) -> None:
    show = next(path for path in hostile.parent.iterdir() if path != hostile)
    index = tools.index([show], tmp_path / "index")
    with tools.loaded():
        for more in ([], ["-v"]):
            typed = [str(show) if word == "SHOW" else word for word in words]
            checked(ran(capsys, *typed, *more, "--index", str(index)))


def _typed() -> Iterator[tuple[list[str], str]]:
    """Each command with each option that takes a value, and with each argument."""
    for words, command in commands():
        for option in valued(command):
            yield words, option
    for words, command in commands():
        if any(isinstance(one, click.Argument) for one in command.params):
            yield words, ""


@pytest.mark.parametrize(("words", "option"), [*_typed(), ([], ""), (["index"], f"--{HOSTILE}")])
def test_nothing_that_is_typed_steers(
    capsys: pytest.CaptureFixture[str],
    hostile: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    option: str,
    tmp_path: Path,
) -> None:
    if words[:1] == ["mcp"]:
        pytest.skip("serves until its input ends")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PODSEEK_INDEX", str(hostile))
    run = ran(capsys, *words, *((option, f"x{HOSTILE}y") if option else (f"x{HOSTILE}y",)), *("z" for _ in words))
    checked(run)
    assert run.out or run.err


def test_a_line_is_left_as_it_is_but_for_what_steers() -> None:
    style = Style(color=True, links=True)
    ours = style.link(style.paint("红", "1;31"), "https://a.org/海") + "\tx\n"
    assert unsteered(ours, styled=True) == ours
    assert unsteered(ours) == "[1;31m红[0m\tx\n".replace("[1;31m", "]8;;https://a.org/海\\[1;31m").replace(
        "[0m", "[0m]8;;\\"
    )
    assert unsteered("a,b\r") == "a,b\r", "lines of CSV end so"
    assert unsteered("a\rb") == "ab"


def test_json_escapes_what_steers_and_leaves_chinese() -> None:
    value = {"a": f"中文 {HOSTILE} \ud800 \x00", "b": [1.5, None]}
    written = to_json(value)
    assert json.loads(written) == value
    assert "中文" in written
    assert not STEERS.search(written)
    assert json.loads(to_json(value, indent=2)) == value
