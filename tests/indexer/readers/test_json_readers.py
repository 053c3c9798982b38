"""JSON of recognisers and podcasts: whatever they call things, the cues, speakers and times of words are the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.transcripts.json_transcripts import complaints, read, simple, word_segments

from indexer.core.types import Cue
from indexer.readers import find_reader, is_candidate, read_bytes

CASES = Path(__file__).resolve().parents[2] / "cases"


def reader_name(document: object) -> str | None:
    reader = find_reader(document if isinstance(document, str) else json.dumps(document))
    return reader.name if reader else None


WORDS = [("我们", 0, 600), ("说", 600, 900), ("电池。", 900, 2000)]
MORE = [("好", 2500, 3000), ("GPU", 3000, 4000)]
SENTENCES = [("我们说电池。", 0, 2000, WORDS), ("好GPU", 2500, 4000, MORE)]
MARKED = (
    Cue(0, 2, "我们说电池。", marks=((0, 0), (2, 0.6), (3, 0.9))),
    Cue(2.5, 4, "好GPU", marks=((0, 2.5), (1, 3.0))),
)


def segments(factor: float, text: str, start: str, end: str, word: str, words: str = "words") -> list[dict[str, Any]]:
    """The sentences as objects with these names; times are milliseconds by `factor`."""

    def times(begin: int, until: int) -> dict[str, Any]:
        return {start: begin * factor, end: until * factor}

    return [
        {**times(begin, until), text: said, words: [{word: w, **times(b, u)} for w, b, u in inner]}
        for said, begin, until, inner in SENTENCES
    ]


def offsets(begin: int, until: int) -> dict[str, dict[str, int]]:
    return {"offsets": {"from": begin, "to": until}}


WHISPER = {
    "openai-whisper": {"text": "", "segments": segments(0.001, "text", "start", "end", "word"), "language": "zh"},
    "faster-whisper, a list": [
        {"id": n, "avg_logprob": -0.2, **segment}
        for n, segment in enumerate(segments(0.001, "text", "start", "end", "word"))
    ],
    "whisperx": {"segments": segments(0.001, "text", "start", "end", "word"), "word_segments": [], "language": "zh"},
    "segments by number": {"segments": dict(enumerate(segments(0.001, "text", "start", "end", "word")))},
    "whisper.cpp": {
        "result": {"language": "zh"},
        "transcription": [
            {
                "text": f" {said}",
                **offsets(begin, until),
                "tokens": [{"text": "[_BEG_]", **offsets(begin, begin)}]
                + [{"text": word, **offsets(b, u)} for word, b, u in words],
            }
            for said, begin, until, words in SENTENCES
        ],
    },
}
OTHERS = {
    "FunASR": [
        {
            "key": "a",
            "text": "我们说电池。好GPU",
            "sentence_info": [
                {
                    "text": "我们说电池。",
                    "start": 0,
                    "end": 2000,
                    "timestamp": [[n * 100, n * 100 + 90] for n in range(5)],
                },
                {"text": "好GPU", "start": 2500, "end": 4000, "timestamp": [[2500, 3000], [3000, 4000]]},
            ],
        }
    ],
    "Tingwu": {
        "Transcription": {
            "Paragraphs": [
                {"SpeakerId": 1, "Words": [{"Start": b, "End": u, "Text": w} for w, b, u in words]}
                for _, _, _, words in SENTENCES
            ]
        }
    },
    "Feishu": {
        "data": {
            "paragraphs": [
                {"sentences": [{"contents": [{"content": w, "start_time": b, "stop_time": u} for w, b, u in words]}]}
                for _, _, _, words in SENTENCES
            ]
        }
    },
    "Volcengine": {"result": [{"text": "", "utterances": segments(1, "text", "start_time", "end_time", "text")}]},
    "strings": segments(1, "content", "begin_time", "end_time", "text"),
    "names in capitals": segments(1, "Text", "BeginTime", "EndTime", "Word"),
    "seconds": segments(0.001, "content", "start_time", "end_time", "text"),
    "milliseconds by name": segments(1, "sentence", "start_ms", "end_ms", "word"),
}


@pytest.mark.parametrize("name", WHISPER)
def test_all_kin_of_whisper_read_the_same(name: str) -> None:
    assert reader_name(WHISPER[name]) == "Whisper JSON"
    transcript = read(WHISPER[name])
    assert transcript.cues == MARKED
    assert transcript.complaints == ()
    assert transcript.facts == ({"language": "zh"} if "zh" in json.dumps(WHISPER[name]) else {})


@pytest.mark.parametrize("name", OTHERS)
def test_all_recognisers_of_meetings_read_the_same(name: str) -> None:
    assert reader_name(OTHERS[name]) == "paragraph JSON"
    cues = read(OTHERS[name]).cues
    assert [(cue.start, cue.end, cue.text) for cue in cues] == [(0, 2, "我们说电池。"), (2.5, 4, "好GPU")]
    assert all(cue.marks for cue in cues)
    if name != "FunASR":
        assert [cue.marks for cue in cues] == [cue.marks for cue in MARKED]


def test_a_time_for_each_character_of_a_whole_recording_makes_cues() -> None:
    stamps = [[n * 200, n * 200 + 180] for n in range(6)] + [[3000, 3400]]
    document = [{"key": "a", "text": "我们说电池吧。GPU", "timestamp": stamps}]
    assert simple(document) == [(0, 1.18, "我们说电池吧。", ""), (3, 3.4, "GPU", "")]


def test_iflytek_writes_json_within_json() -> None:
    said = [
        {"bg": "0", "ed": "4950", "onebest": "我们说电池", "speaker": "1"},
        {"bg": "4950", "ed": "6000", "onebest": "好", "speaker": "2"},
    ]
    expected = [(0, 4.95, "我们说电池", "1"), (4.95, 6, "好", "2")]
    assert simple({"ok": 0, "data": json.dumps(said)}) == expected
    assert simple(said) == expected
    assert complaints(said) == []


def test_the_lattices_of_iflytek_are_read_by_their_first_candidates() -> None:
    words = [{"cw": [{"w": "你好", "wp": "n"}, {"w": "拟好"}]}, {"cw": [{"w": "。", "wp": "p"}]}]
    best = json.dumps({"st": {"bg": "50", "ed": "1170", "rl": "1", "rt": [{"ws": words}]}}, ensure_ascii=False)
    order = json.dumps({"lattice": [{"json_1best": best}]}, ensure_ascii=False)
    assert simple({"code": "000000", "content": {"orderResult": order}}) == [(0.05, 1.17, "你好。", "1")]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"speaker": "小林"}, "小林"),
        ({"spk": 0}, "0"),
        ({"role": "主持人"}, "主持人"),
        ({"speaker_id": 3, "speaker_name": "小林"}, "小林"),
        ({"speaker": {"name": "小林"}}, "小林"),
        (
            {
                "speaker": None,
                "words": [{"word": "好", "speaker": "A"}, {"word": "的", "speaker": "A"}, {"word": "吧"}],
            },
            "A",
        ),
        ({"speaker": ["小林"]}, ""),
        ({"speaker": "小\n林\ud800"}, "小 林\ufffd"),
    ],
)
def test_the_speaker_has_many_names(given: dict[str, object], name: str) -> None:
    (cue,) = read(json.dumps([{"start": 0.5, "end": 2.5, "text": "好的吧", **given}])).cues
    assert cue.speaker == name


def test_who_speaks_may_stand_around_what_is_said() -> None:
    inner = [{"start_time": 0, "end_time": 2000, "text": "大家好欢迎收听"}]
    assert simple({"paragraphs": [{"speaker_info": {"user_name": "小林"}, "sentences": inner}]})[0][3] == "小林"


@pytest.mark.parametrize("seconds", [True, False])
def test_whole_numbers_are_seconds_if_people_could_speak_so(seconds: bool) -> None:
    factor = 1 if seconds else 1000
    document = [{"start": n * factor, "end": (n + 4) * factor, "text": "我们今天来说说电池的事情"} for n in (0, 5, 9)]
    assert [cue[:2] for cue in simple(document)] == [(0, 4), (5, 9), (9, 13)]
    unit = "seconds" if seconds else "milliseconds"
    assert complaints(document) == [f"0: the unit of the times is not told: read as {unit}"]


def test_times_may_be_strings_clocks_or_carry_their_unit() -> None:
    for start, end in (("1.5", "3.25"), ("00:01.5", "0:00:03,250"), ("1.5s", "3.25s"), ("1500ms", "3250 ms")):
        assert simple([{"start": start, "end": end, "text": "好", "words": []}]) == [(1.5, 3.25, "好", "")]


def test_podcast_segments_are_cues() -> None:
    document = {
        "version": "1.0.0",
        "segments": [
            {"speaker": "小林", "startTime": 0.5, "endTime": 2.75, "body": "大家好欢迎收听"},
            {"startTime": 2.75, "endTime": 5, "body": "好的我们开始吧"},
        ],
    }
    assert reader_name(document) == "Podcasting 2.0 JSON"
    assert simple(document) == [(0.5, 2.75, "大家好欢迎收听", "小林"), (2.75, 5, "好的我们开始吧", "")]


def test_short_sentences_with_words_of_their_own_are_not_joined() -> None:
    short = [
        {
            "start": at,
            "end": at + 1,
            "text": "好的",
            "words": [{"word": "好", "start": at}, {"word": "的", "start": at}],
        }
        for at in range(4)
    ]
    assert (
        len(read_bytes("a", json.dumps({"segments": [*short, {"start": 9, "end": 8, "text": "嗯"}]}).encode()).cues)
        == 5
    )


def test_paragraphs_are_recognised_where_an_object_stands_between_time_and_text() -> None:
    paragraphs = [
        {"start_time": at, "speaker": {"user_name": name}, "text": "我们今天来聊一聊电池的问题"}
        for at, name in (("1000", "林晚"), ("5000", "老周"))
    ]
    text = json.dumps({"data": {"paragraphs": paragraphs}})
    assert find_reader(text) is not None
    assert [(cue.start, cue.speaker) for cue in read_bytes("a", text.encode()).cues] == [(1.0, "林晚"), (5.0, "老周")]


NOT_TRANSCRIPTS: dict[str, object] = {
    "package.json": {"name": "x", "version": "1.0.0", "scripts": {"start": "node .", "text": "x"}},
    "chapters": {"version": "1.2.0", "chapters": [{"startTime": 0, "title": "a"}, {"startTime": 60, "endTime": 90}]},
    "tsconfig": {"compilerOptions": {"target": "es5", "strict": True}},
    "chat": [{"role": "user", "content": "hi", "timestamp": 1_700_000_000}],
    "calendar": [{"start_time": "2024-01-01T10:00:00Z", "end_time": "2024-01-01T11:00:00Z", "content": "x"}],
    "epochs": [{"start_time": 1_700_000_000, "content": "x"}],
    "expectations": {"cues": [[1, 4, "山高"]], "complaints": []},
    "a text": {"text": "start", "segments": []},
    "segments of something": {"segments": [], "width": 3},
    "no words": {"language": "zh", "segments": [], "word_segments": [{"word": "x"}]},
    "time and text apart": {"options": {"start": 5}, "items": [{"text": "x"}]},
    "a list of texts": ["start", 1, "text"],
    "empty": {},
}


@pytest.mark.parametrize("name", NOT_TRANSCRIPTS)
def test_other_json_is_not_taken_for_a_transcript(name: str) -> None:
    assert reader_name(NOT_TRANSCRIPTS[name]) is None


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ({"text": "", "segments": [], "language": "zh"}, "Whisper JSON"),
        ({"segments": [], "word_segments": []}, "Whisper JSON"),
        ({"model": {}, "result": {"language": "zh"}, "transcription": []}, "Whisper JSON"),
        ({"version": "1.0.0", "segments": []}, "Podcasting 2.0 JSON"),
    ],
)
def test_a_recording_without_speech_has_no_cues(tmp_path: Path, document: dict[str, Any], name: str) -> None:
    assert reader_name(document) == name
    file = tmp_path / "silent.json"
    file.write_text(json.dumps(document, indent=1), "utf-8")
    assert is_candidate(file)
    found = read_bytes("a", file.read_bytes())
    assert [(str(one), one.fatal) for one in found.complaints] == [("a: no segments: no cues to index", False)]


def test_the_head_of_a_file_is_enough_to_recognise_it() -> None:
    for document in (*WHISPER.values(), *OTHERS.values(), word_segments("我们 今天 来 说 " * 40)):
        text = json.dumps(document, indent=1)
        names = {reader_name(text[: len(text) * share // 10]) for share in (8, 9, 10)}
        assert names == {reader_name(text)} != {None}


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_whisper_is_found_in_a_folder_though_its_whole_text_comes_first(
    tmp_path: Path, ascii_only: bool, indent: int | None
) -> None:
    whisperx: dict[str, object] = WHISPER["whisperx"]  # type: ignore[assignment]
    document = {"task": "transcribe", "duration": 9.5, "text": '说"\\n' * 30_000, **whisperx}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document, ensure_ascii=ascii_only, indent=indent), "utf-8")
    assert is_candidate(path)
    assert read_bytes("a.json", path.read_bytes()).cues == MARKED


@pytest.mark.parametrize(
    ("case", "speakers"),
    [
        ("amazon.json", ["spk_0", "spk_1"]),
        ("azure-fast.json", ["1", "2"]),
        ("speechmatics.json", ["S1"]),
        ("youtube.json3", ["", ""]),
    ],
)
def test_services_in_the_cloud_name_their_speakers(case: str, speakers: list[str]) -> None:
    text = (CASES / case).read_text("utf-8")
    found = find_reader(text)
    assert found is not None and found.name == "cloud JSON"
    assert [cue.speaker for cue in read_bytes(case, text.encode()).cues] == speakers


def test_the_segments_of_amazon_come_before_its_words() -> None:
    segment = {"id": 0, "transcript": "水开了。", "start_time": "1.2", "end_time": "2.5", "speaker_label": "spk_0"}
    word = {"start_time": "1.2", "end_time": "2.5", "alternatives": [{"confidence": "0.9", "content": "水"}]}
    assert simple({"results": {"items": [word], "audio_segments": [segment]}}) == [(1.2, 2.5, "水开了。", "spk_0")]


@pytest.mark.parametrize("wrong", [None, True, "soon", [], {}, float("nan"), 10**400])
def test_a_wrong_time_of_a_service_costs_the_time_and_not_the_words(wrong: object) -> None:
    said = ["水开了以后先温一温壶", "再把第一泡茶倒掉不喝", "第二泡才是真正的味道"]
    phrases = [
        {"offsetMilliseconds": 0, "durationMilliseconds": 900, "text": said[0]},
        {"offsetMilliseconds": wrong, "durationMilliseconds": wrong, "text": said[1]},
        {"offsetMilliseconds": 3000, "durationMilliseconds": wrong, "text": said[2]},
    ]
    assert [text for _, _, text, _ in simple({"phrases": phrases})] == said
