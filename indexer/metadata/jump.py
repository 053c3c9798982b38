"""Validates the template of links into an episode (`jump` in podcast.toml) against the known placeholders."""

from __future__ import annotations

from indexer.core.messages import _

PLACES = ("link", "audio", "seconds", "hh:mm:ss", "stem", "guid")


def check_jump(template: str) -> str:
    """Returns the template unchanged. Raises ValueError that names the first unknown placeholder.

    >>> check_jump("{link}?t={seconds}")
    '{link}?t={seconds}'
    """
    for piece in template.replace("{hh:mm:ss}", "{seconds}").split("{")[1:]:
        name, closed, __ = piece.partition("}")
        if not closed or name not in PLACES:
            place = "{" + name[:40] + closed
            raise ValueError(
                _("has a place podseek does not know: {place} ({known})").format(place=place, known=", ".join(PLACES))
            )
    return template
