"""Command lines of every command with output formats, on text with terminal control sequences."""

from __future__ import annotations

HOSTILE = (
    "\x01\x07\x08\x0b\x0c\x1b[5m\x1b]0;x\x07\x1b]8;;evil\x1b\\\x7f\x85\x9b5m\x9d"
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"
)
RUNS: dict[str, list[tuple[str, list[str]]]] = {
    "search": [
        ("moments", ["search", "水开了"]),
        ("counts", ["search", "-c", "水开了"]),
        ("ids", ["search", "-l", "水"]),
    ],
    "read": [("cues", ["read", "talk1", "--all"])],
    "episodes": [("episodes", ["episodes"])],
    "chapters": [("outline", ["chapters", "talk1", "--proposed"])],
    "summary": [("summary", ["summary", "--no-damping"])],
    "terms": [
        ("terms", ["terms", "--frequent", "--all", "--no-damping"]),
        ("keywords", ["terms", "--title", "talk1", "--all", "--no-damping", "--significance", "1"]),
        ("new_words", ["terms", "--new", "--no-damping", "--min-count", "2"]),
    ],
    "collocates": [("collocates", ["collocates", "电池", "--all", "--no-damping"])],
    "similar": [("moments", ["similar", "talk1"]), ("likenesses", ["similar", "-l", "talk1"])],
    "concordance": [("concordance", ["concordance", "水开了", "--no-damping"])],
    "trend": [("trend", ["trend", "水开了", HOSTILE, "--no-damping"])],
    "dispersion": [
        ("dispersion", ["dispersion", "水开了", HOSTILE, "--no-damping"]),
        ("evenness", ["dispersion", "--summary", "水开了", HOSTILE, "--no-damping"]),
    ],
    "variants": [("variants", ["variants", "水开了"]), ("suspects", ["variants", "--discover"])],
}
"""For each command that has formats, the kinds that it prints, and what is typed for them."""
