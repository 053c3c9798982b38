"""The command line speaks the language of the locale: help, mistakes, and the words of click itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.front_ends.commands import ran

from search.frontends.cli.help_pages.wide_help import WideFormatter, wrapped
from search.frontends.formats.display import columns


def test_the_examples_are_in_the_language_of_the_locale(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "More: podseek --help" in ran(capsys).out
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "直达那一秒" in ran(capsys).out
    monkeypatch.setenv("PODSEEK_LANG", "en")
    assert "More: podseek --help" in ran(capsys).out


def test_a_language_that_there_is_not_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PODSEEK_LANG", "klingon")
    run = ran(capsys)
    assert (run.code, run.err) == (0, "PODSEEK_LANG=klingon: no language of podseek: use en or zh\n")


@pytest.mark.parametrize("width", [12, 20, 41])
def test_lines_of_help_fit_and_neither_begin_nor_end_with_the_wrong_punctuation(width: int) -> None:
    text = "读取文稿，写入索引：文件、文件夹、zip 压缩包，或用 - 表示标准输入（见 podseek index --help）。“原话”不拆。"
    lines = wrapped(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(columns(line) <= width for line in lines)
    assert not [line for line in lines if line[0] in "，、：）。”" or line[-1] in "（“"]


def test_lines_of_a_chinese_paragraph_are_joined_without_a_space() -> None:
    text = "读取文稿。\n写入索引\n（文件）。\npodseek 搜索\nindex a\nb"
    assert wrapped(text, 80) == ["读取文稿。写入索引（文件）。podseek 搜索 index a b"]


def test_what_is_explained_stands_in_one_column() -> None:
    page = WideFormatter(width=60)
    page.write_dl(
        [
            ("--index 文件夹", "用哪个索引。"),
            ("-q", "只输出结果和错误。"),
            ("--a-very-long-option-name-of-a-word", "长。"),
        ]
    )
    lines = page.getvalue().splitlines()
    starts = [columns(line[: line.index(word)]) for line in lines for word in "用只长" if word in line]
    assert starts == [32, 32, 32]


@pytest.mark.parametrize("width", [60, 64, 70, 80])
def test_a_default_is_on_one_line_with_marks_of_one_language(width: int) -> None:
    page = WideFormatter(width=width)
    page.write_dl([("-n, --limit 数", "时刻数（加 -c、-l 时为期数）；0 为全部  [默认：10; x>=0]")])
    lines = page.getvalue().splitlines()
    assert max(map(columns, lines)) <= width
    assert "".join(lines).endswith("[默认：10；x>=0]")
    assert any("[默认：10；x>=0]" in line for line in lines)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["search", "-n", "abc", "电池"], "podseek search: --limit: 'abc' 不是不小于 0 的整数；例如 10"),
        (["search", "--timeout", "-1", "电池"], "podseek search: --timeout: -1 超出范围；请给不小于 0 的数字，例如 10"),
        (["serach", "电池"], "serach: 没有这个命令；是不是想用 search？"),
        (["search"], "podseek search: 缺少 查询...；`podseek search --help` 里有例子"),
        (["search", "AND 电池"], '第 1 列：AND 的两边都要有内容；请改正，或加引号原样搜索："AND 电池"'),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistakes_are_told_in_chinese(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sample_index: Path, words: list[str], told: str
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    run = ran(capsys, *words, "--index", str(sample_index))
    assert (run.code, run.err.splitlines()[-1]) == (2, told)


def test_help_is_in_chinese_and_english_again_afterwards(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    page = ran(capsys, "search", "--help").out
    assert page.startswith("用法：") and "示例：" in page and "Show this message" not in page
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    page = ran(capsys, "search", "--help").out
    assert page.startswith("Usage: ") and page.isascii() is False and "示例" not in page


def test_a_complaint_of_a_worker_process_is_in_the_language_of_the_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    for number in range(4):
        (tmp_path / f"{number}.srt").write_text("", "utf-8")
    run = ran(capsys, "index", str(tmp_path), "-j", "2", "--index", str(tmp_path / "index"))
    assert f"{tmp_path}/0.srt: 文件是空的；没有可编入的字幕条" in run.err.splitlines()
