"""What venues are asked for, as plain values: from forms, imports and the demo alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypedDict

from convenor.venues.enums import SetupStyle
from convenor.venues.models import Room, Site


@dataclass(frozen=True, slots=True)
class SetupDraft:
    """Seats in one style. Of a room's drafts the first is the usual one, unless another says that it is."""

    style: str
    capacity: int
    setup_minutes: int = 0
    teardown_minutes: int = 0
    is_default: bool = False


class SiteFields(TypedDict, total=False):
    """Columns of a site; those left out stay as they are."""

    code: str
    name: str
    zone: str
    country: str
    subdivision: str
    address: str
    currency: str


class RoomFields(TypedDict, total=False):
    """Columns of a room; those left out stay as they are. `approver` is an account, `photo` an uploaded file."""

    site: Site
    code: str
    name: str
    floor: str
    part_of: Room | None
    accessible: bool
    turn_minutes: int
    approval_needed: bool
    approver: Any
    booking_window_days: int | None
    longest_minutes: int | None
    hourly_rate: Decimal
    photo: Any
    note: str


@dataclass(frozen=True, slots=True)
class RoomDraft:
    """One row of an import. What is None stays as it is; references are names that the action looks up.

    `setups` maps styles to seats and replaces only those styles; `equipment` maps codes or names to quantities and replaces all.
    """

    line: int
    code: str
    name: str | None = None
    site: str | None = None
    floor: str | None = None
    setups: Mapping[SetupStyle, int] | None = None
    equipment: Mapping[str, int] | None = None
    accessible: bool | None = None
    turn_minutes: int | None = None
    approval_needed: bool | None = None
    approver: str | None = None
    booking_window_days: int | None = None
    longest_minutes: int | None = None
    hourly_rate: Decimal | None = None
    part_of: str | None = None


Setups = Sequence[SetupDraft]
