"""Allotments: blocks of a roll's seats for a department or an organisation, which fall back at their release date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from convenor.attendance.actions.capacity import limit_of
from convenor.attendance.actions.offers import fill_seats
from convenor.attendance.actions.opening import editable_roll, lock_rolls, refuse_over, refusing
from convenor.attendance.drafts import AllotmentDraft
from convenor.attendance.models import Allotment, Roll, Seat
from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.enums import ALIVE

RELEASE = Actor.system("Release of allotments")
Owner = tuple[int | None, int | None]


@action
def set_allotments(
    *, actor: Actor, roll_id: int, drafts: Sequence[AllotmentDraft], now: datetime
) -> list[Allotment]:
    """The roll's allotments as they shall be. One that isn't among the drafts falls back at once, but for what is taken.

    Raises Roll.DoesNotExist, Refused, and ValidationError: over, an owner given twice or not at all, a block smaller
    than what is taken of it, more than the roll holds.
    """
    roll = editable_roll(actor, roll_id)
    refuse_over(roll.event, now)
    there = {_owner(each): each for each in _of(roll)}
    before = _snapshot(there.values())
    wanted = {(draft.department_id, draft.organisation_id): draft for draft in drafts}
    _check(roll, drafts, there)
    with refusing():
        _remove([row for owner, row in there.items() if owner not in wanted], now)
        _write(roll, wanted, there)
    rows = _of(roll)
    after = _snapshot(rows)
    audit.record(
        actor=actor,
        action="roll.allotted",
        obj=roll,
        before={"allotments": before},
        after={"allotments": after},
    )
    fill_seats([roll], now)
    return rows


def _of(roll: Roll) -> list[Allotment]:
    return list(roll.allotments.select_related("department", "organisation").order_by("pk"))


def _owner(row: Allotment) -> Owner:
    return row.department_id, row.organisation_id


def _snapshot(rows: Iterable[Allotment]) -> dict[str, int]:
    return {str(row.department or row.organisation): row.size for row in rows}


def _check(roll: Roll, drafts: Sequence[AllotmentDraft], there: dict[Owner, Allotment]) -> None:
    owners = Counter((draft.department_id, draft.organisation_id) for draft in drafts)
    for (department, organisation), count in owners.items():
        if (department is None) == (organisation is None):
            raise _refusal(_("An allotment is a department's or an organisation's."))
        if count > 1:
            raise _refusal(_("Each department and organisation has one allotment."))
    for draft in drafts:
        row = there.get((draft.department_id, draft.organisation_id))
        if row is not None and draft.size < row.taken:
            sentence = _("%(taken)d of the seats for %(owner)s are taken already.")
            raise _refusal(sentence % {"taken": row.taken, "owner": row.department or row.organisation})
    # What isn't asked for any more keeps its seats that are taken
    gone = sum(row.taken for owner, row in there.items() if owner not in owners)
    wanted, limit = sum(draft.size for draft in drafts), limit_of(roll)
    if limit is not None and wanted > limit - roll.taken - gone:
        sentence = _("The roll has %(room)d seats for allotments; these come to %(sum)d.")
        raise _refusal(sentence % {"room": limit - roll.taken - gone, "sum": wanted})


def _refusal(sentence: str) -> ValidationError:
    return ValidationError({"size": [ValidationError(sentence, code="never_oversold")]})


def _remove(rows: Collection[Allotment], now: datetime) -> None:
    """What nobody sits in goes; the rest is released, and shrinks with every seat that is given up."""
    empty = [row.pk for row in rows if not row.taken]
    Seat.objects.filter(allotment__in=empty).update(allotment=None)  # of people who are gone
    Allotment.objects.filter(pk__in=empty).delete()
    kept = Allotment.objects.filter(pk__in=[row.pk for row in rows if row.taken])
    kept.update(size=F("taken"), released_at=now)


def _write(roll: Roll, wanted: dict[Owner, AllotmentDraft], there: dict[Owner, Allotment]) -> None:
    """The smaller ones first, so that the roll isn't overdrawn in between."""
    rows = [_row(roll, owner, there.get(owner)) for owner in wanted]
    for row in sorted(rows, key=lambda row: wanted[_owner(row)].size - (row.size if row.pk else 0)):
        draft = wanted[_owner(row)]
        row.size, row.release_at = draft.size, draft.release_at
        if row.size > row.taken:
            row.released_at = None
        row.clean_fields(exclude=["roll", "department", "organisation"])
        if row.pk:
            row.save(update_fields=["size", "release_at", "released_at"])
        else:
            row.save(force_insert=True)


def _row(roll: Roll, owner: Owner, there: Allotment | None) -> Allotment:
    return there or Allotment(roll=roll, department_id=owner[0], organisation_id=owner[1], size=0)


def release_allotments(now: datetime) -> int:
    """Let allotments whose release date has come fall back to their rolls, which offer them; how many. One transaction
    for each event.
    """
    due = Allotment.objects.filter(
        release_at__lte=now, released_at__isnull=True, roll__event__state__in=ALIVE
    )
    events: dict[int, set[int]] = {}
    for event, roll in due.values_list("roll__event_id", "roll_id"):
        events.setdefault(event, set()).add(roll)
    return sum(_release(rolls, now) for _event, rolls in sorted(events.items()))


@action
def _release(roll_ids: Collection[int], now: datetime) -> int:
    rolls = lock_rolls(roll_ids)
    due = Allotment.objects.filter(roll__in=rolls, release_at__lte=now, released_at__isnull=True)
    rows = list(due.select_related("department", "organisation").order_by("pk"))
    before = {row.pk: {"allotments": _snapshot([row])} for row in rows}
    Allotment.objects.filter(pk__in=before).update(size=F("taken"), released_at=now)
    for row in rows:
        row.size = row.taken
    audit.record_all(
        audit.entry(
            actor=RELEASE,
            action="roll.released",
            obj=rolls[row.roll_id],
            before=before[row.pk],
            after={"allotments": _snapshot([row])},
        )
        for row in rows
    )
    fill_seats(rolls.values(), now)
    return len(rows)
