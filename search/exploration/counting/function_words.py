"""Function words, which lists of frequent words leave out.

Folded, as in an index: particles, pronouns, numbers and measure words, conjunctions, adverbs of degree and time, light
verbs, fillers, and their English equivalents.
"""

from __future__ import annotations

_WORDS = """
的 地 得 了 着 过 吗 呢 吧 啊 呀 哦 噢 喔 嗯 呃 哎 唉 诶 欸 哈 哇 哟 嘛 啦 喽 咯 么 嘞 呐 哼 嘿 喂 额 恩 之 所
等 等等 我 你 您 他 她 它 咱 俺 我们 你们 他们 她们 它们 咱们 自己 人家 大家 别人 谁 啥 什么 哪 哪个 哪些 哪里
哪儿 怎么 怎么样 怎样 为什么 多少 几 几个 这 那 这个 那个 这些 那些 这样 那样 这样子 那样子 这种 那种 这里
那里 这儿 那儿 这边 那边 这么 那么 此 其 其实 其他 其它 其中 某 某个 每 每个 各 各种 另 另外 另一个 一个 一些
一点 一点点 一种 一下 一样 一起 一直 一定 一般 一边 两个 三个 个 只 条 些 点 下 次 种 位 件 块 一 二 两 三 四
五 六 七 八 九 十 百 千 万 零 第 第一 第一个 第二 第二个 第三 半 是 不是 就是 也是 都是 还是 是不是 只是 而是
但是 可是 于是 算是 像是 在 有 没 没有 有没有 有的 有些 有点 有一个 会 不会 能 不能 可以 可能 能够 要 不要 想
应该 必须 需要 该 让 叫 给 把 被 将 对 对于 对吧 对不对 向 往 从 到 由 以 以及 用 于 为 为了 跟 和 与 及 同 或
或者 还有 并 并且 而 而且 且 但 却 不过 然而 因为 由于 所以 因此 因而 如果 假如 要是 的话 虽然 尽管 即使 就算
只要 只有 除了 无论 不管 然后 接着 后来 最后 首先 之前 之后 以前 以后 以上 以下 之间 时候 的时候 时 当 当时
当然 现在 今天 刚才 刚刚 已经 曾经 正在 马上 还 又 再 也 都 就 才 便 则 很 太 更 最 挺 好 特别 非常 比较 真的
真 确实 反正 只能 不 别 未 无 非 不太 不用 不行 没什么 多 少 大 小 来 去 上 里 中 内 外 前 后 左 右 出 起 进
回 起来 出来 下来 下去 过来 过去 上来 进去 出去 说 讲 看 做 弄 搞 知道 觉得 感觉 认为 以为 说话 说是 比如
比如说 就是说 也就是说 换句话说 那就 那是 这是 我是 你是 他是 像 好像 好的 好吧 行 嗯嗯 对对 对对对 是的 没错
哈哈 哈哈哈 之类 左右 而已 罢了 似的 其次 总之 甚至 尤其 包括 通过 根据 关于 按照 随着 作为 成为 属于 来说
来讲 的人 多么 越 越来越 至少 几乎 差不多 大概 也许 或许 到底 究竟 居然 年 月 日 号 亿 很多 许多 里面 有个 先
the a an and or but if of to in on at by for from with as is are was were be been being am it its this that
these those i you he she we they me him her us them my your his our their what which who whom how why when
where there here do does did done have has had will would can could should may might must not no yes so than
then too very just about into over up down out off all any some more most other such only own same s t re ll
ve m d ok okay oh yeah um uh one two get got well right now like let know think see say said go going because also
各位 叫做 昨天 明天
"""

FUNCTION_WORDS = frozenset(_WORDS.split())
