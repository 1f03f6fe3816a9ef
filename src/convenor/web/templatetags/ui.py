"""Filters that the shared partials in ``templates/ui/`` need."""

from __future__ import annotations

import zlib
from datetime import timedelta

from django import template
from django.utils.translation import gettext as _

from convenor.kernel.instants import known_zones

register = template.Library()

HUES = 8
#: By the values of scheduling's ``Severity``: 3 serious, 2 warning, 1 notice.
ICON_OF_SEVERITY = {"3": "circle-alert", "2": "triangle-alert", "1": "info"}
TONE_OF_SEVERITY = {"3": "danger", "2": "warning", "1": "info"}
ICON_OF_MESSAGE = {"success": "circle-check", "warning": "triangle-alert", "error": "circle-alert"}


@register.filter
def initials(name: object) -> str:
    """Two letters for a person or a room: ``Ștefan Țurcanu`` is ``ȘȚ``, ``Atlas`` is ``A``; ``?`` for nothing."""
    words = [word for word in str(name).replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def hue(name: object) -> int:
    """A hue from 1 to 8 that stays the same for the same name on every machine."""
    return zlib.crc32(str(name).encode("utf-8")) % HUES + 1


@register.filter
def duration(length: timedelta | int | None) -> str:
    """``1 h 30 min`` for a timedelta or a number of minutes; nothing for None."""
    if length is None:
        return ""
    minutes = round(length.total_seconds() / 60) if isinstance(length, timedelta) else int(length)
    hours, rest = divmod(minutes, 60)
    parts = [_("%(hours)d h") % {"hours": hours}] if hours else []
    if rest or not hours:
        parts.append(_("%(minutes)d min") % {"minutes": rest})
    return " ".join(parts)


@register.filter
def severity_tone(severity: int | str) -> str:
    return TONE_OF_SEVERITY.get(f"{severity:d}" if isinstance(severity, int) else severity, "neutral")


@register.filter
def severity_icon(severity: int | str) -> str:
    return ICON_OF_SEVERITY.get(f"{severity:d}" if isinstance(severity, int) else severity, "info")


@register.filter
def message_icon(level: object) -> str:
    return ICON_OF_MESSAGE.get(str(level), "info")


@register.simple_tag
def zone_names() -> list[str]:
    """Every time zone that a field may name, for its data list."""
    return sorted(zone for zone in known_zones() if "/" in zone and not zone.startswith("Etc/"))
