"""Kinds of equipment, and how many movable pieces of each a site has."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils.translation import gettext

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.changes import delete_row, save_row
from convenor.base.permissions import require
from convenor.base.stale import tell_stale
from convenor.base.transactions import action
from convenor.venues.checks import nothing_booked, pieces_suffice
from convenor.venues.enums import UnitKind
from convenor.venues.models import BookableUnit, Equipment
from convenor.venues.queries.rooms import equipment_kind_for
from convenor.venues.queries.sites import site_for
from convenor.venues.registry import BookedPieces, pieces_ahead


@action
def create_equipment(*, actor: Actor, code: str, name: str, is_movable: bool = False) -> Equipment:
    require(actor, "venue.edit")
    kind = Equipment()
    changes = {"code": code, "name": name, "is_movable": is_movable}
    save_row(actor=actor, action="equipment.created", row=kind, changes=changes)
    return kind


@action
def change_equipment(*, actor: Actor, equipment_id: int, code: str, name: str, is_movable: bool) -> Equipment:
    """Raises Equipment.DoesNotExist."""
    require(actor, "venue.edit")
    kind = equipment_kind_for(actor, equipment_id)
    if kind.is_movable and not is_movable and kind.units.filter(is_active=True).exists():
        sentence = gettext("Sites have movable pieces of this; set their stock to 0 first.")
        raise ValidationError({"is_movable": sentence})
    changes = {"code": code, "name": name, "is_movable": is_movable}
    save_row(actor=actor, action="equipment.changed", row=kind, changes=changes)
    return kind


@action
def retire_equipment(*, actor: Actor, equipment_id: int) -> None:
    """Take a kind off the list; refused where rooms, sites or bookings have ever had it."""
    require(actor, "venue.edit")
    kind = equipment_kind_for(actor, equipment_id)
    try:
        delete_row(actor=actor, action="equipment.retired", row=kind)
    except ProtectedError as error:
        sentence = gettext(
            "“%(name)s” is in rooms, in a site's stock or in bookings, so it stays on the list."
        )
        raise ValidationError({"__all__": sentence % {"name": kind.name}}) from error


@action
def set_stock(*, actor: Actor, equipment_id: int, site_id: int, pieces: int, now: datetime) -> None:
    """Let a site have so many movable pieces. Fewer than are booked at one time ahead is refused with the list.

    Pieces that aren't booked go first; a piece that comes back is an old one again.
    """
    require(actor, "venue.edit")
    kind, site = equipment_kind_for(actor, equipment_id), site_for(actor, site_id)
    if not kind.is_movable:
        raise ValidationError(
            {
                "pieces": gettext("“%(name)s” isn't movable, so no site keeps a stock of it.")
                % {"name": kind.name}
            }
        )
    units = list(
        BookableUnit.objects.select_for_update(no_key=True).filter(equipment=kind, site=site).order_by("pk")
    )
    pieces_suffice(units, pieces, "pieces")
    in_use = [unit for unit in units if unit.is_active]
    before, after = {"stock": {site.code: len(in_use)}}, {"stock": {site.code: pieces}}
    if audit.record(actor=actor, action="equipment.stock_set", obj=kind, before=before, after=after):
        _shrink(in_use, len(in_use) - pieces, kind, now)
        _grow(units, pieces - len(in_use), kind, site.pk)
        tell_stale(site_ids=[site.pk])


def _shrink(in_use: list[BookableUnit], surplus: int, kind: Equipment, now: datetime) -> None:
    if surplus <= 0:
        return
    booked = pieces_ahead([unit.pk for unit in in_use], now)
    taken = {unit for booking in booked for unit in booking.unit_ids}
    spare = [unit.pk for unit in reversed(in_use) if unit.pk not in taken]
    if len(spare) < surplus:
        missed: list[BookedPieces] = booked
        reason = gettext("Of “%(name)s”, %(n)d pieces are booked:") % {"name": kind.name, "n": len(taken)}
        nothing_booked(missed, in_use[0].site, reason, "pieces")
    BookableUnit.objects.filter(pk__in=spare[:surplus]).update(is_active=False)


def _grow(units: list[BookableUnit], wanted: int, kind: Equipment, site_id: int) -> None:
    if wanted <= 0:
        return
    old = [unit.pk for unit in units if not unit.is_active][:wanted]
    BookableUnit.objects.filter(pk__in=old).update(is_active=True)
    BookableUnit.objects.bulk_create(
        BookableUnit(
            kind=UnitKind.EQUIPMENT, site_id=site_id, equipment=kind, label=f"{kind.name} {number}"[:80]
        )
        for number in range(len(units) + 1, len(units) + 1 + wanted - len(old))
    )
