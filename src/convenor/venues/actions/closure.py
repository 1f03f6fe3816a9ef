"""Sites, floors and rooms out of service for a while. Bookings stay: they become conflicts that somebody decides."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict, Unpack

from convenor.base.actor import Actor
from convenor.base.changes import delete_row, save_row
from convenor.base.permissions import require
from convenor.base.stale import tell_stale
from convenor.base.transactions import action
from convenor.venues.checks import closure_fits
from convenor.venues.models import Closure, Room, Site
from convenor.venues.queries.rooms import closure_for


class ClosureFields(TypedDict, total=False):
    """Columns of a closure; those left out stay as they are. Times are aware."""

    site: Site
    floor: str
    room: Room | None
    starts_at: datetime
    ends_at: datetime
    kind: str
    reason: str


@action
def create_closure(*, actor: Actor, **fields: Unpack[ClosureFields]) -> Closure:
    """Without `site` it is the room's."""
    require(actor, "venue.edit")
    room = fields.get("room")
    if room is not None:
        fields.setdefault("site", room.site)
    closure = Closure()
    save_row(actor=actor, action="closure.created", row=closure, changes=fields, checks=[closure_fits])
    _tell(closure.site_id, closure.starts_at, closure.ends_at)
    return closure


@action
def change_closure(*, actor: Actor, closure_id: int, **fields: Unpack[ClosureFields]) -> Closure:
    """Raises Closure.DoesNotExist."""
    require(actor, "venue.edit")
    closure = closure_for(actor, closure_id)
    site_id, starts_at, ends_at = closure.site_id, closure.starts_at, closure.ends_at
    if save_row(actor=actor, action="closure.changed", row=closure, changes=fields, checks=[closure_fits]):
        _tell(site_id, starts_at, ends_at)
        _tell(closure.site_id, closure.starts_at, closure.ends_at)
    return closure


@action
def withdraw_closure(*, actor: Actor, closure_id: int) -> None:
    """Open again what was closed. Raises Closure.DoesNotExist."""
    require(actor, "venue.edit")
    closure = closure_for(actor, closure_id)
    _tell(closure.site_id, closure.starts_at, closure.ends_at)
    delete_row(actor=actor, action="closure.withdrawn", row=closure)


def _tell(site_id: int, starts_at: datetime, ends_at: datetime) -> None:
    tell_stale(site_ids=[site_id], starts_at=starts_at, ends_at=ends_at)
