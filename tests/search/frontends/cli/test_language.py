"""The command line speaks the language of the locale: help, mistakes, and the words of click itself."""

from __future__ import annotations

import pytest
from support.commands import ran

from search.frontends.cli.wide_help import WideFormatter, wrapped
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
