"""Why a meeting may be displaced, or why not, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from convenor.scheduling.rules.displacing import Ground, Verdict


def verdict_sentence(verdict: Verdict) -> str:
    return {
        Ground.TOO_LATE: _("It begins within two hours or has begun: too late to displace it."),
        Ground.FIXED: _("It is marked as not movable."),
        Ground.HAS_GUESTS: _(
            "Somebody from outside takes part in it; only an executive meeting may displace it."
        ),
        Ground.NOT_HIGH: _("Only a meeting of high or executive priority may displace another."),
        Ground.PRIORITY: _("Your meeting has the higher priority."),
        Ground.SENIORITY: _("Both have the same priority, and your organiser or chair is senior to theirs."),
        Ground.NOT_ABOVE: _("Your meeting doesn't stand above it."),
    }[verdict.ground]
