"""The template of a link to a second of an episode (`jump` in a podcast.toml): which places it may have."""

from __future__ import annotations

PLACES = ("link", "audio", "seconds", "hh:mm:ss", "stem", "guid")


def check_jump(template: str) -> str:
    """The template itself. Raises ValueError, which tells the first place podseek cannot fill.

    >>> check_jump("{link}?t={seconds}")
    '{link}?t={seconds}'
    """
    for piece in template.replace("{hh:mm:ss}", "{seconds}").split("{")[1:]:
        name, closed, _ = piece.partition("}")
        if not closed or name not in PLACES:
            place = "{" + name[:40] + closed
            raise ValueError(f"has a place podseek does not know: {place} ({', '.join(PLACES)})")
    return template
