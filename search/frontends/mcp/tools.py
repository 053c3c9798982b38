"""The tools an assistant may call, answered with plain values and a text that can be cited.

Independent of the protocol, which is in `search.frontends.mcp.server`. Few, because an assistant reads all of their
descriptions before each conversation, and chooses by these.
"""

from __future__ import annotations

from indexer.core.messages import N_
from search.frontends.mcp import exploring, finding
from search.frontends.mcp.tool import DEEPEST, Tool
from search.frontends.schemas.arguments import Schema, choice, integer, number, switch, text
from search.frontends.schemas.records import FLAG, MAYBE, NUMBER, TEXT, WHOLE, listing, record, row_schema

MOST_MOMENTS = 50
MOST_EPISODES = 100
MOST_GROUPS = 200
MOST_LINES = 100
MOST_WORDS = 100
LONGEST_CONTEXT = 60.0
"""Seconds around a match."""
_LAST_SECOND = 10_000_000.0

LANGUAGE = """\
Query language: words side by side are ranked by how much of them is said (强化 学习); "..." is an exact run of text;
A AND B, A OR B, NOT A, -A, ( ) combine within one moment (22 s); A NEAR/10s B is within 10 seconds, A NEAR/8 B within 8
characters; word* begins so; =word only exactly; ~word in any form that sounds or is spelled alike. A number in Chinese
characters is found where it is said whole, 百分之五 not in 百分之五十, unless it is quoted. Filters:
show:, title:, speaker:, date:2025-06 or date:2025-06..2025-08. Simplified and Traditional, full and half width, upper
and lower case are one. Transcripts are machine-made: what was misheard is found by its sound as well, and said so."""

INSTRUCTIONS = """\
Searches what was said in podcasts, in transcripts on this computer. Search for what was said, and read around a moment
for more of it. Do not page through searches to count: trend tells how often, since when and who says it most,
concordance lists every use, terms the words typical of a show or year, chapters the topics of an episode. Cite what you
use with the title of the episode, the time (hh:mm:ss) and, where there is one, the url, which begins at that second."""

_FILTERS = {
    "show": text(N_("Only shows whose name has this text.")),
    "title": text(N_("Only episodes whose title has this text.")),
    "speaker": text(N_("Only episodes in which this person speaks.")),
    "since": text(N_("Only episodes from this date on: 2025, 2025-06 or 2025-06-08.")),
    "until": text(N_("Only episodes up to this date.")),
}

_SAID_BY = text("Only what this person says, where cues name speakers; else episodes with them.")
_SPOKEN = {**_FILTERS, "speaker": _SAID_BY}
_EPISODE = text(N_("The id of the episode, or any part of its id or title that fits only one."))

_NEXT: Schema = {"type": ["integer", "null"]}
_FACTS = {name: schema for name, schema in row_schema("episodes")["properties"].items() if name != "characters"}
_MOMENT = record(**row_schema("moments")["properties"], time=TEXT, notes=listing(TEXT), same_as=_NEXT)


def _answer(**fields: Schema) -> Schema:
    return record(schema=WHOLE, **fields)


