"""Chinese surnames, by which typed text may be the name of a person.

A recogniser knows surnames, and writes one where a name is said. So text that sounds like a name and begins with
another character seldom is that name: 无煤, without coal, for 吴梅.
"""

from __future__ import annotations

from collections.abc import Sequence

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤洪赖庄萧简游詹施颜柯翁傅阎"
)
"""Common ones of the mainland and of Taiwan, and other ways to write these, folded."""


def loses_surname(name: Sequence[str], heard: Sequence[str]) -> bool:
    """True if a name may begin with a surname, and what was heard for it begins with another character.

    >>> loses_surname("吴梅", "无煤"), loses_surname("高熵", "高商"), loses_surname("霸凌", "八零")
    (True, False, False)
    """
    return name[0] in _SURNAMES and name[0] != heard[0]
