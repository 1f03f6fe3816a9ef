"""Who would have to be in two places at once by a plan: a note, since a conference may mean it so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from convenor.events.plan.keys import Values
from convenor.events.plan.laying import Plan, Wanted
from convenor.events.plan.people import at


def check_presence(plan: Plan, rows: Sequence[Wanted]) -> None:
    """Hosts, speakers and those asked by name; who is asked with everybody isn't looked at."""
    taken: dict[str, list[Wanted]] = defaultdict(list)
    for row in sorted(rows, key=lambda each: (each.values["start"], each.values["key"])):
        for email, key in _present(row.values).items():
            there = [each for each in taken[email] if _end(each) > row.values["start"]]
            if there:
                _tell(plan, email, key, there[0], row)
            taken[email] = [*there, row]


def _present(values: Values) -> dict[str, str]:
    """By e-mail, under which key they are named."""
    found = {each["person"]: "attendees" for each in values["attendees"] if each["role"] != "optional"}
    found |= {each["person"]: "speakers" for each in values["speakers"] if each["state"] != "declined"}
    return found | ({values["host"]: "host"} if values["host"] else {})


def _end(row: Wanted) -> datetime:
    end: datetime = row.values["start"] + timedelta(minutes=row.values["minutes"])
    return end


def _tell(plan: Plan, email: str, key: str, before: Wanted, row: Wanted) -> None:
    if row.path is None or not (row.is_changed or before.is_changed):
        return
    person = plan.names.people.get(email)
    words = _("%(name)s is in “%(title)s” at the same time.")
    values = {"name": person.name if person else email, "title": before.values["title"]}
    plan.warn(at(row, key), words % values)
