"""A registration's own page: where each seat stands, in words for whom it is of."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from convenor.attendance.enums import SeatState
from convenor.attendance.queries.mine import MyPage, MySeat
from convenor.attendance.rules.standing import Standing
from convenor.attendance.sentences.standing import Said
from convenor.kernel.instants import LocalTime

TONES: dict[SeatState, tuple[str, str]] = {
    SeatState.INVITED: ("info", "mail"),
    SeatState.HELD: ("info", "hourglass"),
    SeatState.CONFIRMED: ("ok", "circle-check"),
    SeatState.WAITLISTED: ("warning", "clock"),
    SeatState.OFFERED: ("info", "star"),
    SeatState.DECLINED: ("info", "x"),
    SeatState.CANCELLED: ("warning", "ban"),
    SeatState.SUBSTITUTED: ("warning", "users"),
    SeatState.CHECKED_IN: ("ok", "user-check"),
    SeatState.NO_SHOW: ("warning", "circle-x"),
}


def page_words(page: MyPage) -> Said:
    """What is to be said first: what stands in the way of all, else how the seat at the event stands."""
    match page.standing:
        case Standing.CANCELLED:
            text = _("It doesn't take place, and your registration ended with it. You needn't do anything.")
            return Said(_("This event is cancelled."), text, "danger", "ban")
        case Standing.POSTPONED:
            text = _(
                "Your registration stays as it is. We write to you with the new dates; you can cancel until then."
            )
            return Said(_("This event is postponed."), text, "warning", "clock")
        case Standing.OVER:
            return Said(_("This event is over."), _("Thank you for having been with us."), "info", "info")
    first = page.whole or next(iter(page.seats), None)
    if first is None:
        return Said(_("There is no seat for you at this event any more."), "", "warning", "info")
    tone, icon = TONES[first.state]
    return Said(seat_title(first), seat_text(first, page), tone, icon)


def seat_title(seat: MySeat) -> str:
    return str(
        {
            SeatState.INVITED: _("You are invited."),
            SeatState.HELD: _("Your registration is here, and a seat is held for you."),
            SeatState.CONFIRMED: _("You have a seat."),
            SeatState.WAITLISTED: _("You are on the waitlist."),
            SeatState.OFFERED: _("A seat has come free for you."),
            SeatState.DECLINED: _("You have said no."),
            SeatState.CANCELLED: _("This is cancelled."),
            SeatState.SUBSTITUTED: _("Somebody else comes instead of you."),
            SeatState.CHECKED_IN: _("You are here. Welcome!"),
            SeatState.NO_SHOW: _("Your seat was given up."),
        }[seat.state]
    )


def seat_text(seat: MySeat, page: MyPage) -> str:
    match seat.state:
        case SeatState.INVITED:
            sentence = _("Please answer by %(when)s.")
            return sentence % {"when": _when(page.rsvp_by)} if page.rsvp_by else _("Please answer below.")
        case SeatState.HELD:
            return _("The organisers confirm each registration; we write to you.")
        case SeatState.WAITLISTED:
            return _waiting(seat)
        case SeatState.OFFERED:
            sentence = _("It is kept for you until %(when)s; after that it goes on to the next.")
            return sentence % {"when": _when(seat.offered_until)}
    return seat.reason


def cancel_words(page: MyPage) -> str:
    """What cancelling means now."""
    if page.is_late:
        sentence = _(
            "Cancelling was free until %(when)s. You can still cancel; the organisers see that it came late."
        )
        return sentence % {"when": _when(page.free_until)}
    if page.free_until is not None:
        return _("Cancelling is free until %(when)s.") % {"when": _when(page.free_until)}
    return ""


def _waiting(seat: MySeat) -> str:
    text = _("When a seat comes free we write to you.")
    if seat.turn is None:
        return text
    return f"{text} " + _("You are number %(turn)d just now.") % {"turn": seat.turn}


def _when(moment: LocalTime | None) -> str:
    return date_format(moment, "WEEKDAY_YEAR_TIME_FORMAT") if moment else ""
