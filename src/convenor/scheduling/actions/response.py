"""Answers to invitations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from convenor.base import audit, clock, outbox
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.kernel.instants import Span, instant_of
from convenor.people.models import Person
from convenor.scheduling import registry
from convenor.scheduling.actions.record import REPLY
from convenor.scheduling.enums import OccurrenceState, PartStat, Scope
from convenor.scheduling.models import Occurrence, Participation
from convenor.scheduling.permissions import in_the_name_of
from convenor.scheduling.queries.meetings import occurrence_for
from convenor.scheduling.staleness import note_stale

ANSWERS = frozenset({PartStat.ACCEPTED, PartStat.TENTATIVE, PartStat.DECLINED})
BY_LETTER = ANSWERS | {PartStat.DELEGATED}
ABSENT = frozenset({PartStat.DECLINED, PartStat.DELEGATED})
OVERTAKEN = "overtaken"  # the code of the refusal of an answer that is older than the one on record


@dataclass(frozen=True, slots=True)
class Written:
    """An answer that was written before it came in, as by mail: when, and with which words."""

    at: datetime
    comment: str = ""


@action
def respond(
    *,
    actor: Actor,
    occurrence_id: int,
    person_id: int,
    partstat: PartStat,
    scope: Scope = Scope.ONE,
    written: Written | None = None,
    now: datetime,
) -> int:
    """Accept, accept tentatively or decline one occurrence, this and the following, or all that aren't over; how many.

    An answer that was `written` earlier may say that somebody else was sent (DELEGATED), keeps its words, and leaves
    alone what was answered after it. Raises Occurrence.DoesNotExist, Refused, and ValidationError for somebody who isn't
    asked, an occurrence that is cancelled, or (code OVERTAKEN) an answer that is older than those on record.
    """
    occurrence = occurrence_for(actor, occurrence_id)
    require(actor, "meeting.respond", person_id)
    if partstat not in (BY_LETTER if written else ANSWERS):
        raise ValidationError({"partstat": [_("Answer yes, maybe or no.")]})
    rows = _open_rows(_rows(occurrence, person_id, scope, now), written)
    before = {"partstat": rows[0].partstat}
    blocks = partstat not in ABSENT and occurrence.meeting.shows_as_busy
    values: dict[str, Any] = {"comment": written.comment} if written else {}
    changed = Participation.objects.filter(pk__among=[row.pk for row in rows])
    changed.update(partstat=partstat, answered_at=written.at if written else now, blocks=blocks, **values)
    name = Person.objects.values_list("name", flat=True).get(pk=person_id)
    _record(in_the_name_of(actor, person_id, name), occurrence, rows, before, partstat, now)
    for follow in registry.answer_followers:
        follow(actor, [row.occurrence_id for row in rows], person_id, partstat, now)
    return len(rows)


def _open_rows(asked: QuerySet[Participation], written: Written | None) -> list[Participation]:
    """The rows that the answer is for, locked."""
    rows = list(asked.select_for_update(no_key=True, of=("self",)))
    if not rows:
        raise ValidationError({"person_id": [_("There is nothing to answer: not asked, or cancelled.")]})
    newer = [row for row in rows if written and row.answered_at and row.answered_at > written.at]
    if len(newer) == len(rows):
        sentence = _("A later answer is on record already.")
        raise ValidationError({"partstat": [ValidationError(sentence, code=OVERTAKEN)]})
    return [row for row in rows if row not in newer]


def _rows(occurrence: Occurrence, person_id: int, scope: Scope, now: datetime) -> QuerySet[Participation]:
    rows = Participation.objects.filter(person=person_id, occurrence__state=OccurrenceState.SCHEDULED)
    if scope == Scope.ONE or not occurrence.meeting.is_series:
        rows = rows.filter(occurrence=occurrence)
    else:
        rows = rows.filter(occurrence__meeting=occurrence.meeting_id, ends_at__gt=now)
        if scope == Scope.FOLLOWING:
            rows = rows.filter(occurrence__recurrence_id__gte=occurrence.recurrence_id)
    return rows.order_by("pk")


def _record(
    actor: Actor,
    occurrence: Occurrence,
    rows: list[Participation],
    before: dict[str, str],
    partstat: PartStat,
    now: datetime,
) -> None:
    meeting, person_id = occurrence.meeting, rows[0].person_id
    after = {"partstat": partstat, "occurrences": len(rows)}
    audit.record(actor=actor, action="meeting.answered", obj=rows[0], before=before, after=after)
    if meeting.source_id is None:
        outbox.put(
            kind=REPLY,
            key=f"{meeting.pk}:{meeting.sequence}:{occurrence.pk}:{person_id}:{now.isoformat()}",
            payload={
                "meeting_id": meeting.pk,
                "uid": meeting.uid,
                "sequence": meeting.sequence,
                "person_id": person_id,
                "partstat": partstat,
                "occurrence_ids": [row.occurrence_id for row in rows],
            },
            # Several people's answers within the wait become one mail to the organiser
            run_at=clock.now() + timedelta(seconds=settings.INVITATION_DELAY),
        )
    start, end = min(row.starts_at for row in rows), max(row.ends_at for row in rows)
    note_stale(
        person_ids=[person_id],
        occurrence_ids=[row.occurrence_id for row in rows],
        span=Span(instant_of(start), instant_of(end)),
    )
