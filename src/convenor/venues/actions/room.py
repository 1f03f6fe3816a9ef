"""Rooms: made, changed, taken out of use. A change that would break bookings is refused with their list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.changes import save_row
from convenor.base.permissions import require
from convenor.base.stale import tell_stale
from convenor.base.transactions import action
from convenor.venues.actions.spaces import (
    gather_spaces,
    give_own_space,
    halls_above,
    lock_spaces,
    require_free,
)
from convenor.venues.checks import nothing_booked, room_fits, seats_hold_bookings, seats_of, setups_fit
from convenor.venues.drafts import RoomFields, SetupDraft, Setups
from convenor.venues.models import BookableUnit, Equipment, Room, RoomEquipment, RoomSetup
from convenor.venues.queries.rooms import room_for
from convenor.venues.registry import bookings_ahead

MOST_PIECES = 1_000


@action
def create_room(
    *,
    actor: Actor,
    now: datetime,
    setups: Setups = (),
    equipment: Mapping[int, int] | None = None,
    **fields: Unpack[RoomFields],
) -> Room:
    """Make a room; as `part_of` a hall it gives its space to the hall. `equipment` maps ids of kinds to quantities.

    Refused while the hall is booked ahead.
    """
    require(actor, "venue.edit")
    room = Room()
    save_row(actor=actor, action="room.created", row=room, changes=fields, checks=[room_fits])
    give_own_space(room)
    _join(halls_above(room), now)
    _set_setups(actor, room, setups, now)
    _set_equipment(actor, room, equipment or {})
    return room


@action
def change_room(
    *,
    actor: Actor,
    room_id: int,
    now: datetime,
    setups: Setups | None = None,
    equipment: Mapping[int, int] | None = None,
    **fields: Unpack[RoomFields],
) -> Room:
    """Change what is given; `setups` and `equipment` replace what was there. Raises Room.DoesNotExist.

    Refused, with the list, where a booking ahead would no longer fit, or a hall to join or leave is booked ahead.
    """
    require(actor, "venue.edit")
    room = room_for(actor, room_id)
    left, site_id, picture = halls_above(room), room.site_id, room.photo.name
    changed = save_row(actor=actor, action="room.changed", row=room, changes=fields, checks=[room_fits])
    _settle_space(room, left, site_id, now)
    if picture and room.photo.name != picture:
        transaction.on_commit(partial(room.photo.storage.delete, picture))
    if setups is not None:
        changed |= _set_setups(actor, room, setups, now)
    if equipment is not None:
        changed |= _set_equipment(actor, room, equipment)
    if changed:
        tell_stale(room_ids=[room.pk])
    return room_for(actor, room_id)


@action
def retire_room(*, actor: Actor, room_id: int, now: datetime) -> Room:
    """Take a room out of use; refused, with their list, while there are bookings ahead."""
    require(actor, "venue.edit")
    room = room_for(actor, room_id)
    lock_spaces([room.pk])
    reason = gettext("%(room)s is booked; move these bookings first:") % {"room": room.code}
    nothing_booked(bookings_ahead([room.pk], now), room.site, reason, "is_active")
    save_row(actor=actor, action="room.retired", row=room, changes={"is_active": False})
    return room


@action
def restore_room(*, actor: Actor, room_id: int) -> Room:
    """Take a room into use again."""
    require(actor, "venue.edit")
    room = room_for(actor, room_id)
    save_row(actor=actor, action="room.restored", row=room, changes={"is_active": True})
    return room


def drafts_of(room: Room) -> list[SetupDraft]:
    """The room's set-ups as they are, largest first."""
    return [
        SetupDraft(each.style, each.capacity, each.setup_minutes, each.teardown_minutes, each.is_default)
        for each in room.setups.all()
    ]


def with_usual(setups: Setups) -> list[SetupDraft]:
    """The same set-ups, of which exactly one is the usual one: the first where none says that it is."""
    drafts = list(setups)
    if drafts and not any(draft.is_default for draft in drafts):
        first = drafts[0]
        drafts[0] = SetupDraft(
            first.style, first.capacity, first.setup_minutes, first.teardown_minutes, is_default=True
        )
    return drafts


def _join(halls: list[Room], now: datetime) -> None:
    require_free(halls, now)
    gather_spaces(halls)


def _settle_space(room: Room, left: list[Room], site_id: int, now: datetime) -> None:
    joined = halls_above(room)
    if [hall.pk for hall in left] != [hall.pk for hall in joined]:
        _join(left, now)
        _join(joined, now)
    if room.site_id != site_id:
        if room.parts.exists():
            raise ValidationError({"site": gettext("The parts of this room are at its present site.")})
        BookableUnit.objects.filter(rooms=room).update(site=room.site_id)


def _set_setups(actor: Actor, room: Room, setups: Setups, now: datetime) -> bool:
    drafts = with_usual(setups)
    setups_fit(drafts)
    lock_spaces([room.pk])
    before = with_usual(drafts_of(room))
    told = {"before": {"setups": _told(before)}, "after": {"setups": _told(drafts)}}
    if not audit.record(actor=actor, action="room.setups_set", obj=room, **told):
        return False
    seats_hold_bookings(seats_of(before), seats_of(drafts), bookings_ahead([room.pk], now), room.site)
    room.setups.all().delete()
    RoomSetup.objects.bulk_create(
        RoomSetup(
            room=room,
            style=draft.style,
            capacity=draft.capacity,
            setup_minutes=draft.setup_minutes,
            teardown_minutes=draft.teardown_minutes,
            is_default=draft.is_default,
        )
        for draft in drafts
    )
    return True


def _told(drafts: list[SetupDraft]) -> dict[str, object]:
    return {
        draft.style: [draft.capacity, draft.setup_minutes, draft.teardown_minutes, draft.is_default]
        for draft in drafts
    }


def _set_equipment(actor: Actor, room: Room, equipment: Mapping[int, int]) -> bool:
    kinds = {kind.pk: kind for kind in Equipment.objects.filter(pk__in=equipment)}
    if unknown := equipment.keys() - kinds.keys():
        sentence = gettext("There is no such equipment: %(ids)s.")
        raise ValidationError({"equipment": sentence % {"ids": ", ".join(map(str, sorted(unknown)))}})
    if wrong := [kinds[pk].name for pk, quantity in equipment.items() if not 1 <= quantity <= MOST_PIECES]:
        params = {"names": ", ".join(wrong), "limit": MOST_PIECES}
        raise ValidationError({"equipment": gettext("%(names)s: from 1 to %(limit)d pieces.") % params})
    before = {each.equipment.code: each.quantity for each in room.equipment.select_related("equipment")}
    after = {kinds[pk].code: quantity for pk, quantity in equipment.items()}
    told = {"before": {"equipment": before}, "after": {"equipment": after}}
    if not audit.record(actor=actor, action="room.equipment_set", obj=room, **told):
        return False
    room.equipment.all().delete()
    RoomEquipment.objects.bulk_create(
        RoomEquipment(room=room, equipment_id=pk, quantity=quantity) for pk, quantity in equipment.items()
    )
    return True
