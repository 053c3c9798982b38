"""Speaker labels at the start of cue texts are taken off and made speakers, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.types import Cue
from indexer.readers import read_bytes
from indexer.readers.shared.labels import _ENDS_LABEL, _LABEL, labelled


def cues(*texts: str) -> list[Cue]:
    return [Cue(number, number + 1, text) for number, text in enumerate(texts)]


def named(*texts: str, lasting: bool = False) -> list[tuple[str, str]]:
    return [(cue.speaker, cue.text) for cue in labelled(cues(*texts), lasting)]


def unchanged(*texts: str) -> bool:
    return named(*texts) == [("", text) for text in texts]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("发言人1：", "发言人1"),
        ("说话人 2:", "说话人 2"),
        ("Speaker 1: ", "Speaker 1"),
        ("[SPEAKER_00]: ", "SPEAKER_00"),
        ("[SPEAKER_00] ", "SPEAKER_00"),
        ("SPEAKER_01:", "SPEAKER_01"),
        ("【发言人一】", "发言人一"),
        ("(Speaker A) ", "Speaker A"),
        ("**说话人2**：", "说话人2"),
        ("**说话人2：** ", "说话人2"),
        (">> Speaker 3: ", "Speaker 3"),
        ("主持人：\n", "主持人"),
    ],
)
def test_the_labels_of_recognisers_are_always_speakers(label: str, name: str) -> None:
    assert named(f"{label}山高水长", "归去来兮") == [(name, "山高水长"), ("", "归去来兮")]


@pytest.mark.parametrize("form", ["{}：", "{}: ", "【{}】", "[{}]: ", "- {}: ", "**{}**: "])
def test_names_that_come_again_are_speakers(form: str) -> None:
    who = ["林晚", "Bob Lee", "林晚", "Bob Lee"]
    assert named(*(f"{form.format(name)}好的" for name in who)) == [(name, "好的") for name in who]


def test_once_a_file_has_labels_a_name_said_once_is_one() -> None:
    assert [name for name, _ in named("林晚：好", "周恒：好", "林晚：是", "周恒：是", "小雨：我来了")] == [
        *["林晚", "周恒"] * 2,
        "小雨",
    ]


@pytest.mark.parametrize(
    "texts",
    [
        ("今天说三点", "第一：好", "第二：也好", "第一：再说一次"),
        ("注意：看这里", "注意：看那里", "注意：再看", "结论：没有", "结论：还是没有"),
        ("http://a", "http://b", "https://c", "http://a"),
        ("他说：好", "我说：不好", "他说：好吧", "我说：行"),
        ("12:30 开始", "12:45 继续", "12:30 开始"),
        ("比分 3:2", "比分 3:2", "比分 4:2"),
        ("[音乐]", "[音乐]", "[掌声]", "(笑)", "(笑)", "[音乐]"),
        ("问：在哪里", "我们不知道", "问：为什么"),
        ("今天很好", "林晚：她叫这个", "真的", "是吗"),
        ("然后 it is: good", "so that: bad", "so that: bad", "it is: good"),
        ("没有标签", "也没有", "中文字幕：某某", "没有", "没有", "没有", "没有", "中文字幕：某某", "中文字幕：某某"),
    ],
)
def test_what_only_looks_like_a_label_stays_text(texts: tuple[str, ...]) -> None:
    assert unchanged(*texts)


def test_question_and_answer_are_speakers_when_both_occur() -> None:
    assert named("问：在哪里", "答：在这里", "问：真的", "答：真的") == [
        ("问", "在哪里"),
        ("答", "在这里"),
        ("问", "真的"),
        ("答", "真的"),
    ]
    assert [name for name, _ in named("Q: 一", "A: 二", "Q: 三", "A: 四")] == ["Q", "A", "Q", "A"]


def test_a_speaker_lasts_where_labels_mark_changes_only() -> None:
    assert [name for name, _ in named("林晚：一", "二", "周恒：三", "四", "林晚：五", "六")] == [
        *["林晚"] * 2,
        *["周恒"] * 2,
        *["林晚"] * 2,
    ]


def test_a_speaker_does_not_last_where_every_cue_says_who_speaks() -> None:
    texts = ["林晚：一", "林晚：二", "周恒：三", "周恒：四", "（掌声）", "林晚：五", "林晚：六"]
    assert [name for name, _ in named(*texts)] == ["林晚", "林晚", "周恒", "周恒", "", "林晚", "林晚"]
    assert [name for name, _ in named(*texts, lasting=True)][4] == "周恒"


def test_marks_move_along_and_those_of_the_label_are_dropped() -> None:
    cue = Cue(0, 3, "发言人1：山高", marks=((0, 0.0), (5, 1.0), (6, 2.0)))
    assert labelled([cue])[0] == Cue(0, 3, "山高", "发言人1", marks=((0, 1.0), (1, 2.0)))


def test_a_cue_in_which_two_speak_is_cut() -> None:
    cue = Cue(0, 4, "说话人1：山高水长\n说话人2：归去来兮", line=7, marks=((5, 0.5), (15, 3.0)))
    assert labelled([cue]) == (
        Cue(0, 2.222, "山高水长", "说话人1", 7, ((0, 0.5),)),
        Cue(2.222, 4, "归去来兮", "说话人2", 7, ((0, 3.0),)),
    )


def test_a_transcript_that_names_its_speakers_is_left_alone() -> None:
    named_already = [Cue(0, 1, "说话人1：好", "林晚"), Cue(1, 2, "说话人2：好")]
    assert labelled(named_already) == tuple(named_already)


def test_labels_are_found_in_every_format() -> None:
    times = "00:00:01,000 --> 00:00:02,000"
    for text in (f"1\n{times}\n说话人1：好\n", "0:00:01.000,0:00:02.000\n说话人1：好\n", "[00:01.00]说话人1：好\n"):
        (cue,) = read_bytes("a.txt", text.encode()).cues
        assert (cue.speaker, cue.text) == ("说话人1", "好")


@given(text=st.from_regex(_LABEL))
def test_no_label_is_passed_over_for_want_of_a_bracket_or_colon(text: str) -> None:
    found = _LABEL.search(text)
    assert found is not None
    assert _ENDS_LABEL.search(found[0])


@pytest.mark.parametrize("dash", ["-", "- ", ">", "> "])
def test_a_dash_alone_on_a_line_belongs_to_the_label_below(dash: str) -> None:
    """It was a cue of its own, which ended before it began."""
    turns = "\n".join(f"{name}：你好你好" for name in ("阿明", "林晚") * 3)
    cues = read_bytes("a", f"1\n00:00:01,000 --> 00:00:13,000\n{dash}\n{turns}\n".encode()).cues
    assert [(cue.speaker, cue.text) for cue in cues] == [("阿明", "你好你好"), ("林晚", "你好你好")] * 3
    assert all(cue.start < cue.end for cue in cues)
