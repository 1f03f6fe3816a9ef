"""What one answer does: the checks of RFC 5546 §3.2.3, §3.2.6 and §3.2.7, then one ordinary action in its writer's name."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.enums import Verdict
from convenor.interop.ics.objects import Attendee, Timed, When
from convenor.interop.ics.times import aware
from convenor.interop.ics.values import in_zone, midnight
from convenor.interop.itip import seats
from convenor.interop.itip.incoming import Answer
from convenor.interop.itip.outcomes import Outcome, Reason, outcome
from convenor.kernel.instants import ZoneName
from convenor.people.queries.actors import standing_in_for
from convenor.people.queries.senders import addresses_of, person_writing_from, writes_for
from convenor.scheduling.actions.counter import propose
from convenor.scheduling.actions.response import BY_LETTER, OVERTAKEN, Written, respond
from convenor.scheduling.actions.sending_again import TOO_SOON, send_again
from convenor.scheduling.enums import MeetingState, OccurrenceState, PartStat, Scope
from convenor.scheduling.queries.answering import answer_of, date_answered_for, is_known_uid
from convenor.scheduling.queries.meetings import meeting_by_uid_for
from convenor.scheduling.queries.page import next_occurrence


@dataclass(frozen=True, slots=True)
class Post:
    """Whose mail an answer came in: the one address of From, when it was written, and when it is now."""

    sender: str
    written_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Writer:
    """The attendee in whose name an answer counts; without a person it is a registration's address."""

    attendee: Attendee
    person: Any
    addresses: frozenset[str]

    @property
    def name(self) -> str:
        return str(self.person) if self.person is not None else self.attendee.name or self.attendee.email

    @property
    def actor(self) -> Actor:
        assert self.person is not None
        return standing_in_for(self.person.pk, _("%(name)s, by mail") % {"name": self.person.name})


def apply(answer: Answer, post: Post) -> Outcome:
    """Never more than one action's change, for nobody but the writer. Raises what the database raises, nothing else."""
    if not answer.attendees:
        return outcome(Verdict.LISTED, Reason.NO_ATTENDEE, uid=answer.uid, sender=post.sender)
    writer = _writer(answer.attendees, post)
    if writer is None:
        return outcome(
            Verdict.REFUSED,
            Reason.FORGED,
            sender=post.sender,
            attendee=answer.attendees[0].email,
            uid=answer.uid,
        )
    return (
        _for_meeting(answer, writer, post) or _for_seat(answer, writer, post) or _for_nobody(answer, writer)
    )


def _writer(attendees: tuple[Attendee, ...], post: Post) -> Writer | None:
    """The attendee whom the sender answers for. A reply names one (§3.2.3); of several it can only be the sender's own."""
    found = (_as_writer(each) for each in attendees[:20])
    return next((each for each in found if _may_write(each, post)), None)


def _as_writer(attendee: Attendee) -> Writer:
    person = person_writing_from(attendee.email)
    mine = addresses_of(person.pk) if person is not None else set()
    return Writer(attendee, person, frozenset({attendee.email, *mine}))


def _may_write(writer: Writer, post: Post) -> bool:
    """The address of From is theirs, or that of a delegate who may act for them.

    Sender is not looked at: mail servers vouch for the domain of From alone (RFC 7489 §3.1), so that whoever may write from any
    domain at all could put a colleague there.
    """
    if post.sender in writer.addresses:
        return True
    sender = person_writing_from(post.sender) if writer.person is not None else None
    return sender is not None and writes_for(sender.pk, writer.person.pk, post.now)


def _for_nobody(answer: Answer, writer: Writer) -> Outcome:
    title = is_known_uid(answer.uid) or seats.title_of(answer.uid)
    if title is None:
        return outcome(Verdict.LISTED, Reason.UNKNOWN_UID, uid=answer.uid, attendee=writer.attendee.email)
    return outcome(
        Verdict.LISTED, Reason.NOT_ASKED, attendee=writer.attendee.email, title=title, uid=answer.uid
    )


def _for_seat(answer: Answer, writer: Writer, post: Post) -> Outcome | None:
    person_id = writer.person.pk if writer.person is not None else None
    return seats.apply(answer, writer.attendee, writer.addresses, person_id, post.written_at, post.now)


def _for_meeting(answer: Answer, writer: Writer, post: Post) -> Outcome | None:
    """None where the writer is not asked to a meeting of that UID."""
    if writer.person is None:
        return None
    try:
        meeting = meeting_by_uid_for(writer.actor, answer.uid)
    except ObjectDoesNotExist:
        return None
    if writer.person.pk not in {each.person_id for each in meeting.attendees.all()}:
        return None
    return _Deed(answer, writer, post, meeting).do()


