"""People who take part in an occurrence without being asked to the meeting: a roll puts them there.

They are busy then and see it in their calendar. No attendee is made or removed, nobody gets a mail, and nothing that
follows answers is told: the roll, whose own record says who did it, tells its people and would otherwise follow itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from convenor.base.inserting import insert_rows
from convenor.base.transactions import action
from convenor.base.updating import update_rows
from convenor.kernel.instants import Span, instant_of
from convenor.scheduling.enums import AttendeeRole, OccurrenceState, PartStat
from convenor.scheduling.models import Attendee, Occurrence, Participation
from convenor.scheduling.staleness import Scope, note_all_stale

Pair = tuple[int, int]
"""The keys of an occurrence and of a person."""


@action
def join(*, pairs: Collection[Pair], now: datetime) -> int:
    """Let these people take part: who is asked has accepted, who isn't comes in as optional. How many that changed.

    What is over stays as it was. At most 4 queries and 2 statements for each five hundred.
    """
    occurrences = _lock(pairs, now)
    wanted = {pair for pair in pairs if pair[0] in occurrences}
    present = _present(wanted)
    changed = [row for row in present.values() if _answer(row, occurrences, PartStat.ACCEPTED, now)]
    update_rows(changed, ["partstat", "answered_at", "blocks"])
    new = [_participation(occurrences[pair[0]], pair[1], now) for pair in sorted(wanted - present.keys())]
    insert_rows(new)
    _note_stale((*changed, *new))
    return len(changed) + len(new)


@action
def leave(*, pairs: Collection[Pair], answer: PartStat = PartStat.DECLINED, now: datetime) -> int:
    """Take these people out again; who is asked to the meeting stays asked, with `answer`. How many that changed.

    Who said “maybe” and is asked anew has said so.
    """
    occurrences = _lock(pairs, now)
    present = _present({pair for pair in pairs if pair[0] in occurrences})
    asked = _asked(occurrences, {person for _occurrence, person in present})
    stay = [
        row for row in present.values() if (occurrences[row.occurrence_id].meeting_id, row.person_id) in asked
    ]
    go = [row for row in present.values() if row not in stay]
    changed = [row for row in stay if _answer(row, occurrences, answer, now)]
    update_rows(changed, ["partstat", "answered_at", "blocks"])
    if go:
        Participation.objects.filter(pk__among=[row.pk for row in go]).delete()
    _note_stale((*changed, *go))
    return len(changed) + len(go)


def _lock(pairs: Iterable[Pair], now: datetime) -> dict[int, Occurrence]:
    """What isn't over, locked in key order, so that nobody gives it another time meanwhile."""
    keys = sorted({occurrence for occurrence, _person in pairs})
    if not keys:
        return {}
    rows = Occurrence.objects.filter(pk__among=keys, ends_at__gt=now).select_related("meeting").order_by("pk")
    return {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}


def _present(pairs: Collection[Pair]) -> dict[Pair, Participation]:
    if not pairs:
        return {}
    rows = Participation.objects.filter(
        occurrence__among=sorted({occurrence for occurrence, _person in pairs}),
        person__among=sorted({person for _occurrence, person in pairs}),
    )
    found = {(row.occurrence_id, row.person_id): row for row in rows.order_by("pk")}
    return {pair: row for pair, row in found.items() if pair in pairs}


def _asked(occurrences: Mapping[int, Occurrence], persons: Collection[int]) -> set[Pair]:
    """Pairs of a meeting and somebody who is asked to it."""
    if not persons:
        return set()
    meetings = sorted({row.meeting_id for row in occurrences.values()})
    rows = Attendee.objects.filter(meeting__among=meetings, person__among=sorted(persons))
    return set(rows.values_list("meeting_id", "person_id"))


def _answer(
    row: Participation, occurrences: Mapping[int, Occurrence], answer: PartStat, now: datetime
) -> bool:
    """Set the columns, not saved yet; whether that changed any."""
    if row.partstat == PartStat.TENTATIVE and answer == PartStat.NEEDS_ACTION:
        return False
    blocks = answer != PartStat.DECLINED and _blocks(occurrences[row.occurrence_id])
    if (row.partstat, row.blocks) == (answer, blocks):
        return False
    row.partstat, row.blocks = answer, blocks
    row.answered_at = None if answer == PartStat.NEEDS_ACTION else now
    return True


def _blocks(occurrence: Occurrence) -> bool:
    return occurrence.state == OccurrenceState.SCHEDULED and occurrence.meeting.shows_as_busy


def _participation(occurrence: Occurrence, person: int, now: datetime) -> Participation:
    return Participation(
        occurrence_id=occurrence.pk,
        person_id=person,
        role=AttendeeRole.OPTIONAL,
        partstat=PartStat.ACCEPTED,
        answered_at=now,
        blocks=_blocks(occurrence),
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        is_long=occurrence.is_long,
    )


def _note_stale(rows: Collection[Participation]) -> None:
    """One scope for each occurrence, in one insert."""
    persons: dict[int, list[int]] = {}
    spans: dict[int, Span] = {}
    for row in rows:
        persons.setdefault(row.occurrence_id, []).append(row.person_id)
        spans[row.occurrence_id] = Span(instant_of(row.starts_at), instant_of(row.ends_at))
    note_all_stale(
        [Scope(person_ids=persons[key], occurrence_ids=[key], span=spans[key]) for key in sorted(spans)]
    )
