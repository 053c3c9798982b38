"""The tiny corpus, whose contents the tests of searching rely on; `indexes.py` has its index.

Four episodes; every cue of the first three is 4 s, so cue n starts at second 4n. What is special:

| phrase | where |
|---|---|
| 一壶好水 | kettle, crosses cues 1 and 2 (starts at 4.0) |
| 水开了 | kettle three times in cue 7 (28.0), bridge once in cue 8, in Traditional characters |
| 哈哈 | kettle cue 8 (32.0): three times, overlapping, in 哈哈哈哈 |
| RTL-SDR | radio cue 4 (16.0) |
| 软件无线电 | radio, crosses cues 4 and 5 (starts at 16.0) |
| 1.5MB, 1090MHz | kettle cue 5 (20.0), radio cue 7 (28.0) |
| 绿茶 | kettle cues 3 and 9 (12.0, 36.0), bridge cue 8 (32.0) as 綠茶 |
| 收音机 | radio cues 1 and 2 (4.0, 8.0), bridge cue 6 (24.0) as 收音機 |
| 两杯茶 | kettle cue 0, radio cue 0 |
| 晚安 | sleep at 0.0, 40.0, 100.0 and 200.0: four moments |
"""

from __future__ import annotations

from pathlib import Path

from support.library import Line, spaced, write_lines

KETTLE = [
    "大家好这里是两杯茶",
    "今天聊怎么烧一壶",
    "好水泡茶的人都在意水温",
    "绿茶八十度红茶九十五度",
    "我的电热水壶叫Kettle Pro 2",
    "它的芯片只有1.5MB内存",
    "够烧水就行",
    "水开了水开了水开了",
    "哈哈哈哈",
    "先喝一口绿茶",
    "休息一下",
    "我们再说说红茶",
    "红茶要用滚水",
    "下期再见",
]

RADIO = [
    "这里是两杯茶",
    "今天聊收音机",
    "矿石收音机不用电池",
    "天线越长越好",
    "RTL-SDR是一种便宜的软件",
    "无线电接收器",
    "插在USB口上就能听",
    "飞机的1090MHz信号也能收到",
    "电池呢",
    "电池当然省下来了",
]

BRIDGE = [
    "歡迎收聽橋上風景",
    "今天走過一座石橋",
    "石橋有十七個孔",
    "橋下的水聲",
    "很適合錄音",
    "我帶了一個小東西",
    "用收音機聽電臺",
    "石橋上風很大",
    "水開了就泡一壺綠茶",
]

SLEEP: list[Line] = [
    (0.0, 3.0, "晚安"),
    (3.0, 6.5, "慢慢闭上眼睛"),
    (40.0, 43.0, "晚安"),
    (100.0, 104.0, "月亮说晚安"),
    (200.25, 203.5, "再一次晚安"),
]

EPISODES: dict[str, list[Line]] = {
    "tea/kettle": spaced(KETTLE),
    "tea/radio": spaced(RADIO),
    "bridge/stone": spaced(BRIDGE),
    "bridge/sleep": SLEEP,
}
"""episode id -> lines."""

SIDECARS = {
    "tea": """\
show = "两杯茶"
speakers = ["小禾", "阿默"]
audio = "https://example.org/tea/{stem}.mp3"
[episodes.kettle]
title = "水开了没有"
date = 2024-11-02
[episodes.radio]
title = "矿石收音机"
date = 2025-01-15
link = "https://example.org/radio"
""",
    "bridge": """\
show = "橋上風景"
speakers = ["陳方"]
[episodes.stone]
title = "石橋"
date = 2025-03-20
[episodes.sleep]
title = "Good Night"
""",
}


def write_tiny(folder: Path) -> Path:
    """Writes the tiny corpus into a folder."""
    for name, lines in EPISODES.items():
        write_lines(folder / f"{name}.srt", lines)
    for show, text in SIDECARS.items():
        (folder / show / "podcast.toml").write_text(text, "utf-8")
    return folder
