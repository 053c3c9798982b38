"""Reading plain text and Markdown with times, and telling it from prose that has some."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.types import Chapter, Transcript
from indexer.readers import find_reader, is_candidate, read_bytes

SAID = [
    "大家好，今天我们来聊一聊这件事情。",
    "好的，我先说说我的看法。",
    "没错没错，确实是这样的。",
    "嗯，我同意你说的。",
]
STARTS = [0, 5, 9, 12]
WHO = ["林晚", "周恒", "林晚", "周恒"]


def read(text: str, name: str = "a.txt") -> Transcript:
    return read_bytes(name, text.encode())


def recognised(text: str) -> bool:
    reader = find_reader(text)
    return reader is not None and reader.name == "stamped text"


def complaints(transcript: Transcript) -> list[str]:
    return [f"{one.line}: {one.what}: {one.action}" for one in transcript.complaints]


def clock(seconds: float, hours: bool = False) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}" if hours else f"{whole // 60}:{whole % 60:02}"


SHAPES = {
    "[00:00] text": "[{t}] {said}\n",
    "(00:00) text": "({t}) {said}\n",
    "（00:00）text": "（{t}）{said}\n",
    "bare": "{t} {said}\n",
    "bare with hours": "{h} {said}\n",
    "list of Markdown": "- [{h}] {said}\n",
    "bold": "**[{t}]** {said}\n\n",
    "code": "`{t}` {said}\n\n",
    "link": "[{t}](https://example.org/v?t={s}) {said}\n\n",
    "colon": "{t}：{said}\n",
    "dash": "{t} - {said}\n",
    "on lines of their own": "{t}\n{said}\n",
    "on lines of their own, in brackets": "[{h}]\n\n{said}\n\n",
    "whisper's console": "[{h}.000 --> {e}.000]  {said}\n",
    "range": "{t} - {e} {said}\n",
    "numbered": "{n}. [{t}] {said}\n",
}
NAMED_SHAPES = {
    "name and time": "{who} {t}\n{said}\n\n",
    "name and time, no gaps": "{who}  {h}\n{said}\n",
    "name and time, then a gap": "{who} {t}\n\n{said}\n\n",
    "time and name": "{t} {who}\n{said}\n\n",
    "bold name (time):": "**{who}** ({t}): {said}\n\n",
    "name(time):": "{who}({h}): {said}\n",
    "name（time）：": "{who}（{t}）：{said}\n",
    "heading": "### {who} {t}\n\n{said}\n\n",
    "heading, time first": "### [{t}] {who}\n\n{said}\n\n",
    "name above": "{who}\n[({h})](https://example.org/x) {said}\n\n",
    "label": "[{t}] {who}：{said}\n",
    "label in brackets": "{t} [{who}]: {said}\n",
}


def written(shape: str, starts: list[int], said: list[str], who: list[str]) -> str:
    ends = [*starts[1:], starts[-1] + 3]
    return "".join(
        shape.format(t=clock(start), h=clock(start, True), e=clock(end, True), s=start, said=text, who=name, n=number)
        for number, (start, end, text, name) in enumerate(zip(starts, ends, said, who, strict=True), 1)
    )


@pytest.mark.parametrize("name", SHAPES)
def test_a_text_with_times_is_recognised_and_read(name: str) -> None:
    text = written(SHAPES[name], STARTS, SAID, WHO)
    assert recognised(text)
    transcript = read(text)
    assert [(cue.start, cue.text, cue.speaker) for cue in transcript.cues] == [
        (start, said, "") for start, said in zip(STARTS, SAID, strict=True)
    ]
    assert [cue.end for cue in transcript.cues][:3] == STARTS[1:]
    assert complaints(transcript) == []


@pytest.mark.parametrize(
    "names", [WHO, ["发言人1", "发言人 2", "发言人1", "发言人3"], ["Ann Lee", "Bob", "Ann Lee", "Bob"]], ids=str
)
@pytest.mark.parametrize("name", NAMED_SHAPES)
def test_names_beside_times_are_speakers(name: str, names: list[str]) -> None:
    text = written(NAMED_SHAPES[name], STARTS, SAID, names)
    assert recognised(text)
    transcript = read(text)
    assert [(cue.start, cue.text, cue.speaker) for cue in transcript.cues] == list(
        zip(STARTS, SAID, names, strict=True)
    )
    assert complaints(transcript) == []


@given(
    st.sampled_from(sorted(SHAPES)),
    st.lists(st.tuples(st.integers(1, 12), st.sampled_from(SAID)), min_size=4, max_size=20),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_with_times_is_read_back_equal(name: str, steps: list[tuple[int, str]], eol: str) -> None:
    starts = [sum(step for step, _ in steps[:number]) for number in range(len(steps))]
    said = [text for _, text in steps]
    text = written(SHAPES[name], starts, said, said)
    found = read(text.replace("\n", eol)).cues
    assert [(cue.start, cue.text) for cue in found] == list(zip(starts, said, strict=True))
    lines = text.split("\n")
    assert all(":" in lines[cue.line - 1] for cue in found)


def test_several_times_on_a_line_are_several_cues() -> None:
    cues = read("[00:00] 山高水长 [00:02] 归去来兮 [00:05]\n[00:07] 好的好的 [00:09] 再见再见 [00:08] 不是\n").cues
    assert [(cue.start, cue.end, cue.text) for cue in cues] == [
        (0, 2, "山高水长"),
        (2, 5, "归去来兮"),
        (7, 9, "好的好的"),
        (9, 12.75, "再见再见 [00:08] 不是"),
    ]


def test_front_matter_and_headings_are_facts_and_chapters() -> None:
    matter = '---\ntitle: "山水谈"\ndate: 2025/6/8\n---\n\n# 别的\n\n- 主播：林晚\n\n'
    first, second = written("[{t}] {said}\n", STARTS[:2], SAID[:2], WHO[:2]), "[0:09] 没错没错\n[0:12] 再见再见\n"
    transcript = read(f"{matter}## 开场\n\n{first}\n## [0:08] 正题\n{second}", "a.md")
    assert transcript.facts["title"] == "山水谈"
    assert transcript.facts["date"] == "2025-06-08"
    assert transcript.facts["chapters"] == (Chapter(0, "开场"), Chapter(8, "正题"))
    assert [cue.text for cue in transcript.cues] == [*SAID[:2], "没错没错", "再见再见"]
    assert complaints(transcript) == ["8: text before the first cue: left out"]


def test_the_first_heading_is_the_title_of_a_page_without_front_matter() -> None:
    assert dict(read("# 山水谈\n\n" + written("[{t}] {said}\n", STARTS, SAID, WHO)).facts) == {"title": "山水谈"}


def test_a_speaker_lasts_until_the_next_in_paragraphs() -> None:
    text = (
        "[00:00] 林晚：大家好今天好\n[00:05] 我们来聊一聊\n[00:09] 周恒：好的好的\n[00:12] 我先说\n[00:14] 林晚：请\n"
    )
    assert [cue.speaker for cue in read(text).cues] == ["林晚", "林晚", "周恒", "周恒", "林晚"]


def test_a_time_that_goes_back_is_kept_and_reported() -> None:
    text = "".join(f"[{clock(second)}] 山高水长\n" for second in [*range(0, 40, 2), 3, 41])
    transcript = read(text)
    assert [cue.start for cue in transcript.cues][-3:] == [38, 3, 41]
    assert complaints(transcript) == ["21: start 3.000 s is before the start of the cue above: kept as it is"]


def test_ranges_of_which_one_has_no_end_are_reported() -> None:
    text = "[0:00 --> 0:02] 山高水长\n[0:02] 归去来兮\n[0:05 --> 0:07] 好的\n[0:07 --> 0:06] 再见\n"
    transcript = read(text)
    assert [(cue.start, cue.end) for cue in transcript.cues] == [(0, 2), (2, 5), (5, 7), (7, 7)]
    assert complaints(transcript) == [
        "2: no end: cue kept, end taken from the next cue",
        "4: start 7.000 s is after end 6.000 s: cue kept, end moved to its start",
    ]


NO_TRANSCRIPTS = {
    "shownotes": "本期聊大模型。\n\n时间轴：\n00:00 开场\n03:12 什么是大模型\n15:40 训练\n32:10 未来\n\n欢迎订阅。\n",
    "chapters": "00:00 开场\n03:12 什么是大模型\n15:40 训练\n32:10 未来\n40:00 结束\n",
    "prose": "会议 10:30 开始。\n\n10:45 有人来了，带着一箱书。\n\n后来下雨了。\n\n11:20 大家走了。\n\n天晴了。\n",
    "changelog": "# 变更\n\n" + "".join(f"## 2024-01-{day:02} 12:30\n\n- 修正\n\n" for day in range(1, 9)),
    "chat of a day": "".join(f"[{9 + n // 4:02}:{n % 4 * 15:02}:{n:02}] <ann> 好的\n" for n in range(20)),
    "log": "".join(f"2024-01-02 12:30:{n:02} INFO 启动第 {n} 个服务\n" for n in range(20)),
    "timetable": "8:00 早餐\n9:00 数学\n10:00 语文\n11:00 英语\n12:00 午餐\n",
    "verses": "".join(f"1:{n} 起初的话，接着还有很多很多的话说\n" for n in range(1, 10)),
    "source code": "def f():\n    return 'a:b'\n\nTIMES = ['00:01', '00:02', '00:03', '00:04', '00:05']\n",
    "SubRip": "".join(f"{n}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n山高水长\n\n" for n in range(1, 9)),
}


@pytest.mark.parametrize("name", NO_TRANSCRIPTS)
def test_what_only_has_times_is_not_taken_from_a_folder(name: str, tmp_path: Path) -> None:
    assert not recognised(NO_TRANSCRIPTS[name])
    path = tmp_path / "notes.md"
    path.write_text(NO_TRANSCRIPTS[name], "utf-8")
    assert not is_candidate(path)


def test_a_file_named_directly_is_read_if_anything_can_be_made_of_it() -> None:
    transcript = read(NO_TRANSCRIPTS["chapters"])
    assert [cue.text for cue in transcript.cues][:2] == ["开场", "什么是大模型"]
    assert complaints(transcript) == ["1: hardly looks like a transcript (5 times): read all the same"]
    (complaint,) = read(NO_TRANSCRIPTS["source code"]).complaints
    assert complaint.fatal
