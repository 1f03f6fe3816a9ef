"""Answers for a seat on a roll: of somebody whom no meeting asks, but whose calendar has the event or the function from us."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError

from convenor.attendance.actions.seat import answer_by_token
from convenor.attendance.enums import GONE, SeatState
from convenor.attendance.queries.answering import SeatAsked, seats_by_uid, title_by_uid
from convenor.base.enums import Verdict
from convenor.interop.ics.objects import Attendee
from convenor.interop.ics.times import aware
from convenor.interop.itip.incoming import Answer
from convenor.interop.itip.outcomes import Outcome, Reason, outcome
from convenor.kernel.instants import ZoneName
from convenor.scheduling.enums import PartStat

title_of = title_by_uid
COMING = frozenset({SeatState.HELD, SeatState.CONFIRMED, SeatState.CHECKED_IN})


def apply(
    answer: Answer,
    attendee: Attendee,
    addresses: Collection[str],
    person_id: int | None,
    written_at: datetime,
    now: datetime,
) -> Outcome | None:
    """None where none of the addresses has a seat by that UID."""
    seats = seats_by_uid(answer.uid, addresses, person_id)
    if not seats:
        return None
    seat = next((each for each in seats if each.state not in GONE), seats[0])
    partstat = PartStat(attendee.partstat.lower())
    facts = {"name": seat.name, "title": seat.title, "uid": answer.uid, "seat": seat.seat_id}
    reason = _why_not(answer, seat, partstat, written_at, now)
    if reason is not None:
        verdict = Verdict.IGNORED if reason is Reason.AGAIN else Verdict.LISTED
        return outcome(verdict, reason, **facts)
    try:
        after = answer_by_token(
            token=seat.token,
            seat_id=seat.seat_id,
            accepts=partstat == PartStat.ACCEPTED,
            written_at=written_at,
            now=now,
        )
    except ValidationError as error:
        return outcome(Verdict.LISTED, Reason.REFUSED, **facts, why=" ".join(error.messages))
    if after.state == seat.state:
        return outcome(Verdict.IGNORED, Reason.AGAIN, **facts)
    return outcome(Verdict.APPLIED, Reason.SEAT_ANSWERED, **facts, answer=partstat.value)


def _why_not(
    answer: Answer, seat: SeatAsked, partstat: PartStat, written_at: datetime, now: datetime
) -> Reason | None:
    """Why the answer changes nothing; the first that holds."""
    is_there = seat.state in COMING
    checks = (
        (answer.method == "COUNTER", Reason.SEAT_COUNTER),
        (answer.method == "REFRESH", Reason.TOO_SOON),
        (seat.is_off, Reason.CANCELLED),
        (seat.ends_at is not None and seat.ends_at <= now, Reason.OVER),
        (_is_stale(answer, seat), Reason.STALE),
        (partstat in {PartStat.TENTATIVE, PartStat.DELEGATED}, Reason.SEAT_MAYBE),
        (partstat == PartStat.NEEDS_ACTION, Reason.NO_CHOICE),
        (partstat == PartStat.ACCEPTED and is_there, Reason.AGAIN),
        (partstat == PartStat.DECLINED and seat.state in GONE, Reason.AGAIN),
        (seat.answered_at is not None and seat.answered_at > written_at, Reason.OVERTAKEN),
    )
    return next((reason for holds, reason in checks if holds), None)


def _is_stale(answer: Answer, seat: SeatAsked) -> bool:
    """Whether it answers a time that has changed since, as an answer to a meeting does."""
    if answer.sequence >= seat.told_sequence:
        return False
    return answer.start is None or aware(answer.start, ZoneName(seat.zone)) != seat.starts_at
