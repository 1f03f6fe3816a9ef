"""What is wrong with the demo's calendar: put in on purpose, as it happens in companies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from convenor.base.actor import Actor
from convenor.demo.calendar import DemoMeeting
from convenor.demo.diary import draft_of
from convenor.demo.premises import Premises
from convenor.demo.template import ZONES
from convenor.demo.workforce import Workforce
from convenor.people.actions.availability import add_leave
from convenor.scheduling.actions.meeting import create_meeting
from convenor.venues.actions.closure import create_closure

FIRST_NUMBER = 9_000
FRIDAY = 4


def make(
    actor: Actor, premises: Premises, force: Workforce, meetings: Sequence[DemoMeeting], now: datetime
) -> None:
    """A closed floor, a double-booked executive, a hold that runs out, and what else a week brings."""
    week = _working_day(now.date() + timedelta(days=7 - now.date().weekday()))
    trouble = _Trouble(actor, premises, force, week, now)
    trouble.close_a_floor()
    trouble.double_book(meetings)
    trouble.send_away(meetings)
    trouble.meet_too_early()
    trouble.travel_too_fast()
    trouble.ask_for_the_boardroom()
    trouble.hold_a_room()


def _working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > FRIDAY else 0)


class _Trouble:
    """The pieces that every kind of trouble needs; `week` is the Monday after today."""

    def __init__(self, actor: Actor, premises: Premises, force: Workforce, week: date, now: datetime) -> None:
        self.actor, self.premises, self.force, self.week, self.now = actor, premises, force, week, now
        self.names = {person.name: person for person in force.people.values()}
        self.number = FIRST_NUMBER

    def meet(self, title: str, names: Sequence[str], *, day: int, at: str, minutes: int = 60, site: str = "BUC",
             hold_until: datetime | None = None, **extra: object) -> None:  # fmt: skip
        emails = [self.names[name].email for name in names]
        attendees = ((emails[0], "chair"), *((email, "required") for email in emails[1:]))
        start = datetime.combine(self.week + timedelta(days=day), time.fromisoformat(at))
        meeting = DemoMeeting(title, emails[0], attendees, ZONES[site], start, minutes, **extra)  # type: ignore[arg-type]  # the keywords are DemoMeeting's own
        self.number += 1
        draft = replace(draft_of(self.premises, self.force, self.number, meeting), hold_until=hold_until)
        create_meeting(actor=self.actor, draft=draft, now=self.now)

    def close_a_floor(self) -> None:
        """The second floor in Bucharest has no heating on Thursday of next week."""
        zone = ZoneInfo("Europe/Bucharest")
        day = self.week + timedelta(days=3)
        create_closure(
            actor=self.actor,
            site=self.premises.sites["BUC"],
            floor="2",
            starts_at=datetime.combine(day, time(8), zone),
            ends_at=datetime.combine(day, time(18), zone),
            kind="maintenance",
            reason="Heating valves replaced",
        )

    def double_book(self, meetings: Sequence[DemoMeeting]) -> None:
        """Three people are asked to a second meeting at the time of one they chair."""
        weekly = [meeting for meeting in meetings if meeting.rule == "FREQ=WEEKLY;COUNT=16" and meeting.room]
        by_email = {person.email: person.name for person in self.force.people.values()}
        for meeting, title in zip(weekly[3::29], ("Press call", "Bank visit", "Crisis drill"), strict=False):
            chair = by_email[meeting.organiser]
            day, at = meeting.start.weekday(), meeting.start.time().isoformat("minutes")
            self.meet(title, ["Alina Șerban", chair], day=day, at=at, minutes=45, location="On the phone")

    def send_away(self, meetings: Sequence[DemoMeeting]) -> None:
        """Two chairs go on leave in a week in which they have meetings."""
        chairs = sorted(
            {meeting.organiser for meeting in meetings if meeting.rule and not meeting.is_private}
        )
        for place, email in enumerate(chairs[5:40:18]):
            start = self.week + timedelta(days=7 + place * 7)
            person = self.force.people[email]
            add_leave(
                actor=self.actor, person_id=person.pk, starts_on=start, ends_on=start + timedelta(days=4)
            )

    def meet_too_early(self) -> None:
        self.meet("Call with Singapore", ["Cristina Ardelean", "Radu Constantinescu"], day=2, at="06:30",
                  minutes=45, location="https://meet.danubia.example/sg")  # fmt: skip

    def travel_too_fast(self) -> None:
        """The technology chief is in Bucharest at noon and in Cluj-Napoca an hour later."""
        self.meet("Platform strategy", ["Cristina Ardelean"], day=4, at="17:00", minutes=30, room="B1.02")
        self.meet(
            "Cluj leads", ["Cristina Ardelean"], day=4, at="18:00", minutes=60, site="CLJ", room="C1.01"
        )

    def ask_for_the_boardroom(self) -> None:
        """Waits for approval, and takes place within days."""
        day = (_working_day(self.now.date() + timedelta(days=3)) - self.week).days
        self.meet("Board preparation", ["Radu Constantinescu", "Victor Georgescu", "Tudor Neagu"], day=day,
                  at="17:30", minutes=90, room="B4.01", is_private=True, priority=4)  # fmt: skip

    def hold_a_room(self) -> None:
        """Somebody must say by tomorrow whether the evening takes place."""
        self.meet("Customer evening", ["Alina Șerban", "Beatriz Falcão"], day=3, at="18:30", minutes=60,
                  site="LIS", room="L1.10", hold_until=self.now + timedelta(hours=20))  # fmt: skip
