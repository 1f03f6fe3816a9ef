"""What is free on rolls and who waits there, as rules/waitlist.py needs it. For actions, under the rolls' locks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from convenor.attendance.enums import TAKING, SeatState
from convenor.attendance.models import Allotment, Roll, Seat
from convenor.attendance.rules.waitlist import Party, Places
from convenor.base.folding import folded
from convenor.people.models import Department


@dataclass(slots=True)
class Desk:
    """What is free on each roll, and whose the allotments are."""

    places: dict[int, Places] = field(default_factory=dict)
    departments: dict[int, dict[int, int]] = field(default_factory=dict)  # roll: department: allotment
    organisations: dict[int, dict[str, int]] = field(default_factory=dict)  # roll: folded name: allotment
    parents: Mapping[int, int | None] = field(default_factory=dict)

    def own(self, roll_id: int, department_id: int | None, organisation: str) -> tuple[int, ...]:
        """The allotments of the roll that somebody belongs to: of the department or the nearest above it, then the organisation's."""
        found: list[int] = []
        blocks, seen = self.departments.get(roll_id, {}), set[int]()
        while blocks and department_id is not None and department_id not in seen:
            seen.add(department_id)
            if department_id in blocks:
                found.append(blocks[department_id])
            department_id = self.parents.get(department_id)
        if name := folded(organisation.strip()):
            found += [key for each, key in self.organisations.get(roll_id, {}).items() if each == name]
        return tuple(found)


def desk_of(rolls: Iterable[Roll]) -> Desk:
    """Of rolls that were just locked. No query where nothing is allotted, else two at most."""
    desk = Desk()
    for roll in rolls:
        free = None if roll.limit is None else max(roll.limit - roll.taken - roll.allotted, 0)
        desk.places[roll.pk] = Places(free)
    _add_allotments(desk, [roll.pk for roll in rolls if roll.allotted])
    return desk


def _add_allotments(desk: Desk, roll_ids: Collection[int]) -> None:
    if not roll_ids:
        return
    rows = Allotment.objects.filter(roll__in=roll_ids, released_at__isnull=True).order_by("pk")
    for pk, roll, size, taken, department, organisation in rows.values_list(
        "pk", "roll_id", "size", "taken", "department_id", "organisation__name"
    ):
        desk.places[roll].spare[pk] = size - taken
        if organisation:
            desk.organisations.setdefault(roll, {})[folded(organisation)] = pk
        else:
            desk.departments.setdefault(roll, {})[department] = pk
    if desk.departments:
        desk.parents = dict(Department.objects.order_by().values_list("pk", "parent_id"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who waits on one roll, and the keys of each party's seats."""

    parties: Sequence[Party]
    seat_ids: Mapping[int, Sequence[int]]


WAITING = (
    *("pk", "roll_id", "registration_id", "registration__guest_of_id", "waitlisted_at"),
    *("registration__priority", "registration__department_id", "registration__organisation"),
)


def waiting_on(
    roll_ids: Collection[int], desk: Desk, *, skipping: Collection[int] = ()
) -> dict[int, Waiting]:
    """By roll. Guests wait with whose guests they are. One query."""
    seats: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    first: dict[tuple[int, int], tuple[datetime, int, int, int | None, str]] = {}
    rows = Seat.objects.filter(roll__in=roll_ids, state=SeatState.WAITLISTED).order_by("pk")
    for pk, roll, registration, lead, since, priority, department, organisation in rows.values_list(*WAITING):
        if pk in skipping:
            continue
        party = lead or registration
        seats[roll][party].append(pk)
        # The list goes by when they came; a guest's own columns are those of whose guest they are
        facts = (since, pk, priority, department, organisation)
        first[roll, party] = min(first.get((roll, party), facts), facts, key=lambda each: each[:2])
    return {
        roll: Waiting(
            [
                Party(
                    key=party,
                    size=len(keys),
                    since=first[roll, party][0],
                    priority=first[roll, party][2],
                    group=group_of(*first[roll, party][3:]),
                    allotments=desk.own(roll, *first[roll, party][3:]),
                )
                for party, keys in parties.items()
            ],
            parties,
        )
        for roll, parties in seats.items()
    }


def group_of(department_id: int | None, organisation: str) -> str:
    """Whose share a seat counts to: the department's, of those who have none the organisation's."""
    return f"d{department_id}" if department_id is not None else f"o{folded(organisation.strip())}"


def held_by_groups(roll_id: int) -> Counter[str]:
    """How many seats of the roll each group has. One query."""
    found: Counter[str] = Counter()
    rows = Seat.objects.filter(roll=roll_id, state__in=TAKING).order_by()
    counted = rows.values_list("registration__department_id", "registration__organisation")
    for department, organisation, count in counted.annotate(count=Count("pk")):
        found[group_of(department, organisation)] += count
    return found
