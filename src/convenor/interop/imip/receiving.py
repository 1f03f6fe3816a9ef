"""A mail that came in, from its bytes to what became of it: one row for each mail, one transaction, no exception for what a mail says."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError

from convenor.base.addresses import clear, mark_unreachable
from convenor.base.enums import Verdict
from convenor.base.received import Found, Received, known_mail, put_down, write_down
from convenor.base.transactions import Busy, action
from convenor.interop.ics.write import PRODUCT
from convenor.interop.imip.arrival import MOST_BYTES, Arrival, Unreadable, read_arrival, read_head
from convenor.interop.imip.bounces import Bounce, bounces_in
from convenor.interop.imip.strangers import belong_to_somebody
from convenor.interop.itip.applying import Post, apply
from convenor.interop.itip.incoming import ANSWERS, Answer, Incoming, read_incoming
from convenor.interop.itip.outcomes import Outcome, Reason, outcome
from convenor.kernel.instants import ZoneName

log = logging.getLogger(__name__)

HEAD_BYTES = 65_536  # of a mail that is too large, what is read
MOST_ANSWERS = 50


def receive(data: bytes, *, now: datetime) -> Received:
    """Take a mail in, whatever is in it. The same mail again is the row that there is, and does nothing.

    Raises Busy, DatabaseError: then nothing was done, and the mail must come again.
    """
    if len(data) > MOST_BYTES:
        return refuse_large(data[:HEAD_BYTES], len(data), now=now)
    digest = hashlib.sha256(data).hexdigest()
    if (known := known_mail(digest)) is not None:
        return known
    try:
        mail = read_arrival(data)
    except Unreadable as error:
        return _row(digest, _head_of(data), len(data), outcome(Verdict.REFUSED, Reason(str(error))), now)
    return _take(digest, mail, len(data), now)


def refuse_large(head: bytes, size: int, *, now: datetime) -> Received:
    """Note a mail of which only the beginning was read. Raises Busy, DatabaseError."""
    digest = hashlib.sha256(b"%d:%b" % (size, head)).hexdigest()
    if (known := known_mail(digest)) is not None:
        return known
    large = outcome(Verdict.REFUSED, Reason.TOO_LARGE, size=size, limit=MOST_BYTES)
    return _row(digest, _head_of(head), size, large, now)


def _head_of(data: bytes) -> Arrival:
    try:
        return read_head(data[:HEAD_BYTES])
    except (Unreadable, RecursionError):
        return Arrival()


def _take(digest: str, mail: Arrival, size: int, now: datetime) -> Received:
    try:
        return _apply_all(digest, mail, size, now)
    except (Busy, OperationalError, InterfaceError):
        raise
    except Exception:  # whatever a mail holds must not keep those after it from being read
        log.exception("a mail could not be taken in: %s", mail.message_id)
        return _row(digest, mail, size, outcome(Verdict.LISTED, Reason.FAILED), now)


@action
def _apply_all(digest: str, mail: Arrival, size: int, now: datetime) -> Received:
    """The row first: whoever takes the same mail in at this moment waits for it, and then finds it."""
    row, is_new = put_down(digest=digest, received_at=now)
    return write_down(row, _found(mail, size, outcomes_of(mail, now))) if is_new else row


@action
def _row(digest: str, mail: Arrival, size: int, made: Outcome, now: datetime) -> Received:
    row, is_new = put_down(digest=digest, received_at=now)
    return write_down(row, _found(mail, size, [made])) if is_new else row


def _found(mail: Arrival, size: int, made: Sequence[Outcome]) -> Found:
    return Found(
        message_id=mail.message_id,
        sender=mail.sender,
        subject=mail.subject,
        size=size,
        outcomes=[each.as_json() for each in made],
    )


def outcomes_of(mail: Arrival, now: datetime) -> list[Outcome]:
    """At least one. What it does, it does in the transaction that is open."""
    if found := bounces_in(mail):
        return [_bounced(each, now) for each in found]
    calendars = [
        read_incoming(each.data, method=each.method, default_zone=_zone()) for each in mail.calendars
    ]
    if _is_our_own(mail, calendars):
        return [outcome(Verdict.IGNORED, Reason.OWN)]
    answers = _answers(calendars)
    if not answers:
        return [_without_answer(mail, calendars)]
    if len(mail.senders) != 1:
        return [outcome(Verdict.REFUSED, Reason.NO_SENDER)]
    if mail.fails_authentication:
        return [outcome(Verdict.REFUSED, Reason.UNPROVEN, sender=mail.sender)]
    made = [apply(each, _post(each, mail, now)) for each in answers]
    if any(each.verdict == Verdict.APPLIED for each in made):
        clear(mail.sender)
    unread = sum(each.refused for each in calendars)
    return [*made, outcome(Verdict.LISTED, Reason.UNREADABLE)] if unread else made


def _zone() -> ZoneName:
    return ZoneName(settings.TIME_ZONE)


def _post(answer: Answer, mail: Arrival, now: datetime) -> Post:
    """Written when the calendar says, else the mail; never later than now, by whoever's clock."""
    return Post(mail.sender, min(answer.stamp or mail.date or now, now), now)


def _answers(calendars: Iterable[Incoming]) -> list[Answer]:
    """Each once, though the mail brings its calendar as an alternative and as an attachment; a series before its dates."""
    found: dict[tuple[object, ...], Answer] = {}
    for calendar in calendars:
        for each in calendar.answers:
            who = tuple(attendee.email for attendee in each.attendees)
            found.setdefault((each.method, each.uid, each.recurrence_id, who), each)
    return sorted(found.values(), key=lambda each: each.recurrence_id is not None)[:MOST_ANSWERS]


def _without_answer(mail: Arrival, calendars: Sequence[Incoming]) -> Outcome:
    unreadable = mail.large_calendars or any(
        (each.refused and each.method in ANSWERS) or not each.is_calendar for each in calendars
    )
    if unreadable:
        return outcome(Verdict.LISTED, Reason.UNREADABLE)
    if mail.is_automatic or mail.is_from_a_server or mail.is_report:
        return outcome(Verdict.IGNORED, Reason.AUTOMATIC)
    if calendars:
        methods = {each.method for each in calendars}
        return outcome(Verdict.LISTED, Reason.NOT_AN_ANSWER, method=" ".join(sorted(methods)).strip() or "-")
    return outcome(Verdict.LISTED, Reason.TNEF if mail.has_tnef else Reason.NO_ANSWER)


def _is_our_own(mail: Arrival, calendars: Iterable[Incoming]) -> bool:
    """From one of our two addresses, or by our program and sent by a machine: answering it would begin a loop."""
    ours = {settings.MAIL_REPLIES_TO, settings.DEFAULT_FROM_EMAIL}
    bare = {each.rpartition("<")[2].strip("<> ").lower() for each in ours}
    if bare & set(mail.senders):
        return True
    return mail.is_automatic and any(each.product == PRODUCT for each in calendars)


def _bounced(bounce: Bounce, now: datetime) -> Outcome:
    """Only addresses of people whom somebody here knows are marked: anybody can write a report."""
    facts = {"address": bounce.address, "why": bounce.reason.rstrip(".") or "?"}
    if not bounce.is_final:
        return outcome(Verdict.IGNORED, Reason.DELAYED, **facts)
    if not belong_to_somebody(bounce.address):
        return outcome(Verdict.LISTED, Reason.BOUNCED_STRANGER, **facts)
    mark_unreachable(bounce.address, bounce.reason, now)
    return outcome(Verdict.BOUNCE, Reason.BOUNCED, **facts)
