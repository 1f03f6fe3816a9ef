"""All the rooms from a file: planned, and carried out in one transaction with everything on record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.bulk import CHUNK, Plan
from convenor.base.changes import columns
from convenor.base.models import AuditEntry
from convenor.base.permissions import require
from convenor.base.refusals import as_validation_error
from convenor.base.stale import tell_stale
from convenor.base.transactions import action
from convenor.venues.actions.planning import COLUMNS, PlannedRoom, RoomsPlan, plan_rows
from convenor.venues.actions.spaces import gather_spaces, halls_above, lock_spaces, require_free
from convenor.venues.drafts import RoomDraft
from convenor.venues.enums import UnitKind
from convenor.venues.models import BookableUnit, Equipment, Room, RoomEquipment, RoomSetup
from convenor.venues.queries.inventory import folded, inventory_for_import


def plan_rooms(*, actor: Actor, drafts: Sequence[RoomDraft], now: datetime) -> Plan:
    """What `import_rooms` would do, without doing it."""
    require(actor, "venue.import")
    return plan_rows(drafts, inventory_for_import(drafts), now).plan


@action
def import_rooms(*, actor: Actor, drafts: Sequence[RoomDraft], now: datetime, strict: bool = False) -> Plan:
    """Enter and change rooms as the drafts say; the same drafts again change nothing.

    Refused rows don't hold up the others, unless `strict`: then one refused row leaves everything as it was.
    """
    require(actor, "venue.import")
    inventory = inventory_for_import(drafts)
    lock_spaces(
        inventory.rooms[code].pk for code in {folded(draft.code) for draft in drafts} & inventory.rooms.keys()
    )
    planned = plan_rows(drafts, inventory, now)
    if planned.rows and not (strict and planned.plan.refused):
        try:
            _carry_out(actor, planned, now)
        except IntegrityError as error:  # somebody else entered the same room meanwhile
            raise as_validation_error(error) from error
    return planned.plan


def _carry_out(actor: Actor, planned: RoomsPlan, now: datetime) -> None:
    kinds = planned.new_kinds()
    Equipment.objects.bulk_create(kinds, batch_size=CHUNK)
    new = [row for row in planned.rows if row.is_new]
    changed = [row for row in planned.rows if not row.is_new]
    left = _halls_of([row for row in changed if row.changes_hall], before=True)
    _create(new)
    _update(changed)
    _set_setups([row for row in planned.rows if row.changes_setups])
    _set_equipment([row for row in planned.rows if row.changes_equipment], planned.kinds)
    _settle_spaces(left, [row for row in planned.rows if row.changes_hall], now)
    audit.record_all(
        [
            audit.entry(actor=actor, action="equipment.created", obj=k, after=audit.snapshot(k, columns(k)))
            for k in kinds
        ]
        + [_entry(actor, "room.created", row) for row in new]
        + [_entry(actor, "room.changed", row) for row in changed]
    )
    tell_stale(room_ids=[row.room.pk for row in changed])


def _create(rows: list[PlannedRoom]) -> None:
    """Halls before their parts, so that every statement names only rooms that are there; each with a space of its own."""
    waiting = [row.room for row in rows]
    while waiting:
        ready = [room for room in waiting if room.part_of is None or not room.part_of._state.adding]
        waiting = [room for room in waiting if room.part_of is not None and room.part_of._state.adding]
        Room.objects.bulk_create(ready, batch_size=CHUNK)
    halls = {row.room.part_of_id for row in rows}
    rooms = [row.room for row in rows if row.room.pk not in halls]
    units = [BookableUnit(kind=UnitKind.SPACE, site_id=room.site_id, label=room.code) for room in rooms]
    BookableUnit.objects.bulk_create(units, batch_size=CHUNK)
    through = Room.units.through
    links = [
        through(room_id=room.pk, bookableunit_id=unit.pk) for room, unit in zip(rooms, units, strict=True)
    ]
    through.objects.bulk_create(links, batch_size=CHUNK)


def _update(rows: list[PlannedRoom]) -> None:
    for row in rows:  # a hall that was new has its key by now
        row.room.part_of = row.room.part_of
    after = [audit.snapshot(row.room, COLUMNS) for row in rows]
    moved = {
        name
        for row, now in zip(rows, after, strict=True)
        for name, value in now.items()
        if row.before[name] != value
    }
    if moved:
        Room.objects.bulk_update([row.room for row in rows], sorted(moved), batch_size=500)
    if "site" in moved:
        for row in rows:
            BookableUnit.objects.filter(rooms=row.room).update(site=row.room.site_id)


def _set_setups(rows: list[PlannedRoom]) -> None:
    RoomSetup.objects.filter(room__among=[row.room.pk for row in rows]).delete()
    RoomSetup.objects.bulk_create(
        (
            RoomSetup(
                room=row.room,
                style=draft.style,
                capacity=draft.capacity,
                setup_minutes=draft.setup_minutes,
                teardown_minutes=draft.teardown_minutes,
                is_default=draft.is_default,
            )
            for row in rows
            for draft in row.setups
        ),
        batch_size=CHUNK,
    )


def _set_equipment(rows: list[PlannedRoom], kinds: dict[str, Equipment]) -> None:
    RoomEquipment.objects.filter(room__among=[row.room.pk for row in rows]).delete()
    RoomEquipment.objects.bulk_create(
        (
            RoomEquipment(room=row.room, equipment=kinds[name], quantity=quantity)
            for row in rows
            for name, quantity in row.equipment.items()
        ),
        batch_size=CHUNK,
    )


def _halls_of(rows: Iterable[PlannedRoom], *, before: bool = False) -> list[Room]:
    """The halls above the rows, from the innermost out, each once; `before` asks for those of the rooms as they are in the database."""
    starts = [Room.objects.get(pk=row.room.pk) if before else row.room for row in rows]
    found: dict[int, Room] = {}
    for room in {room.part_of_id: room for room in starts}.values():
        for hall in halls_above(room):
            found.pop(hall.pk, None)  # an outer hall comes after the last of its parts
            found[hall.pk] = hall
    return list(found.values())


def _settle_spaces(left: list[Room], moved: list[PlannedRoom], now: datetime) -> None:
    joined = _halls_of(moved)
    for halls in (left, joined):
        for hall in halls:
            require_free([hall], now)
        gather_spaces(halls)


def _entry(actor: Actor, verb: str, row: PlannedRoom) -> AuditEntry | None:
    before = dict(row.before)
    after = audit.snapshot(row.room, columns(row.room) if row.is_new else COLUMNS)
    if row.changes_setups:
        before |= {"setups": {setup.style: setup.capacity for setup in row.setups_before}}
        after |= {"setups": {setup.style: setup.capacity for setup in row.setups}}
    if row.changes_equipment:
        before |= {"equipment": dict(row.equipment_before)}
        after |= {"equipment": row.equipment}
    return audit.entry(
        actor=actor, action=verb, obj=row.room, before={} if row.is_new else before, after=after
    )
