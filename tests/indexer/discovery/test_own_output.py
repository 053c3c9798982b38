"""What podseek wrote into a folder of transcripts is not indexed, whatever its format, and that is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.front_ends.commands import ran
from support.front_ends.found import cue, episode, moment
from support.front_ends.runs import RUNS
from support.library import ROOT, Tools, indexed, subrip

from indexer.core.types import Complaint
from indexer.discovery.own_output import is_own_output
from indexer.discovery.walk import find_transcripts
from indexer.readers import is_candidate, read_bytes
from search.frontends.formats.files import write_lines
from search.frontends.formats.formats import by_name, choices
from search.frontends.formats.subtitles import srt_lines
from search.frontends.media.clips import Stretch, clip_joined

SPOKEN = {"水开了": "电池", "水": "电池", "talk1": "09-batteries"}
FOR_PEOPLE = {("cues", "text"), ("concordance", "text")}
"""Nothing tells them from a transcript."""
CASES = [(words, kind, form) for runs in RUNS.values() for kind, words in runs for form in choices(kind)]


@pytest.mark.parametrize(("words", "kind", "form"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_no_result_in_a_folder_is_taken_for_a_transcript(
    capsys: pytest.CaptureFixture[str], sample_index: Path, tmp_path: Path, words: list[str], kind: str, form: str
) -> None:
    file = tmp_path / f"found{(by_name(form).suffixes or ('.txt',))[0]}"
    typed = [SPOKEN.get(word, word) for word in words]
    more = ["--title", "电池"] if form == "chapters" else []
    run = ran(capsys, *typed, *more, "--format", form, "-o", str(file), "--index", str(sample_index))
    if not file.exists():
        assert form == "chapters", run.err
        return
    candidate = is_candidate(file)
    if (kind, form) in FOR_PEOPLE:
        assert candidate, "if it were none, the documentation could say so"
        return
    talk = tmp_path.resolve() / "talk.srt"
    talk.write_text(subrip("今天聊茶"), "utf-8")
    complaints: list[Complaint] = []
    assert find_transcripts([tmp_path], complaints) == [talk]
    assert [complaint.what for complaint in complaints] == (
        [f"a file is a result of podseek ({file.name})"] if candidate else []
    )


def test_the_subtitles_of_clips_are_known_too_with_one_cue_or_more(tmp_path: Path) -> None:
    for cues in ([cue(0, "两杯茶")], [cue(0, "两杯茶"), cue(1, "烧水")]):
        shown = clip_joined([Stretch(moment(episode(), *cues), "a.mp3", 0.0, 8.0)], tmp_path / "a.mp3")
        write_lines(shown.subtitles_path, srt_lines(shown.subtitles), replace=True)
        written = shown.subtitles_path.read_bytes()
        assert is_own_output(written)
        assert [one.text for one in read_bytes("a.srt", written).cues] == [one.text for one in cues]


def test_many_results_in_a_folder_are_told_in_one_line(tools: Tools, tmp_path: Path) -> None:
    folder = tmp_path / "show"
    for number in range(5):
        made = srt_lines(clip_joined([Stretch(moment(episode(), cue(0, "茶")), "a", 0.0, 4.0)], tmp_path).subtitles)
        (folder / "clips").mkdir(parents=True, exist_ok=True)
        write_lines(folder / "clips" / f"{number}.srt", made)
    (folder / "talk.srt").write_text(subrip("今天聊茶"), "utf-8")
    report = indexed(tools, tmp_path, folder)
    assert (report.added, report.exit_code) == (1, 0)
    assert [str(complaint) for complaint in report.complaints] == [
        f"{folder / 'clips'}: 5 files are results of podseek (0.srt, 1.srt, 2.srt, ...): left out; name one to index it"
    ]
    assert indexed(tools, tmp_path, folder, folder / "clips" / "0.srt").added == 1, "what is named is taken"
    assert indexed(tools, tmp_path, folder).unchanged == 2, "and stays"


def test_a_result_does_not_take_the_place_of_the_transcript_it_is_of(
    capsys: pytest.CaptureFixture[str], tools: Tools, tmp_path: Path
) -> None:
    folder = tmp_path / "show"
    folder.mkdir()
    (folder / "talk.srt").write_text(subrip("今天聊茶"), "utf-8")
    indexed(tools, tmp_path, folder)
    made = str(folder / "talk.zh.vtt")
    assert ran(capsys, "read", "talk", "--all", "-o", made, "--index", str(tmp_path / "index")).code == 0
    assert indexed(tools, tmp_path, folder).unchanged == 1


@pytest.mark.parametrize("folder", [ROOT / "corpus", ROOT / "tests" / "cases"], ids=lambda path: path.name)
def test_no_transcript_is_taken_for_a_result(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if is_own_output(path.read_bytes())]


@pytest.mark.parametrize(
    "text",
    [
        "1\n00:00:01,000 --> 00:00:02,000\n茶\n\n2\n",
        "00001\n00:00:01,000 --> 00:00:02,000\n茶\n\n00002\n",
        "WEBVTT\n\nNOTE 茶\n\n",
        "index,start,end,text\n",
        '{"segments": [{"index": 0, "start": 0.0, "highlights": []}]}',
        "## 00:00:01 茶\n\n水开了\n",
    ],
)
def test_what_others_write_is_not_taken_for_a_result(text: str) -> None:
    assert not is_own_output(text.encode())
