"""Names that are written nowhere, and what resembles them: a guess if searched alone, else found like other forms."""

from __future__ import annotations

from support.heard import heard
from support.library import Tools, spaced

RESEMBLING = ["我们用了Gruple训练", "他喜欢Crypto这个词", "今天讲Carbon问题", "一个Crowd很大", "我们用了Gurple训练"]


def test_what_only_resembles_a_name_is_one_of_two_guesses(tools: Tools) -> None:
    found = heard(tools, RESEMBLING, "GRPO")
    assert len(found) == 2
    assert all(one.endswith("/spelling") for one in found)


def test_beside_another_word_all_that_resembles_a_name_counts(tools: Tools) -> None:
    found = heard(tools, RESEMBLING, "GRPO 训练")
    assert found[:2] == ["Gruple/spelling 训练/exact", "Gurple/spelling 训练/exact"]


def test_of_two_that_resemble_a_name_the_one_with_its_consonants_and_the_rare_one_is_likelier(tools: Tools) -> None:
    said = ["数据集叫Epojin", *["模型要Align人的想法"] * 6]
    assert heard(tools, said, "APIGen")[0] == "Epojin/spelling"


def test_chinese_that_fits_a_long_name_badly_is_a_guess(tools: Tools) -> None:
    said = ["那么大让我们看看", "那么多人都来了", "拿摸的人"]
    assert len(heard(tools, said, "Nemotron")) <= 2


def test_chinese_that_sounds_like_a_name_is_found_after_the_written_name_and_beside_another_word(tools: Tools) -> None:
    said = ["瑞迪斯在那个地方", "热闹的是这里", "考得很细的"]
    assert heard(tools, [*said, "装一个Redis吧"], "Redis") == ["Redis/exact", "瑞迪斯/near-sound"]
    assert heard(tools, said, "Redis OR 地方") == ["瑞迪斯/near-sound 地方/exact"]


def test_no_chinese_is_looked_for_beside_what_is_often_spelled_nearly_like_a_name(tools: Tools) -> None:
    said = ["瑞迪斯在那个地方", "装一个Redis吧"]
    assert heard(tools, said, "Rediss 地方")[0] == "瑞迪斯/near-sound 地方/exact"
    assert heard(tools, [*said, *said[1:] * 5], "Rediss 地方")[0] == "地方/exact"


def test_a_frequent_word_that_sounds_like_a_name_is_a_guess(tools: Tools) -> None:
    said = ["先看means这个词", "再读一次means", "means和意思", "这叫means"]
    assert heard(tools, said, "Manus") == ["means/spelling"] * 2
    assert len(heard(tools, said, "~Manus")) == 4


def test_what_sounds_too_unlike_a_name_is_no_guess(tools: Tools) -> None:
    assert heard(tools, ["先看addition这个运算"], "Didion") == []
    assert heard(tools, ["一个cover"], "Geofrey") == []


def test_a_name_with_another_letter_is_a_guess_and_the_same_letters_are_found_wherever_they_are(tools: Tools) -> None:
    said = ["用了DeepSeq模型", "再看DeepSeq", "DeepSeq的论文"]
    assert heard(tools, said, "DeepSeek") == ["DeepSeq/spelling"] * 2
    said = ["用了deep seek模型", "再看Deep Seek", "Deep Seek的论文"]
    assert heard(tools, said, "DeepSeek") == ["deep seek/spelling", "Deep Seek/spelling", "Deep Seek/spelling"]


def test_two_guesses_are_of_two_texts(tools: Tools) -> None:
    said = ["用了Superbase", "再看Superbase", "Supabass也行"]
    assert sorted(heard(tools, said, "Supabase")) == ["Supabass/spelling", "Superbase/spelling"]


def test_a_name_is_guessed_in_other_names_in_two_and_in_chinese(tools: Tools) -> None:
    assert heard(tools, ["他说Demitra模型", "现在讲modern的"], "Nemotron")[0] == "Demitra/spelling"
    assert heard(tools, ["画图用mini journey画", "这是micron公司"], "Midjourney")[0] == "mini journey/spelling"
    assert heard(tools, ["他说 瑞迪斯"], "Redis")[0] == "瑞迪斯/near-sound"
    assert heard(tools, ["讲了Alpha 1的框架"], "AlphaOne") == ["Alpha 1/spelling"]


def test_two_letters_of_a_name_that_are_swapped_or_one_left_out_do_not_hide_it(tools: Tools) -> None:
    said = [*["我们问ChatGPT"] * 40, "看InstructGPT的论文"]
    assert heard(tools, said, "ChatGTP") == ["ChatGPT/spelling"] * 2
    assert len(heard(tools, said, "~ChatGTP")) == 40
    for typed in ("InstructGTP", "~InstructGTP", "InstrucGPT"):
        assert heard(tools, said, typed) == ["InstructGPT/spelling"], typed


def test_chinese_that_sounds_like_a_name_comes_before_a_name_with_a_consonant_of_another_kind(tools: Tools) -> None:
    assert heard(tools, ["敲的词是login", "的就是陆辛"], "Lucene") == ["陆辛/near-sound", "login/spelling"]


