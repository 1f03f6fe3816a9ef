"""The demo's quarter of meetings, as plain data: who meets when, where, and how often."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from convenor.demo.staff import DEPARTMENTS, DemoDepartment, DemoPerson
from convenor.demo.template import ZONES, WeekTemplate, local_start, rooms_at

WEEKS = 16  # three behind today, thirteen ahead
WEEKS_BEHIND = 3
LEAST_LEFT = 2  # a stand-up of one is no meeting
FORGETFUL = 60  # one series in so many meets on public holidays
VIDEO = "https://meet.danubia.example/"


@dataclass(frozen=True, slots=True)
class DemoMeeting:
    """`start` is local to `zone`; `attendees` are (e-mail, role)."""

    title: str
    organiser: str
    attendees: tuple[tuple[str, str], ...]
    zone: str
    start: datetime
    minutes: int
    room: str = ""
    rule: str = ""
    headcount: int | None = None
    is_private: bool = False
    is_movable: bool = True
    priority: int = 2
    description: str = ""
    location: str = ""
    exdates: tuple[datetime, ...] = ()


@dataclass(slots=True)
class Calendar:
    """`holidays` are each site's public holidays: most series leave them out, as careful organisers do."""

    monday: date
    people: Sequence[DemoPerson]
    parties: Sequence[DemoPerson]
    source: random.Random
    holidays: Mapping[str, frozenset[date]]
    template: WeekTemplate = field(init=False)
    meetings: list[DemoMeeting] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.template = WeekTemplate(self.source)

    def members(self, department: str, site: str = "") -> list[DemoPerson]:
        return [p for p in self.people if p.department == department and site in ("", p.site)]

    def named(self, name: str) -> DemoPerson:
        return next(p for p in (*self.people, *self.parties) if p.name == name)

    def add(
        self,
        title: str,
        people: Sequence[DemoPerson],
        *,
        minutes: int,
        every: int = 1,
        site: str = "",
        in_room: bool = True,
        optional: Iterable[DemoPerson] = (),
        first_week: int = 0,
        once: bool = False,
        headcount: int | None = None,
        **extra: object,
    ) -> DemoMeeting | None:
        """Place a meeting of these people, the first of whom organises it; None when none fits.

        People of several sites meet by video, those of one site in a room; the optional come if they are free.

        `every` is the rule's interval in weeks; `first_week` counts from the calendar's first.
        """
        site = site or people[0].site
        invited = [*people, *optional]
        sites = {person.site for person in invited if person.site}
        together = in_room and len(sites) < 2
        rooms = rooms_at(site, max(headcount or 0, len(people))) if together else []
        spot = self.template.place([p.email for p in people], rooms, sites=sites or {site}, minutes=minutes)
        if spot is None:
            return None
        day = self.monday + timedelta(weeks=first_week, days=spot.weekday)
        if once and self._is_holiday(day, sites):
            return None
        start = local_start(day, spot.start, site)
        extras = [p for p in invited[len(people) :] if self.template.is_free(p.email, spot, minutes)]
        self.template.take([p.email for p in extras], spot.weekday, spot.start, minutes)
        meeting = DemoMeeting(
            title=title,
            organiser=people[0].email,
            attendees=_attendees(people, extras),
            zone=ZONES[site],
            start=start,
            minutes=minutes,
            room=spot.room,
            rule="" if once else _weekly(every, WEEKS - first_week),
            headcount=headcount or len(people),
            location="" if spot.room else VIDEO,
            exdates=() if once else self._left_out(start, every, WEEKS - first_week, sites),
            **extra,  # type: ignore[arg-type]  # the keywords are DemoMeeting's own
        )
        self.meetings.append(meeting)
        return meeting

    def _is_holiday(self, day: date, sites: set[str]) -> bool:
        return any(day in self.holidays[site] for site in sites)

    def _left_out(self, start: datetime, every: int, weeks: int, sites: set[str]) -> tuple[datetime, ...]:
        """The series' dates on public holidays; now and then nobody thought of them."""
        if len(self.meetings) % FORGETFUL == 0:
            return ()
        dates = (start + timedelta(weeks=every * n) for n in range(max(1, weeks // every)))
        return tuple(moment for moment in dates if self._is_holiday(moment.date(), sites))


def _weekly(every: int, weeks: int) -> str:
    interval = f";INTERVAL={every}" if every > 1 else ""
    return f"FREQ=WEEKLY{interval};COUNT={max(1, weeks // every)}"


def _attendees(people: Sequence[DemoPerson], optional: Iterable[DemoPerson]) -> tuple[tuple[str, str], ...]:
    roles = [(people[0].email, "chair"), *((p.email, "required") for p in people[1:])]
    return (*roles, *((p.email, "optional") for p in optional if p not in people))


def fill(calendar: Calendar) -> list[DemoMeeting]:
    """The whole quarter, the hardest to place first."""
    _leadership(calendar)
    for department in DEPARTMENTS:
        _department(calendar, department)
    _one_to_ones(calendar)
    _between_departments(calendar)
    _with_outside_parties(calendar)
    return calendar.meetings


def _leadership(calendar: Calendar) -> None:
    leaders = [p for p in calendar.people if p.seniority >= 4]
    staff_office = [calendar.named("Tudor Neagu")]
    calendar.add(
        "Executive committee", [*leaders, *staff_office], minutes=90, site="BUC", priority=4, is_movable=False
    )
    calendar.add(
        "Revenue review",
        [leaders[0], *(p for p in leaders if p.department in {"sales", "finance"})],
        minutes=60,
        priority=3,
    )
    chief = leaders[0]
    assistant = calendar.named("Elena Dobre")
    calendar.add("Diary with Elena", [chief, assistant], minutes=30, in_room=False, is_private=True)
    for leader in leaders[1:]:
        title = f"Radu / {leader.name.split()[0]}"
        calendar.add(title, [chief, leader], minutes=30, every=2, is_private=True, priority=3)


def _department(calendar: Calendar, department: DemoDepartment) -> None:
    members = calendar.members(department.code)
    leads = [members[0], *[p for p in members[1:] if p.seniority > 1][:5]]
    calendar.add(f"{department.name} weekly", members[:14], minutes=60, optional=members[14:])
    if len(leads) > LEAST_LEFT:
        calendar.add(f"{department.name} leads", leads, minutes=45, every=2)
    for site in department.size:
        for number, team in enumerate(_teams(calendar.members(department.code, site)), start=1):
            _team(calendar, department, f"{department.name} {site} {number}", team)


def _teams(members: list[DemoPerson], size: int = 7) -> list[list[DemoPerson]]:
    chunks = [members[n : n + size] for n in range(0, len(members), size)]
    return [chunk for chunk in chunks if len(chunk) > LEAST_LEFT]


def _team(calendar: Calendar, department: DemoDepartment, name: str, team: list[DemoPerson]) -> None:
    if department.code.startswith("eng-"):
        for title, minutes, every in (
            ("sprint planning", 90, 2),
            ("refinement", 60, 1),
            ("sprint review", 60, 2),
        ):
            calendar.add(f"{name} {title}", team, minutes=minutes, every=every)
        return
    calendar.add(f"{name} sync", team, minutes=30)
    calendar.add(f"{name} work session", team[:4], minutes=60, every=2)


def _one_to_ones(calendar: Calendar) -> None:
    by_email = {person.email: person for person in calendar.people}
    for person in calendar.people:
        manager = by_email.get(person.manager)
        if manager and manager.seniority < 5 and calendar.source.random() < 0.45:
            calendar.add(f"{manager.name.split()[0]} / {person.name.split()[0]}", [manager, person],
                         minutes=30, every=2, in_room=manager.site == person.site, is_private=True)  # fmt: skip


def _between_departments(calendar: Calendar) -> None:
    pairs = (("product", "eng-platform", "Roadmap sync"), ("product", "eng-payments", "Payments roadmap"), ("design", "eng-mobile", "Design review"),
             ("sales", "success", "Account handover"), ("finance", "procurement", "Spend review"), ("legal", "procurement", "Contract desk"),
             ("facilities", "safety", "Building walk-round"), ("hr", "it", "Joiners and leavers"), ("marketing", "product", "Launch calendar"))  # fmt: skip
    for one, other, title in pairs:
        people = [*calendar.members(one)[:3], *calendar.members(other)[:3]]
        calendar.add(title, people, minutes=45)
    for number in range(60):
        first, second = calendar.source.sample(DEPARTMENTS, 2)
        people = [
            *calendar.source.sample(calendar.members(first.code), 2),
            *calendar.source.sample(calendar.members(second.code), 2),
        ]
        calendar.add(_TOPICS[number % len(_TOPICS)], people, minutes=calendar.source.choice((30, 60, 60, 90)),
                     once=True, first_week=calendar.source.randrange(WEEKS))  # fmt: skip


def _with_outside_parties(calendar: Calendar) -> None:
    sellers = calendar.members("sales")
    for number, guest in enumerate(calendar.parties):
        host = sellers[number % len(sellers)]
        calendar.add(f"{guest.organisation}: account review", [host, guest, sellers[-1 - number]], minutes=60,
                     every=4, first_week=number % 4, site=host.site, headcount=5)  # fmt: skip
    auditor, controller = calendar.named("Eleanor Pryce"), calendar.members("finance")
    calendar.add("Audit fieldwork", [controller[0], *controller[1:4], auditor], minutes=120, once=True,
                 first_week=WEEKS_BEHIND + 1, is_private=True, is_movable=False)  # fmt: skip


_TOPICS = ("Incident review", "Vendor demo", "Candidate panel", "Budget questions", "Release readiness", "Data protection check",
           "Pricing workshop", "Onboarding feedback", "Office move", "Accessibility audit", "Migration plan", "Press briefing")  # fmt: skip
