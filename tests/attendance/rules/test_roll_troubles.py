"""What is wrong with a roll, and nothing where nothing is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from convenor.attendance.rules.refit import Fit
from convenor.attendance.rules.roll_troubles import RollFacts, Wrong, troubles_of
from convenor.attendance.sentences.roll import SENTENCES, trouble_sentence
from tests.factories.events import NOW

FINE = RollFacts(capacity=40, used=30, free=10, waiting=0, invited=5, coming=28, room_seats=40, fit=Fit.GOOD)
PAST, AHEAD = NOW - timedelta(hours=1), NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"used": 43, "free": 0, "fit": Fit.OUTGROWN}, [(Wrong.OVER, 3), (Wrong.OUTGROWN, 3)]),
        ({"used": 40, "free": 0, "waiting": 7, "fit": Fit.OUTGROWN}, [(Wrong.OUTGROWN, 7)]),
        ({"capacity": 30, "free": 0, "waiting": 4}, [(Wrong.ROOM_HOLDS_MORE, 10)]),
        ({"waiting": 4}, [(Wrong.FREE_WHILE_WAITING, 4)]),
        ({"waiting": 14, "fit": Fit.GOOD}, [(Wrong.FREE_WHILE_WAITING, 10)]),
        ({"capacity": None, "free": None, "used": 900, "room_seats": None}, []),
        ({"rsvp_by": AHEAD, "guarantee_due": AHEAD}, []),
        ({"rsvp_by": PAST, "guarantee_due": PAST}, [(Wrong.GUARANTEE_LATE, 28), (Wrong.ANSWERS_LATE, 5)]),
        ({"rsvp_by": PAST, "guarantee_due": PAST, "is_guaranteed": True, "invited": 0}, []),
        ({"doubles": 2}, [(Wrong.DOUBLES, 2)]),
        ({"used": 12, "fit": Fit.SHRUNK}, [(Wrong.SHRUNK, 28)]),
        ({"used": 43, "free": 0, "doubles": 2, "is_over": True}, []),
    ],
)
def test_troubles(changes: dict[str, object], found: list[tuple[Wrong, int]]) -> None:
    facts = replace(FINE, **changes)  # type: ignore[arg-type]  # fields by name
    assert [(each.kind, each.count) for each in troubles_of(facts, NOW)] == found
    assert all(str(each.count) in trouble_sentence(each) for each in troubles_of(facts, NOW))


def test_every_trouble_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Wrong)
