"""The link in an invitation by which its reader answers: meeting, person and date, signed with the installation's key.

It opens one page about one meeting for one person; whoever has it can answer for them, as whoever has their mail can.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.signing import BadSignature, Signer

from convenor.kernel.instants import LocalTime

LONGEST_TOKEN = 120
FORMAT = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """`recurrence_id` is None for the meeting, or the series, as a whole."""

    meeting_id: int
    person_id: int
    recurrence_id: LocalTime | None


def _signer() -> Signer:
    return Signer(sep=".", salt="convenor.answer-link")


def answer_token(meeting_id: int, person_id: int, recurrence_id: LocalTime | None = None) -> str:
    when = recurrence_id.strftime(FORMAT) if recurrence_id else ""
    return _signer().sign(f"{meeting_id}-{person_id}-{when}")


def read_answer_token(token: str) -> AnswerLink | None:
    """None for anything that this installation hasn't signed. Compares in constant time."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        meeting, person, when = _signer().unsign(token).split("-")
    except BadSignature:
        return None
    moment = LocalTime(datetime.strptime(when, FORMAT)) if when else None  # noqa: DTZ007 - a wall clock's
    return AnswerLink(int(meeting), int(person), moment)
