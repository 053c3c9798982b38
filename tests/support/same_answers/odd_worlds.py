"""Random libraries in which everything meets: of so few words that ties, loops, words inside words, runs, names,
numbers, signs, other writings and what was misheard stand beside each other."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from indexer import index_paths
from indexer.core.words.pronunciation import Readings
from indexer.readers import read_bytes
from support.library import CORPUS, Tools

GROUPS = (
    ("银行", "行走", "一行", "自行车", "行", "hang", "xing"),
    ("重复", "重要", "体重", "从复", "虫父", "chongfu"),
    ("雪花", "血花", "雪化", "学画", "血化", "雪"),
    ("训练", "训炼", "迅练", "巡练", "xunlian"),
    ("数据", "数剧", "树据", "数具", "shuju"),
    ("模型", "莫型", "磨行", "moxing"),
    ("网络", "网络学习", "学习", "学", "习网", "强化学习"),
    ("越大", "越大越好", "一张", "张越", "一辆"),
    ("三十", "30", "30%", "百分之三十", "十三", "三", "十", "１３"),
    ("1.5", "2024", "二零二四", "第三", "第七", "2024年", "1,000"),
    ("GPT4", "gpu", "GPT", "gpt 4", "G", "鸡皮提"),
    ("deepseek", "deep seek", "deep", "seek", "迪普西克", "deepsik"),
    ("openai", "open ai", "open", "欧喷", "opan"),
    ("kubernetes", "cooper netties", "库伯", "netties", "K8s"),
    ("transformer", "trans former", "变形金刚", "former"),
    ("redis", "瑞迪斯", "redisredis", "re", "dis"),
    ("midjourney", "mini journey", "journey", "米德酒呢"),
    ("C++", "c", "AT&T", "a_b", "x/y", "c#", "@c"),
    ("𠮷野家", "吉野家", "𠀀", "野家"),
    ("カタカナ", "の", "々", "人々"),
    ("臺灣", "台湾", "台灣", "為什麼", "为什么", "怎么"),
    ("哈", "哈哈", "哈哈哈哈", "呵呵呵"),
    ("的", "了", "是", "我们", "这个", "在哪里"),
    ("甲乙", "乙丙", "甲", "乙", "丙", "甲乙丙"),
    ("字幕志愿者", "谢谢观看", "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目"),
)
"""Things that are part of each other, sound alike, or are written in several ways."""
JOINTS = ("", "", "", "，", " ", "。", "、", "-", "？")
STEPS = (0.4, 1.0, 3.0, 7.0, 11.0, 12.0, 23.0, 60.0)
NAMES = ("小禾", "阿默", "Ada")
FILLERS = ("今天", "喝茶", "散步", "出去", "大家", "世界", "城市", "火车", "天气", "电影")
"""What is said where nothing of a pool is."""
HOMOPHONES = 20
"""With so many characters, at most, a character is confused."""
MISHEARD = 0.4
"""How often a word of running text is written otherwise, as it sounds."""


class Spoken(NamedTuple):
    """A cue: its start and end in seconds, who says it (empty if unknown), and what."""

    start: float
    end: float
    speaker: str
    text: str


class Talk(NamedTuple):
    """An episode. `path` is that of its transcript, without a suffix; `facts` are for `podcast.toml`, as JSON."""

    path: str
    cues: tuple[Spoken, ...]
    facts: tuple[tuple[str, str], ...] = ()
    chapters: tuple[tuple[int, str], ...] = ()


class World(NamedTuple):
    """A library: its episodes, and its words and synonyms."""

    talks: tuple[Talk, ...]
    words: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()

    def write(self, folder: Path) -> None:
        """Writes its transcripts and facts."""
        folder.mkdir(parents=True, exist_ok=True)
        for show in sorted({talk.path.partition("/")[0] for talk in self.talks}):
            (folder / show).mkdir(exist_ok=True)
            lines = [f"show = {json.dumps(show)}"]
            for talk in self.talks:
                if talk.path.startswith(f"{show}/"):
                    lines += _facts_of(talk)
                    folder.joinpath(f"{talk.path}.vtt").write_text(_written(talk), "utf-8")
            (folder / show / "podcast.toml").write_text("\n".join(lines) + "\n", "utf-8")
        if self.words or self.synonyms:
            lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in self._asdict().items()][1:]
            (folder / "lexicon.toml").write_text("\n".join(lines) + "\n", "utf-8")


def _facts_of(talk: Talk) -> Iterator[str]:
    table = f"episodes.{json.dumps(talk.path.partition('/')[2])}"
    yield f"[{table}]"
    yield from (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in talk.facts)
    for start, title in talk.chapters:
        yield f"[[{table}.chapters]]\nstart = {start}\ntitle = {json.dumps(title, ensure_ascii=False)}"


def _written(talk: Talk) -> str:
    """A WebVTT file, equal to no other: where one file goes and an equal one comes, the episode keeps its id."""
    blocks = ["WEBVTT", f"NOTE {talk.path}"]
    for cue in talk.cues:
        voice = f"<v {cue.speaker}>" if cue.speaker else ""
        blocks.append(f"{_clock(cue.start)} --> {_clock(cue.end)}\n{voice}{cue.text.replace('&', '&amp;')}")
    return "\n\n".join(blocks) + "\n"


def _clock(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def build(tools: Tools, states: Sequence[World], folder: Path, name: str = "index") -> Path:
    """An index in a folder, committed once for each state of a library, one after the other; returns its folder, which
    is of this name."""
    show = folder / "shows"
    for world in states:
        for path in sorted(show.rglob("*.*")):
            path.unlink()
        world.write(show)
        for path in show.rglob("*.*"):  # the same in every index of these transcripts
            os.utime(path, (0, crc32(path.read_bytes())))
        with tools.loaded():
            index_paths([show], folder / name, jobs=1, prune=True)
    return folder / name


class Pool:
    """The words of a world."""

    def __init__(self, chance: random.Random, groups: int, readings: Readings) -> None:
        self._chance = chance
        several = chance.sample(GROUPS, min(groups, len(GROUPS)))
        self.words = [word for group in several for word in chance.sample(group, chance.randint(1, len(group)))]
        self._spoken = [word for word in self.words if all(map(readings.characters.get, word))] or self.words
        self._alike = _homophones(readings, "".join(self._spoken))
        self._misheard: dict[str, list[str]] = {}

    def text(self, most: int) -> str:
        """At most so many words, as somebody says them."""
        chance = self._chance
        said = chance.choices(self.words, k=chance.randint(1, most))
        return "".join(f"{word}{chance.choice(JOINTS)}" for word in said) or said[0]

    def running(self, words: int) -> str:
        """So many words without a sign or space between them, some misheard."""
        chance = self._chance
        said = chance.choices(self._spoken, k=words)
        return "".join(self._as_heard(word) if chance.random() < MISHEARD else word for word in said)

    def _as_heard(self, word: str) -> str:
        """One of three ways in which a word is misheard."""
        chance, ways = self._chance, self._misheard
        if word not in ways:
            ways[word] = ["".join(chance.choice(self._alike[one]) for one in word) for _ in range(3)]
        return chance.choice(ways[word])


def _homophones(readings: Readings, characters: str) -> dict[str, list[str]]:
    """Each character -> it and some that sound alike."""
    syllables = {one: readings.characters[one][0] for one in characters if one in readings.characters}
    alike: dict[str, list[str]] = {syllable: [] for syllable in syllables.values()}
    for one, sound in sorted(readings.characters.items()):
        if "一" <= one <= "龥" and len(alike.get(sound[0], [""] * HOMOPHONES)) < HOMOPHONES:
            alike[sound[0]].append(one)
    return {one: [one, *alike[syllables[one]]] if one in syllables else [one] for one in characters}


def crowded(chance: random.Random, pool: Pool) -> World:
    """A small world."""
    episodes, lengths = chance.choice(((4, (1, 12)), (8, (1, 5)), (16, (1, 5)), (30, (1, 8)), (70, (1, 2))))
    return _world(chance, pool, episodes, lengths, chance.choice((1, 2, 4)))


def spacious(chance: random.Random, pool: Pool) -> World:
    """A larger one."""
    return _world(chance, pool, chance.choice((40, 100)), chance.choice(((1, 6), (3, 30))), chance.choice((2, 5)))


def misheard(chance: random.Random, pool: Pool) -> World:
    """One in which little of what is said is of the pool, and much of that is misheard."""
    fillers = chance.sample(FILLERS, chance.choice((3, len(FILLERS))))
    talks = []
    most, apart = chance.choice((8, 25, 40)), chance.choice((5.0, 12.0, 40.0))
    for number in range(chance.choice((6, 15, 30, 60))):
        texts = ["".join(chance.choices(fillers, k=chance.randint(1, 3))) for _ in range(chance.randint(3, most))]
        for _ in range(chance.choice((0, 1, 1, 2, 4))):
            texts[chance.randrange(len(texts))] = pool.running(chance.choice((1, 1, 2, 4)))
        cues = (Spoken(apart * at, apart * (at + 1), "", text) for at, text in enumerate(texts))
        talks.append(Talk(f"a/{number:03}", tuple(cues)))
    return World(tuple(talks))


def realistic(chance: random.Random, pool: Pool) -> World:
    """Parts of the bundled corpus, with words among what is said."""
    talks = []
    for path in sorted(CORPUS.glob("*.srt")):
        cues = read_bytes("", path.read_bytes()).cues
        for part in range(chance.randint(1, 3)):
            first = chance.randrange(len(cues))
            some = [
                Spoken(cue.start, cue.end, "", f"{cue.text}{pool.text(2)}" if chance.random() < 0.1 else cue.text)
                for cue in cues[first : first + 30]
            ]
            talks.append(Talk(f"echo/{path.stem}-{part}", tuple(some), *_about(chance, pool)))
    return World(tuple(talks))


def _world(chance: random.Random, pool: Pool, episodes: int, cues: tuple[int, int], words: int) -> World:
    kind = chance.random()
    talks = tuple(
        Talk(f"{chance.choice('ab')}/{number:03}", tuple(_cues(chance, pool, chance.randint(*cues), words)))
        for number in range(chance.randint(episodes // 2, episodes))
    )
    if kind < 0.5:
        talks = tuple(Talk(talk.path, talk.cues, *_about(chance, pool)) for talk in talks)
    if kind > 0.92:
        known = tuple(word for word in pool.words if len(word) > 1 and word.isalpha())
        if len(set(known)) > 1:
            return World(talks, known[:2], (tuple(chance.sample(sorted(set(known)), 2)),))
    return World(talks)


def _about(chance: random.Random, pool: Pool) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[int, str], ...]]:
    """Facts and chapters of an episode, of some."""
    facts = {
        "title": pool.text(2),
        "date": f"202{chance.randint(3, 5)}-0{chance.randint(1, 3)}-01"[: chance.choice((10, 10, 7, 4))],
    }
    chapters = ((0, pool.text(1)), (chance.choice((5, 30, 90)), pool.text(2)))
    some = tuple(fact for fact in facts.items() if chance.random() < 0.7)
    return some, chapters if chance.random() < 0.3 else ()


def _cues(chance: random.Random, pool: Pool, count: int, words: int) -> Iterator[Spoken]:
    """Cues one after the other, but sometimes with loops, pauses, overlaps and times that go back."""
    kind, step, now = chance.random(), chance.choice(STEPS), 0.0
    speakers = chance.choice(((), (), NAMES))
    text = pool.text(words)
    for _ in range(count):
        if chance.random() > 0.25:
            text = pool.text(words)
        elif kind > 0.9:
            now = max(0.0, now - chance.choice((5.0, 40.0)))
        if kind < 0.3:
            step = chance.choice(STEPS)
        yield Spoken(now, now + step, chance.choice((*speakers, "")), text)
        now += step + (chance.choice((0.0, 0.0, 0.0, 15.0, 300.0)) if kind < 0.5 else 0.0)


def changed(chance: random.Random, world: World) -> World:
    """The world after a change: some episodes are gone, some new, some say something else."""
    talks = []
    for talk in world.talks:
        kind = chance.random()
        if kind < 0.2:
            continue
        if kind < 0.45:
            cues = list(talk.cues)
            cues = [one._replace(start=two.start, end=two.end) for one, two in zip(reversed(cues), cues, strict=True)]
            talk = talk._replace(cues=tuple(cues[: chance.randint(1, len(cues))]))
        talks.append(talk)
        if kind > 0.9:
            talks.append(talk._replace(path=f"{talk.path}-more"))
    return world._replace(talks=tuple(talks) or world.talks[:1])
