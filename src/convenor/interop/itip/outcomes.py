"""What became of a mail, or of one answer in it: a verdict and why, as data first and as a sentence last, so that both languages work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext, gettext_noop

from convenor.base.enums import Verdict
from convenor.interop.ics.lines import CONTROL
from convenor.scheduling.enums import PartStat

LONGEST_FACT = 200


class Reason(StrEnum):
    """One kind of outcome each; the sentence is in SENTENCES."""

    ANSWERED = "answered"
    SEAT_ANSWERED = "seat_answered"
    PROPOSED = "proposed"
    SENT_AGAIN = "sent_again"
    DELEGATED = "delegated"
    AGAIN = "again"
    TOO_SOON = "too_soon"
    FORGED = "forged"
    UNPROVEN = "unproven"
    STALE = "stale"
    OVERTAKEN = "overtaken"
    UNKNOWN_UID = "unknown_uid"
    UNKNOWN_DATE = "unknown_date"
    NOT_ASKED = "not_asked"
    NO_ATTENDEE = "no_attendee"
    NO_CHOICE = "no_choice"
    SEAT_MAYBE = "seat_maybe"
    SEAT_COUNTER = "seat_counter"
    COUNTER_OF_SERIES = "counter_of_series"
    COUNTER_WITHOUT_TIME = "counter_without_time"
    CANCELLED = "cancelled"
    OVER = "over"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_DEEP = "too_deep"
    TNEF = "tnef"
    NO_ANSWER = "no_answer"
    NO_SENDER = "no_sender"
    NOT_AN_ANSWER = "not_an_answer"
    AUTOMATIC = "automatic"
    OWN = "own"
    BOUNCED = "bounced"
    BOUNCED_STRANGER = "bounced_stranger"
    DELAYED = "delayed"
    FAILED = "failed"


SENTENCES: Mapping[Reason, str] = {
    Reason.ANSWERED: gettext_noop("%(name)s answered “%(title)s”: %(answer)s."),
    Reason.SEAT_ANSWERED: gettext_noop("%(name)s answered for a seat at “%(title)s”: %(answer)s."),
    Reason.PROPOSED: gettext_noop("%(name)s proposes another time for “%(title)s”."),
    Reason.SENT_AGAIN: gettext_noop("%(name)s asked for the invitation to “%(title)s” again, and gets it."),
    Reason.DELEGATED: gettext_noop(
        "%(name)s sends somebody else to “%(title)s”: %(to)s. Ask them, if that is right."
    ),
    Reason.AGAIN: gettext_noop("%(name)s had given this answer to “%(title)s” already."),
    Reason.TOO_SOON: gettext_noop(
        "%(name)s asked for the invitation to “%(title)s” again; it was sent within the last hour."
    ),
    Reason.FORGED: gettext_noop(
        "%(sender)s answered in the name of %(attendee)s, whose address that is not."
    ),
    Reason.UNPROVEN: gettext_noop("Our mail server found that the mail is not from %(sender)s."),
    Reason.STALE: gettext_noop(
        "%(name)s answered to a time that “%(title)s” no longer has; the new one waits for an answer."
    ),
    Reason.OVERTAKEN: gettext_noop("%(name)s has answered “%(title)s” again since this was written."),
    Reason.UNKNOWN_UID: gettext_noop("No meeting and no event here has the UID %(uid)s."),
    Reason.UNKNOWN_DATE: gettext_noop("“%(title)s” has no such date: %(date)s."),
    Reason.NOT_ASKED: gettext_noop(
        "%(attendee)s is not asked to “%(title)s”. Add them, if they are to come."
    ),
    Reason.NO_ATTENDEE: gettext_noop("The answer doesn't say whose it is."),
    Reason.NO_CHOICE: gettext_noop("The answer of %(name)s to “%(title)s” says neither yes nor no."),
    Reason.SEAT_MAYBE: gettext_noop(
        "%(name)s may come to “%(title)s”. A seat is taken or left; it stays as it was."
    ),
    Reason.SEAT_COUNTER: gettext_noop(
        "%(name)s proposes another time for “%(title)s”, where seats are taken or left. Answer by mail."
    ),
    Reason.COUNTER_OF_SERIES: gettext_noop(
        "%(name)s proposes another time for all of “%(title)s”; only single dates can be proposed. Answer by mail."
    ),
    Reason.COUNTER_WITHOUT_TIME: gettext_noop(
        "%(name)s proposes another time for “%(title)s”, but not which."
    ),
    Reason.CANCELLED: gettext_noop("“%(title)s” is cancelled."),
    Reason.OVER: gettext_noop("“%(title)s” is over."),
    Reason.REFUSED: gettext_noop("The answer of %(name)s to “%(title)s” can't be taken: %(why)s"),
    Reason.UNREADABLE: gettext_noop("The answer in this mail can't be read."),
    Reason.TOO_LARGE: gettext_noop("The mail has %(size)s bytes; at most %(limit)s are read."),
    Reason.TOO_MANY_PARTS: gettext_noop("The mail has too many parts to be read."),
    Reason.TOO_DEEP: gettext_noop("The mail's parts lie too deep inside each other to be read."),
    Reason.TNEF: gettext_noop(
        "Outlook has packed the answer into winmail.dat, which only Outlook can read. Ask the sender to use plain mail."
    ),
    Reason.NO_ANSWER: gettext_noop(
        "Somebody has written to the address for answers in plain words. Read the mail."
    ),
    Reason.NO_SENDER: gettext_noop("The mail doesn't say clearly whom it is from."),
    Reason.NOT_AN_ANSWER: gettext_noop("The mail brings a calendar, but no answer (%(method)s)."),
    Reason.AUTOMATIC: gettext_noop("A machine wrote it, such as a note of absence."),
    Reason.OWN: gettext_noop("It is a mail of our own that came back."),
    Reason.BOUNCED: gettext_noop("Mail for %(address)s can't be delivered: %(why)s"),
    Reason.BOUNCED_STRANGER: gettext_noop(
        "Mail for %(address)s can't be delivered: %(why)s. Nobody here has this address."
    ),
    Reason.DELAYED: gettext_noop("Mail for %(address)s takes longer: %(why)s"),
    Reason.FAILED: gettext_noop("Something went wrong while this mail was read; the server's log says what."),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`facts` fill the reason's sentence; they are kept, the mail is not."""

    verdict: Verdict
    reason: Reason
    facts: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"verdict": self.verdict.value, "reason": self.reason.value, "facts": dict(self.facts)}


def outcome(verdict: Verdict, reason: Reason, **facts: object) -> Outcome:
    clean = {name: CONTROL.sub(" ", str(value)).strip()[:LONGEST_FACT] for name, value in facts.items()}
    return Outcome(verdict, reason, clean)


def sentence_of(reason: str, facts: Mapping[str, Any]) -> str:
    """In the reader's language. What a row of an older version lacks is left blank."""
    try:
        text = gettext(SENTENCES[Reason(reason)])
    except ValueError:  # a reason that this version doesn't have
        return reason
    known = {name: _word(name, value) for name, value in facts.items()}
    return text % _Blank(known)


def _word(name: str, value: Any) -> str:
    if name == "answer" and value in PartStat.values:
        return str(PartStat(value).label)
    return str(value)


class _Blank(dict[str, str]):
    def __missing__(self, _name: str) -> str:
        return "…"
