"""What an import of rooms would do: each row matched by code, its references looked up, checked by the validators of the forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext

from convenor.base import audit
from convenor.base.bulk import Change, Plan, PlannedRow
from convenor.base.changes import row_problems
from convenor.kernel.trees import makes_cycle
from convenor.venues.actions.room import drafts_of, with_usual
from convenor.venues.checks import nothing_booked, room_fits, seats_hold_bookings, seats_of, setups_fit
from convenor.venues.drafts import RoomDraft, SetupDraft
from convenor.venues.enums import SetupStyle
from convenor.venues.models import Equipment, Room
from convenor.venues.queries.inventory import Inventory, folded
from convenor.venues.registry import BookedHeadcount, bookings_ahead

PLAIN = (
    "name",
    "floor",
    "accessible",
    "turn_minutes",
    "approval_needed",
    "booking_window_days",
    "longest_minutes",
    "hourly_rate",
)
COLUMNS = ("site", *PLAIN, "approver", "part_of")


@dataclass(slots=True)
class PlannedRoom:
    """A row on its way: the room as it would be, and how it was. `equipment` maps folded names of kinds to quantities."""

    draft: RoomDraft
    room: Room
    before: dict[str, Any]
    shown: dict[str, str]
    setups_before: list[SetupDraft]
    setups: list[SetupDraft]
    equipment_before: Mapping[str, int]
    equipment: dict[str, int]
    hall_before: str | None = None

    @property
    def is_new(self) -> bool:
        return self.room._state.adding

    @property
    def changes_setups(self) -> bool:
        return self.setups != self.setups_before

    @property
    def changes_equipment(self) -> bool:
        return self.equipment != self.equipment_before

    @property
    def changes_hall(self) -> bool:
        return self.hall_before != (folded(self.room.part_of.code) if self.room.part_of else None)


@dataclass(slots=True)
class RoomsPlan:
    """The plan with the rows that would carry it out, and the kinds of equipment that would be new."""

    plan: Plan = field(default_factory=Plan)
    rows: list[PlannedRoom] = field(default_factory=list)
    kinds: dict[str, Equipment] = field(default_factory=dict)

    def new_kinds(self) -> list[Equipment]:
        named = (self.kinds[name] for row in self.rows for name in row.equipment)
        return list({id(kind): kind for kind in named if kind._state.adding}.values())


def plan_rows(drafts: Sequence[RoomDraft], inventory: Inventory, now: datetime) -> RoomsPlan:
    """Decide about every draft; nothing is written."""
    named = {folded(draft.code) for draft in drafts} | {folded(draft.part_of or "") for draft in drafts}
    known = {room.pk for code, room in inventory.rooms.items() if code in named} | inventory.hall_ids()
    booked: dict[int, list[BookedHeadcount]] = defaultdict(list)
    for booking in bookings_ahead(known, now) if known else []:
        booked[booking.room_id].append(booking)
    planner = _Planner(inventory, booked)
    for draft in drafts:
        planner.add(draft)
    planner.set_halls()
    planner.check_rows()
    planner.sort_out()
    return planner.result


class _Planner:
    def __init__(self, inventory: Inventory, booked: Mapping[int, list[BookedHeadcount]]) -> None:
        self.inventory, self.booked = inventory, booked
        self.result = RoomsPlan(kinds=dict(inventory.equipment))
        self.by_code: dict[str, PlannedRoom] = {}
        self.lines: dict[str, int] = {}

    @property
    def plan(self) -> Plan:
        return self.result.plan

    def add(self, draft: RoomDraft) -> None:
        code = folded(draft.code)
        if code in self.lines:
            sentence = gettext("Line %(line)d has this code already.") % {"line": self.lines[code]}
            self.plan.refuse(draft.line, "code", sentence)
            return
        self.lines[code] = draft.line
        row = _planned(draft, self.inventory.rooms.get(code) or Room(code=draft.code, name=draft.code))
        count = len(self.plan.refused)
        for name in PLAIN:
            if getattr(draft, name) is not None:
                setattr(row.room, name, getattr(draft, name) or _emptied(name, getattr(draft, name)))
        self._place(row)
        self._approver(row)
        self._equip(row)
        if len(self.plan.refused) == count:
            self.by_code[code] = row

    def _place(self, row: PlannedRoom) -> None:
        name, sites = row.draft.site, self.inventory.sites
        if name and folded(name) in sites:
            row.room.site = sites[folded(name)]
        elif name:
            known = sorted({str(site) for site in sites.values()})[:10]
            params = {"name": name, "known": ", ".join(known) or "–"}
            self.plan.refuse(
                row.draft.line, "site", gettext("There is no site “%(name)s”. Known: %(known)s.") % params
            )
        elif row.is_new:
            self.plan.refuse(row.draft.line, "site", gettext("A new room needs a site."))

    def _approver(self, row: PlannedRoom) -> None:
        email = row.draft.approver
        if email is None:
            return
        row.room.approver = self.inventory.accounts.get(folded(email)) if email else None
        if email and row.room.approver is None:
            sentence = gettext("Nobody with the e-mail “%(email)s” can sign in.") % {"email": email}
            self.plan.refuse(row.draft.line, "approver", sentence)
        if row.draft.approval_needed is None and row.is_new:
            row.room.approval_needed = row.room.approver is not None

    def _equip(self, row: PlannedRoom) -> None:
        if row.draft.equipment is None:
            return
        row.equipment = {}
        for name, quantity in row.draft.equipment.items():
            kind = self.result.kinds.get(folded(name)) or self._new_kind(name)
            row.equipment[folded(kind.code)] = row.equipment.get(folded(kind.code), 0) + quantity

    def _new_kind(self, name: str) -> Equipment:
        kind = Equipment(code=slugify(name)[:40] or f"equipment-{len(self.result.kinds) + 1}", name=name[:80])
        return self.result.kinds.setdefault(
            folded(kind.code), self.result.kinds.setdefault(folded(name), kind)
        )

    # Halls, once it is known which rooms there will be

    def set_halls(self) -> None:
        above = self.inventory.halls()
        for code, row in list(self.by_code.items()):
            name = row.draft.part_of
            if name is None:
                continue
            hall = self._hall(row, folded(name), above) if name else None
            if hall is not None or not name:
                row.room.part_of, above[code] = hall, folded(name) or None
            else:
                del self.by_code[code]

    def _hall(self, row: PlannedRoom, code: str, above: dict[str, str | None]) -> Room | None:
        entered = self.by_code.get(code)
        hall = entered.room if entered else self.inventory.rooms.get(code)
        if hall is None:
            params = {"name": row.draft.part_of}
            self.plan.refuse(row.draft.line, "part_of", gettext("There is no room “%(name)s”.") % params)
        elif makes_cycle(above, folded(row.room.code), code):
            sentence = gettext("A room can't be part of itself or of its own parts.")
            self.plan.refuse(row.draft.line, "part_of", sentence)
            return None
        return hall

    def check_rows(self) -> None:
        """Everything that the forms check, halls before their parts: a part of a refused new hall is refused too."""
        halls = {folded(row.room.part_of.code) for row in self.by_code.values() if row.room.part_of}
        halls |= {hall for hall in self.inventory.halls().values() if hall}
        for code, row in sorted(self.by_code.items(), key=lambda item: len(_chain(item[1].room))):
            problems = row_problems(row.room, [room_fits], with_database=False)
            self.plan.refuse_all(row.draft.line, problems)
            is_fine = not problems and self._hall_is_there(row)
            if not (is_fine and self._bookings_allow(row, halls, code)):
                del self.by_code[code]

    def _hall_is_there(self, row: PlannedRoom) -> bool:
        hall = row.room.part_of
        if hall is None or not hall._state.adding or folded(hall.code) in self.by_code:
            return True
        self.plan.refuse(
            row.draft.line, "part_of", gettext("There is no room “%(name)s”.") % {"name": hall.code}
        )
        return False

    def _bookings_allow(self, row: PlannedRoom, halls: set[str], code: str) -> bool:
        booked = self.booked.get(row.room.pk, []) if not row.is_new else []
        checks: list[Callable[[], None]] = [lambda: setups_fit(row.setups)]
        if not row.is_new:
            before, after = seats_of(row.setups_before), seats_of(row.setups)
            checks.append(lambda: seats_hold_bookings(before, after, booked, row.room.site))
        if row.changes_hall:
            checks.append(lambda: self._halls_are_free(row))
        if not row.is_new and code in halls and row.before["site"] != row.room.site_id:
            checks.append(_parts_stay)
        passed = [self._passes(row, check) for check in checks]  # each says its own sentences
        return all(passed)

    def _passes(self, row: PlannedRoom, check: Callable[[], None]) -> bool:
        try:
            check()
        except ValidationError as error:
            self.plan.refuse_all(row.draft.line, error.error_dict)
            return False
        return True

    def _halls_are_free(self, row: PlannedRoom) -> None:
        left = self.inventory.rooms.get(row.hall_before or "")
        for hall in [*_chain(left), *_chain(row.room.part_of)]:
            reason = gettext("%(hall)s can't be divided differently while it is booked:") % {
                "hall": hall.code
            }
            nothing_booked(self.booked.get(hall.pk, []), hall.site, reason, "part_of")

    # The answer

    def sort_out(self) -> None:
        for row in sorted(self.by_code.values(), key=lambda each: each.draft.line):
            changes = tuple(_changes(row))
            planned = PlannedRow(row.draft.line, f"{row.room.code} {row.room.name}", changes)
            if row.is_new:
                self.plan.created.append(planned)
            elif changes:
                self.plan.changed.append(planned)
            else:
                self.plan.unchanged.append(planned)
            if row.is_new or changes:
                self.result.rows.append(row)
        self.plan.refused.sort()
        kinds = self.result.new_kinds()
        self.plan.notes += [gettext("New kind of equipment: %(name)s") % {"name": kind} for kind in kinds]


def _planned(draft: RoomDraft, room: Room) -> PlannedRoom:
    is_new = room._state.adding
    setups = [] if is_new else with_usual(drafts_of(room))
    things = {} if is_new else {folded(each.equipment.code): each.quantity for each in room.equipment.all()}
    return PlannedRoom(
        draft=draft,
        room=room,
        before={} if is_new else audit.snapshot(room, COLUMNS),
        shown={} if is_new else {name: _text(room, name) for name in COLUMNS},
        setups_before=setups,
        setups=_merged(setups, draft.setups) if draft.setups is not None else setups,
        equipment_before=things,
        equipment=dict(things),
        hall_before=folded(room.part_of.code) if room.part_of else None,
    )


def _merged(setups: list[SetupDraft], seats: Mapping[SetupStyle, int]) -> list[SetupDraft]:
    """The set-ups with these styles' seats; 0 takes a style away."""
    kept = [replace(s, capacity=seats.get(SetupStyle(s.style), s.capacity)) for s in setups]
    known = {setup.style for setup in setups}
    added = [SetupDraft(style, capacity) for style, capacity in seats.items() if style not in known]
    return with_usual(sorted((s for s in [*kept, *added] if s.capacity), key=lambda s: -s.capacity))