@dataclass(frozen=True, slots=True)
class _Deed:
    """An answer whose writer is asked to its meeting."""

    answer: Answer
    writer: Writer
    post: Post
    meeting: Any

    def do(self) -> Outcome:
        if self.meeting.state == MeetingState.CANCELLED:
            return self._said(Verdict.LISTED, Reason.CANCELLED)
        if self.answer.method == "REFRESH":
            return self._refresh()
        occurrence = self._occurrence()
        if occurrence is None:
            return self._said(Verdict.LISTED, Reason.UNKNOWN_DATE, date=_shown(self.answer.recurrence_id))
        if occurrence.state == OccurrenceState.CANCELLED:
            return self._said(Verdict.LISTED, Reason.CANCELLED)
        if occurrence.ends_at <= self.post.now:
            return self._said(Verdict.LISTED, Reason.OVER)
        return self._counter(occurrence) if self.answer.method == "COUNTER" else self._reply(occurrence)

    def _occurrence(self) -> Any:
        """The date that is answered; without one the next, or the last there was."""
        rid = self.answer.recurrence_id
        if rid is None:
            return next_occurrence(self.meeting, now=self.post.now)
        return date_answered_for(self.meeting, _moment(rid, self.meeting.zone))

    def _reply(self, occurrence: Any) -> Outcome:
        partstat = _partstat(self.writer.attendee)
        if partstat not in BY_LETTER:
            return self._said(Verdict.LISTED, Reason.NO_CHOICE)
        if self._is_stale(occurrence):
            return self._said(Verdict.LISTED, Reason.STALE, answer=partstat.value)
        if answer_of(occurrence.pk, self.writer.person.pk) == (partstat, self.post.written_at):
            return self._said(Verdict.IGNORED, Reason.AGAIN)
        try:
            self._respond(occurrence, partstat)
        except ValidationError as error:
            return self._refused(error)
        if partstat == PartStat.DELEGATED:
            to = self.writer.attendee.delegated_to or "?"
            return self._said(Verdict.LISTED, Reason.DELEGATED, to=to)
        return self._said(Verdict.APPLIED, Reason.ANSWERED, answer=partstat.value)

    def _respond(self, occurrence: Any, partstat: PartStat) -> None:
        respond(
            actor=self.writer.actor,
            occurrence_id=occurrence.pk,
            person_id=self.writer.person.pk,
            partstat=partstat,
            scope=self._scope(),
            written=Written(self.post.written_at, self.answer.comment),
            now=self.post.now,
        )

    def _scope(self) -> Scope:
        if self.answer.recurrence_id is None:
            return Scope.ALL
        return Scope.FOLLOWING if self.answer.range_following else Scope.ONE

    def _is_stale(self, occurrence: Any) -> bool:
        """Whether it answers a time that has changed since: an older SEQUENCE, and not the times of now (§2.1.4, §2.1.5)."""
        if self.answer.sequence >= self.meeting.sequence:
            return False
        start = self.answer.start
        if start is None:
            return True
        if self.answer.recurrence_id is None and self.meeting.is_series:
            first = _moment(start, self.meeting.zone)
            return bool(
                (first if isinstance(first, datetime) else midnight(first)) != self.meeting.local_start
            )
        return bool(_instant(start, self.meeting.zone) != occurrence.starts_at)

    def _counter(self, occurrence: Any) -> Outcome:
        if self.answer.recurrence_id is None and self.meeting.is_series:
            return self._said(Verdict.LISTED, Reason.COUNTER_OF_SERIES)
        if self.answer.start is None or self.answer.end is None:
            return self._said(Verdict.LISTED, Reason.COUNTER_WITHOUT_TIME)
        if self._counter_is_stale(occurrence):
            return self._said(Verdict.LISTED, Reason.STALE)
        try:
            propose(
                actor=self.writer.actor,
                occurrence_id=occurrence.pk,
                person_id=self.writer.person.pk,
                starts_at=_instant(self.answer.start, self.meeting.zone),
                ends_at=_instant(self.answer.end, self.meeting.zone),
                comment=self.answer.comment,
                now=self.post.now,
            )
        except ValidationError as error:
            return self._refused(error)
        self._answer_beside(occurrence)
        return self._said(Verdict.APPLIED, Reason.PROPOSED)

    def _counter_is_stale(self, occurrence: Any) -> bool:
        """Its own start is the new one; what it is instead of, Outlook says."""
        if self.answer.sequence >= self.meeting.sequence:
            return False
        was = self.answer.original_start
        return was is None or _instant(was, self.meeting.zone) != occurrence.starts_at

    def _answer_beside(self, occurrence: Any) -> None:
        """Outlook's “decline and propose”, “tentative and propose”: the answer counts too, unless it was given anew since."""
        partstat = _partstat(self.writer.attendee)
        if partstat in BY_LETTER:
            with suppress(ValidationError):
                self._respond(occurrence, partstat)

    def _refresh(self) -> Outcome:
        try:
            send_again(
                actor=self.writer.actor,
                meeting_id=self.meeting.pk,
                person_id=self.writer.person.pk,
                now=self.post.now,
            )
        except ValidationError as error:
            if error.code == TOO_SOON:
                return self._said(Verdict.IGNORED, Reason.TOO_SOON)
            return self._refused(error)
        return self._said(Verdict.APPLIED, Reason.SENT_AGAIN)

    def _refused(self, error: ValidationError) -> Outcome:
        if OVERTAKEN in _codes(error):
            return self._said(Verdict.LISTED, Reason.OVERTAKEN)
        return self._said(Verdict.LISTED, Reason.REFUSED, why=" ".join(error.messages))

    def _said(self, verdict: Verdict, reason: Reason, **facts: object) -> Outcome:
        told = {"name": self.writer.name, "title": self.meeting.title, "meeting": self.meeting.pk}
        return outcome(verdict, reason, **told, uid=self.answer.uid, **facts)


def _codes(error: ValidationError) -> set[str | None]:
    if hasattr(error, "error_dict"):
        return {each.code for errors in error.error_dict.values() for each in errors}
    return {each.code for each in error.error_list}


def _partstat(attendee: Attendee) -> PartStat:
    return PartStat(attendee.partstat.lower())


def _instant(when: When, zone: str) -> datetime:
    """Aware; a day begins in the meeting's zone."""
    return aware(when, ZoneName(zone))


def _moment(when: When, zone: str) -> datetime | date:
    """On the clocks of the meeting's zone, whatever zone it was written in; a day stays a day."""
    if not isinstance(when, Timed):
        return when
    return when.local if when.zone == zone else in_zone(when, ZoneName(zone)).local


def _shown(when: When | None) -> str:
    if isinstance(when, Timed):
        return f"{when.local:%Y-%m-%d %H:%M} {when.zone}"
    return when.isoformat() if when is not None else ""