def test_a_nearer_name_comes_before_a_rarer_one_and_before_one_that_is_said_twice(tools: Tools) -> None:
    said = ["先Transfer再Transfer一次", *["transformer模型"] * 60, "用DeepSeq", *["用DeepSeek"] * 25]
    assert heard(tools, said, "transfomer") == ["transformer/spelling", "Transfer/spelling Transfer/spelling"]
    assert heard(tools, said, "DeepSik") == ["DeepSeek/spelling", "DeepSeq/spelling"]


NEARLY = ["这都一样是的", "结果一样是好的", "明天一样是晴天"]


def test_words_that_a_name_can_be_read_as_are_a_guess_unless_they_are_a_word_or_said_often(tools: Tools) -> None:
    said = ["难哦", "那条路那边有人", "露娜来了", *["好的"] * 9, "今天天气很好我们出去走走吧" * 1000]
    with tools.library({"a": spaced(said, 40.0)}) as library:
        found = {query: library.search(query) for query in ("Nano", "nan o", "Luna", "haode")}
        assert [{match.text for moment in one for match in moment.matches} for one in found.values()] == [
            *({"难哦"}, {"难哦"}, {"露娜"}, {"好的"})
        ]
        assert [one.plan.most_moments for one in found.values()] == [2, None, None, None]


def test_what_sounds_nearly_like_a_name_that_nobody_says_is_one_of_two_guesses(tools: Tools) -> None:
    assert heard(tools, NEARLY, "益阳市") == ["一样是/homophone"] * 2
    assert heard(tools, NEARLY, "~益阳市") == ["一样是/homophone"] * 3


def test_a_name_that_keeps_two_characters_is_found_however_it_was_heard(tools: Tools) -> None:
    said = ["陈镇然说的", "问陈振然", "再请陈震然", "陈镇然回来了"]
    assert len(heard(tools, said, "陈正然")) == 4
    assert len(heard(tools, ["陈柏志说的", "问陈柏志", "再请陈柏志"], "陈博志")) == 3


def test_what_sounds_the_same_in_every_tone_is_found_wherever_it_is(tools: Tools) -> None:
    assert heard(tools, ["他说高商", "高商很高", "又是高商"], "高熵") == ["高商/homophone"] * 3


def test_chinese_that_sounds_like_a_name_in_letters_is_a_guess(tools: Tools) -> None:
    said = ["他試駕了一次", "試駕的人", "大家試駕", "去協界"]
    assert len(heard(tools, said, "Ziggy")) <= 2


def test_what_is_often_said_and_sounds_like_a_word_of_the_dictionary_is_a_guess(tools: Tools) -> None:
    bullied = ["他说霸凌", "被霸凌了", "霸凌很严重"]
    assert heard(tools, bullied, "灞陵") == ["霸凌/homophone"] * 2
    assert heard(tools, bullied, "~灞陵") == heard(tools, bullied, "坝陵") == ["霸凌/homophone"] * 3
    assert heard(tools, ["在实验室里", "去实验室", "实验室的人"], "十堰市") == ["实验室/homophone"] * 2


def test_what_is_said_often_is_a_guess_for_a_name_whose_surname_it_does_not_keep(tools: Tools) -> None:
    said = ["定义一个函式", "函式的名字", "呼叫函式"]
    assert heard(tools, said, "韩氏") == ["函式/homophone"] * 2
    assert heard(tools, said, "~韩氏") == heard(tools, said, "寒氏") == ["函式/homophone"] * 3
    said = ["黄珊说的", "问黄珊", "再请黄珊"]
    assert heard(tools, said, "黄衫") == ["黄珊/homophone"] * 3


def test_what_keeps_all_characters_but_one_of_a_word_of_the_dictionary_is_no_guess(tools: Tools) -> None:
    assert len(heard(tools, ["爱丽丝说的", "问爱丽丝", "再请爱丽丝"], "爱丽思")) == 3


def test_what_is_said_twice_for_a_word_of_the_dictionary_leaves_no_room_for_other_guesses(tools: Tools) -> None:
    assert heard(tools, ["成如你所说", "成如大家所说", "请陈儒来"], "诚如") == ["成如/homophone"] * 2


def test_of_chinese_that_a_name_beside_another_word_may_be_few_texts_are_looked_for(tools: Tools) -> None:
    said = [
        f"冷的{one}"
        for one in ("这么你", "这么腻", "这么泥", "这么尼", "这没你", "这美你", "这没腻", "这美女", "这每你", "这美泥")
    ]
    with tools.library({"a": spaced(said, 40.0)}) as library:
        plan = library.plan("Gemini 冷的")
        texts = {"".join(way.atoms) for term in plan.terms if term.stands_for is not None for way in term.alternatives}
    assert len(texts) == 6


def test_a_name_that_no_chinese_is_enough_like_finds_nothing(tools: Tools) -> None:
    assert heard(tools, ["弟怕次卡此卡"], "deepsikseek") == []
