"""Where registration stands, in words for whoever opens its page: what is so, and what one can do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.attendance.queries.form import PublicForm
from convenor.attendance.rules.standing import Standing
from convenor.kernel.instants import LocalTime


@dataclass(frozen=True, slots=True)
class Said:
    """`tone` and `icon` are the design system's."""

    title: str
    text: str = ""
    tone: str = "info"
    icon: str = "info"


def standing_words(page: PublicForm) -> Said:
    match page.standing:
        case Standing.OPEN:
            return Said(_open(page), _until(page), "ok", "circle-check")
        case Standing.WAITLIST:
            text = _(
                "You can put yourself on the waitlist: when a seat comes free, we write to you and keep it for a while."
            )
            return Said(_("All seats are taken."), f"{text} {_until(page)}".strip(), "warning", "clock")
        case Standing.FULL:
            text = _("There is no waitlist. Look in again: when somebody cancels, the form is back here.")
            return Said(_("All seats are taken."), text, "warning", "ban")
        case Standing.NOT_YET:
            text = _("Registration opens on %(when)s. Come back to this address then.")
            return Said(
                _("Registration isn't open yet."), text % {"when": _when(page.opens)}, "info", "clock"
            )
    return _shut(page)


def _shut(page: PublicForm) -> Said:
    match page.standing:
        case Standing.INVITATION:
            text = _(
                "If you were invited, use the link in your invitation: it is yours alone. If you can't find it, have "
                "it sent again below."
            )
            return Said(_("This event is by invitation."), text, "info", "lock")
        case Standing.POSTPONED:
            text = _(
                "There are no new dates yet. Whoever is registered stays so and is written to; the page opens again "
                "with the new dates."
            )
            return Said(_("This event is postponed."), text, "warning", "clock")
        case Standing.CANCELLED:
            text = _("It doesn't take place. You needn't do anything.")
            return Said(_("This event is cancelled."), text, "danger", "ban")
        case Standing.OVER:
            return Said(_("This event is over."), _("Thank you for your interest."), "info", "info")
    text = _("If you are registered already, your personal link still works; have it sent again below.")
    return Said(_("Registration is closed."), text, "warning", "lock")


def _open(page: PublicForm) -> str:
    if page.left is None:
        return _("Registration is open.")
    said = ngettext("%(n)d seat is left.", "%(n)d seats are left.", page.left)
    return said % {"n": page.left}


def _until(page: PublicForm) -> str:
    return _("Registration closes on %(when)s.") % {"when": _when(page.closes)} if page.closes else ""


def _when(moment: LocalTime | None) -> str:
    return date_format(moment, "WEEKDAY_YEAR_TIME_FORMAT") if moment else ""
