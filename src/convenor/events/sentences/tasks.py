"""When a task is due, and what stands in its way, in words."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.events.rules.policy import Due
from convenor.kernel.backward_plan import Impossible, Why


def due_sentence(due: Due, fixed_due_on: date | None = None) -> str:
    """Where a due date comes from: “14 working days before the start”."""
    if fixed_due_on is not None:
        return _("on a fixed date")
    params = {"days": abs(due.days), "anchor": due.anchor.label}
    if due.days == 0:
        return _("on the day of the %(anchor)s") % params
    if due.working and due.days < 0:
        words = ngettext(
            "%(days)d working day before the %(anchor)s",
            "%(days)d working days before the %(anchor)s",
            abs(due.days),
        )
    elif due.working:
        words = ngettext(
            "%(days)d working day after the %(anchor)s",
            "%(days)d working days after the %(anchor)s",
            due.days,
        )
    elif due.days < 0:
        words = ngettext(
            "%(days)d day before the %(anchor)s", "%(days)d days before the %(anchor)s", abs(due.days)
        )
    else:
        words = ngettext("%(days)d day after the %(anchor)s", "%(days)d days after the %(anchor)s", due.days)
    return words % params


def impossible_sentence(found: Impossible, other_title: str = "") -> str:
    """What is wrong with a task's date in the plan; `other_title` is of the task that it waits for."""
    params = {
        "start": date_format(found.start, "WEEKDAY_FORMAT"),
        "missing": found.missing,
        "other": other_title or found.other,
        "due": date_format(found.other_due, "WEEKDAY_FORMAT") if found.other_due else "",
    }
    if found.why == Why.OVERDUE:
        words = ngettext("%(missing)d working day late.", "%(missing)d working days late.", found.missing)
    elif found.why == Why.TOO_FEW_DAYS:
        words = ngettext(
            "It would have to begin by %(start)s: %(missing)d working day is missing.",
            "It would have to begin by %(start)s: %(missing)d working days are missing.",
            found.missing,
        )
    else:
        words = _("It must begin on %(start)s, but “%(other)s”, which it waits for, is due on %(due)s.")
    return words % params
