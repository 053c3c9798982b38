"""Facts in file names, by patterns of the user."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.core.configuration.settings_file import ConfigProblem
from indexer.metadata.fact_finder import FactFinder
from indexer.metadata.name_patterns import PatternProblem, compiled

LIGHT = {"show": "回声", "date": "2025-06-08", "title": "海底的光"}


@pytest.mark.parametrize(
    ("pattern", "path", "facts"),
    [
        ("{show}/{date} {title}.srt", "/a/回声/2025-06-08 海底的光.srt", LIGHT),
        ("{show}/{date} {title}.srt", "/a/回声/20250608_海底的光.zh.srt.gz", LIGHT),
        ("{show}/{date} {title}.srt", "/a/回声/2025-06-08 海底的光.vtt", None),
        ("{show}/{date} {title}.srt", "/a/回声/海底的光.srt", None),
        ("{show}/{date} {title}", "2025-06-08 海底的光.vtt", None),
        (
            "{show} - {date} - {title}",
            "/a/My Show - 2025年6月8日 - a - b.vtt",
            {**LIGHT, "show": "My Show", "title": "a - b"},
        ),
        ("{show} {date} {title}", "/a/My Show 2025.6.8 hi.vtt", {**LIGHT, "show": "My Show", "title": "hi"}),
        (
            "{show}/{_}/{number}. {title} ({speaker})",
            "/x/echo/srt/12. 光 (老周、小李).srt",
            {"show": "echo", "title": "光", "speakers": ("老周", "小李")},
        ),
        ("{title}[{_}]", "/a/hello[zzz].srt", {"title": "hello"}),
        ("{show}/{date}", "/a/x/2025-02-30.srt", None),
        ("{show}/{date}", "/a/x/2025-13.srt", None),
        ("{show}/{date}", "/a/x/2025-06.srt", {"show": "x", "date": "2025-06"}),
        ("{date} {title}", "/a/2025年6月 海底的光.srt", {"date": "2025-06", "title": "海底的光"}),
        ("{date} {title}", "/a/2025年 海底的光.srt", {"date": "2025", "title": "海底的光"}),
        ("{date}-{title}", "/a/202506-海底的光.srt", {"date": "2025-06", "title": "海底的光"}),
    ],
)
def test_a_pattern_gives_facts(pattern: str, path: str, facts: dict[str, object] | None) -> None:
    assert compiled([pattern])[0].facts(Path(path)) == facts


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{show}{title}", "nothing divides {show} from {title}"),
        ("{shwo}/{title}", "{shwo} is none of {show}"),
        ("plain.srt", "has no field"),
        ("", "has no field"),
        ("{_} " * 20, "more than 12 fields"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_told(pattern: str, said: str) -> None:
    with pytest.raises(PatternProblem) as problem:
        compiled([pattern])
    assert said in str(problem.value)


def test_the_first_pattern_of_the_configuration_that_fits_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[names]\npatterns = ["{show}-{date}-{title}.srt", "{title} by {speaker}"]\n', "utf-8")
    monkeypatch.setenv("PODSEEK_CONFIG", str(config))
    finder = FactFinder()
    assert (finder.facts(tmp_path / "茶-2025-06-08-水.srt")[0] or finder)[:3] == ("茶", "水", "2025-06-08")
    assert finder.facts(tmp_path / "tea by Lao Zhou.txt", {"title": "of the feed"})[0] == (
        FactFinder(()).facts(tmp_path / "x.txt")[0] or finder
    )._replace(title="of the feed", speakers=("Lao Zhou",))
    config.write_text('[names]\npatterns = ["{x}"]\n', "utf-8")
    with pytest.raises(ConfigProblem, match=r"config\.toml: names\.patterns: \{x\}"):
        FactFinder()


def test_a_long_name_does_not_take_long() -> None:
    pattern = compiled(["{_} {_} {_} {_} {show}x{title}y"])[0]
    assert pattern.facts(Path("/a", "a_" * 1_000_000 + ".srt")) is None