TOOLS = (
    Tool(
        "search",
        "Search what was said",
        f"Finds the moments in which something was said: episode, second, and the lines around it. {LANGUAGE}",
        {
            "query": text(N_("What was said, in the query language.")),
            "limit": integer(N_("Moments at most."), 1, MOST_MOMENTS, 10),
            "offset": integer(N_("Leave out so many, best first: `next` of the answer before."), 0, DEEPEST, 0),
            "context": number(N_("Seconds before and after the matches."), 0, LONGEST_CONTEXT, 5),
            "exact": switch(N_("Nothing by sound, spelling, number, alias or meaning.")),
            "no_meaning": switch(N_("Nothing that is only near in meaning.")),
            **_SPOKEN,
        },
        ("query",),
        finding.search,
        _answer(
            query=TEXT,
            moments=listing(_MOMENT),
            instead=listing(TEXT),
            advice=listing(TEXT),
            incomplete=MAYBE,
            without_meaning=MAYBE,
            next=_NEXT,
        ),
    ),
    Tool(
        "read",
        "Read an episode",
        N_(
            "Reads an episode around a second (at, context) or from start to end, ten minutes at most; `next` in the "
            "answer is where to go on."
        ),
        {
            "episode": _EPISODE,
            "at": number(N_("Read around this second."), 0, _LAST_SECOND),
            "context": number(N_("Seconds before and after `at`."), 0, finding.LONGEST_READ / 2, 30),
            "start": number(N_("Read from this second, instead of around one."), 0, _LAST_SECOND),
            "end": number(N_("Read up to this second."), 0, _LAST_SECOND),
        },
        ("episode",),
        finding.read,
        record(
            **{name: schema for name, schema in _FACTS.items() if name != "cues"},
            start=NUMBER,
            end=NUMBER,
            next={"type": ["number", "null"]},
            url=MAYBE,
            cues=listing(row_schema("cues")),
        ),
    ),
    Tool(
        "episodes",
        "List episodes",
        N_("Lists the shows, and the episodes by show and date; `next` in the answer is the offset of the next page."),
        {
            **_FILTERS,
            "offset": integer(N_("Leave out so many."), 0, 1_000_000, 0),
            "limit": integer(N_("Episodes at most."), 1, MOST_EPISODES, 50),
        },
        (),
        finding.episodes,
        _answer(
            total=WHOLE,
            next=_NEXT,
            shows=listing(record(show=TEXT, episodes=WHOLE, first=MAYBE, last=MAYBE)),
            episodes=listing(row_schema("episodes")),
        ),
    ),
    Tool(
        "trend",
        "Count how often something is said",
        "Counts how often words are said, in all and over the years or months, or by show, speaker or episode: times, "
        "times in an hour of speech, and the first moment. For: how often, since when, more or less than before, who "
        "says it most, one word beside another. Each word is matched exactly.",
        {
            "words": text("Words or phrases, separated by commas: each is counted."),
            "by": choice(
                f"What is compared; without it months, of more than {exploring.MOST_MONTHS} the years.",
                ("year", "month", "show", "speaker", "episode"),
            ),
            "limit": integer("Groups at most: the last ones in time, or those that say it most.", 1, MOST_GROUPS, 30),
            **_SPOKEN,
        },
        ("words",),
        exploring.trend,
        _answer(
            by=TEXT,
            groups=WHOLE,
            totals=listing(
                record(
                    term=TEXT,
                    count=WHOLE,
                    episodes=_NEXT,
                    hours=NUMBER,
                    per_hour=NUMBER,
                    per_million=NUMBER,
                    undated=WHOLE,
                )
            ),
            rates=listing(row_schema("trend")),
            damped=WHOLE,
            undated=WHOLE,
            unnamed=WHOLE,
            incomplete=MAYBE,
        ),
        counts=True,
    ),
    Tool(
        "concordance",
        "List every use of a word",
        "Lists every match of a query in a line, with what is said before and after it, and counts them: how a word is "
        "used, all that was said of something. Shorter than a search, in the order asked for instead of best first; "
        "random gives a sample of many. Same query language as search; words are matched whole and exactly, numbers "
        "inside longer ones, too.",
        {
            "query": text("What was said, in the query language of search."),
            "sort": choice(
                "As it was said, newest first, by episode, or by the words on the left or right.",
                ("time", "date", "episode", "left", "right"),
                "time",
            ),
            "random": switch("A random sample of `limit` matches; the same each time."),
            "context": integer("Characters on each side.", 0, 200, 30),
            "tolerant": switch("Also what sounds or is spelled alike, as search does."),
            "limit": integer("Matches at most.", 1, MOST_LINES, 30),
            "offset": integer("Leave out so many: `next` of the answer before.", 0, DEEPEST, 0),
            **_SPOKEN,
        },
        ("query",),
        exploring.concordance,
        _answer(
            total=WHOLE,
            **{"in": WHOLE},
            damped=WHOLE,
            lines=listing(row_schema("concordance")),
            next=_NEXT,
            incomplete=MAYBE,
        ),
        counts=True,
    ),
    Tool(
        "terms",
        "List typical words",
        "Lists the words typical of a part, which show, title, speaker, since and until choose, compared with all the "
        "rest: what it is about, what changed in a year. Without a part the frequent words of all; with near, the "
        "words that stand near a word more often than elsewhere.",
        {
            "near": text("Instead, the words that stand near this word or text, which is matched exactly."),
            "frequent": switch("Instead, the frequent words of the part."),
            "in_episodes": integer(
                f"Only typical words that so many episodes of the part have. Without it {exploring.IN_EPISODES} of a "
                f"part of {exploring.MANY_EPISODES} episodes and more, so that it is the show and not one guest.",
                1,
                1000,
            ),
            "limit": integer("Words at most.", 1, MOST_WORDS, 20),
            **_SPOKEN,
        },
        (),
        exploring.terms,
        _answer(kind=TEXT, words=WHOLE, terms=listing({"type": "object"}), incomplete=MAYBE),
        counts=True,
    ),
    Tool(
        "chapters",
        "List the topics of an episode",
        "Lists the chapters of an episode, as the show gives them, else proposed ones, with their typical words: which "
        "topics it has and where they begin. Read one with start and end.",
        {
            "episode": _EPISODE,
            "count": integer("Propose at most so many, even where the show gives some.", 1, 100),
        },
        ("episode",),
        exploring.chapters,
        record(
            **_FACTS,
            proposed=FLAG,
            chapters=listing(row_schema("outline")),
            incomplete=MAYBE,
        ),
        counts=True,
    ),
)
