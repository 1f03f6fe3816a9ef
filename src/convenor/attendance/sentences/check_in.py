"""What whoever stands at a door is told: one table for the server and for devices without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convenor.attendance.enums import ScanOutcome, SeatState
from convenor.attendance.rules.check_in import ScanResult

Text = str | Promise
OK, WARNING, DANGER = "ok", "warning", "danger"
ICONS = {OK: "circle-check", WARNING: "triangle-alert", DANGER: "circle-x"}


@dataclass(frozen=True, slots=True)
class Words:
    """`detail` may name {since} and {instead}."""

    title: Text
    detail: Text
    tone: str


OF_OUTCOME: Mapping[ScanOutcome, Words] = {
    ScanOutcome.IN: Words(ScanOutcome.IN.label, "", OK),
    ScanOutcome.ALREADY: Words(ScanOutcome.ALREADY.label, _("Since {since}."), WARNING),
    ScanOutcome.OUT: Words(ScanOutcome.OUT.label, "", OK),
    ScanOutcome.NOT_IN: Words(
        ScanOutcome.NOT_IN.label, _("Nobody has checked this person in at this door."), WARNING
    ),
    ScanOutcome.UNDONE: Words(ScanOutcome.UNDONE.label, "", OK),
    ScanOutcome.FULL: Words(ScanOutcome.FULL.label, "", DANGER),
    ScanOutcome.NO_SEAT: Words(
        ScanOutcome.NO_SEAT.label, _("On the event's list, but not for this part of it."), WARNING
    ),
    ScanOutcome.ELSEWHERE: Words(
        ScanOutcome.ELSEWHERE.label, _("This code is of somebody at another event."), DANGER
    ),
    ScanOutcome.UNKNOWN: Words(
        ScanOutcome.UNKNOWN.label, _("Nobody on the list has this code. Search by name."), DANGER
    ),
}
OF_STATE: Mapping[SeatState, Words] = {
    SeatState.INVITED: Words(
        pgettext_lazy("door", "Invited"), _("They haven't answered the invitation."), WARNING
    ),
    SeatState.OFFERED: Words(
        pgettext_lazy("door", "Seat offered"), _("A seat is kept for them; they haven't answered."), WARNING
    ),
    SeatState.WAITLISTED: Words(pgettext_lazy("door", "On the waitlist"), "", WARNING),
    SeatState.DECLINED: Words(pgettext_lazy("door", "Declined"), "", WARNING),
    SeatState.CANCELLED: Words(pgettext_lazy("door", "Cancelled"), _("Cancelled at {since}."), DANGER),
    SeatState.SUBSTITUTED: Words(
        pgettext_lazy("door", "Somebody else comes"), _("{instead} comes instead."), DANGER
    ),
    SeatState.NO_SHOW: Words(
        pgettext_lazy("door", "Given up"), _("The seat was given up at {since}."), WARNING
    ),
}
ROOM = {
    "free": _("Seats free: {free}."),
    "unlimited": _("There is room."),
    "none": _("No seat is free."),
}


def key_of(outcome: ScanOutcome, state: SeatState | None) -> str:
    """The row of the table: the outcome, and of a refusal the seat's state."""
    refused = outcome == ScanOutcome.REFUSED and state in OF_STATE
    return f"{ScanOutcome.REFUSED.value}.{state}" if refused else outcome.value


def table() -> dict[str, list[str]]:
    """Title, detail and tone by key, in the present language, for a device that has to say it itself."""
    rows = {outcome.value: words for outcome, words in OF_OUTCOME.items()}
    rows |= {key_of(ScanOutcome.REFUSED, state): words for state, words in OF_STATE.items()}
    return {key: [str(words.title), str(words.detail), words.tone] for key, words in rows.items()}


def room_words() -> dict[str, str]:
    return {key: str(words) for key, words in ROOM.items()}


def words_of(result: ScanResult) -> Words:
    """The answer in words; the time by the reader's clock."""
    if result.outcome == ScanOutcome.REFUSED and result.state is not None and result.state in OF_STATE:
        found = OF_STATE[result.state]
    else:
        found = OF_OUTCOME.get(result.outcome, OF_OUTCOME[ScanOutcome.UNKNOWN])
    detail = str(found.detail)
    if ("{since}" in detail and result.since is None) or ("{instead}" in detail and not result.instead):
        detail = ""
    else:
        detail = detail.format(since=_clock(result.since), instead=result.instead)
    return Words(str(found.title), " ".join(filter(None, (detail, _room(result)))), found.tone)


def _clock(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "TIME_FORMAT") if at is not None else ""


def _room(result: ScanResult) -> str:
    """What is free, where somebody could be let in if there were room."""
    asks = (ScanOutcome.REFUSED, ScanOutcome.NO_SEAT, ScanOutcome.FULL)
    if result.outcome not in asks or result.state == SeatState.OFFERED:
        return ""
    if not result.may_let_in:
        return str(ROOM["none"])
    return str(ROOM["unlimited"]) if result.free is None else str(ROOM["free"]).format(free=result.free)