def _emptied(name: str, value: Any) -> Any:
    """0 and "" as given, but no limit where a limit is emptied."""
    return None if name in {"booking_window_days", "longest_minutes"} and not value else value


def _chain(hall: Room | None) -> list[Room]:
    """The hall, its hall, and so on."""
    chain: list[Room] = []
    while hall is not None:
        chain.append(hall)
        hall = hall.part_of
    return chain


def _parts_stay() -> None:
    raise ValidationError({"site": gettext("The parts of this room are at its present site.")})


def _text(room: Room, name: str) -> str:
    value = getattr(room, name)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, Room):
        return value.code
    return "" if value is None else str(value)


def _changes(row: PlannedRoom) -> list[Change]:
    after = {name: _text(row.room, name) for name in COLUMNS}
    changes = [
        Change(name, row.shown.get(name, ""), after[name])
        for name in COLUMNS
        if row.shown.get(name, "") != after[name]
    ]
    seats = {setup.style: setup.capacity for setup in row.setups_before}
    after_seats = {setup.style: setup.capacity for setup in row.setups}
    changes += [
        Change(style.value, str(seats.get(style, "")), str(after_seats.get(style, "")))
        for style in SetupStyle
        if seats.get(style) != after_seats.get(style)
    ]
    if row.changes_equipment:
        changes.append(Change("equipment", _things(row.equipment_before), _things(row.equipment)))
    return changes


def _things(equipment: Mapping[str, int]) -> str:
    return "; ".join(name if count == 1 else f"{name}:{count}" for name, count in sorted(equipment.items()))
