"""Allotments: set, changed, taken away, and what falls back at the release date."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from convenor.attendance.actions.allotment import release_allotments, set_allotments
from convenor.attendance.actions.registration import cancel_registration
from convenor.attendance.drafts import AllotmentDraft, Who
from convenor.attendance.enums import SeatState
from convenor.attendance.models import Allotment, Roll
from convenor.base.actor import Refused
from convenor.base.models import AuditEntry
from tests.attendance.house import check_rolls
from tests.factories.attendance import make_roll
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import NOW, make_event
from tests.factories.people import DepartmentFactory, OrganisationFactory, PersonFactory
from tests.factories.rolls import SYSTEM, put_on, seat_of, states

pytestmark = pytest.mark.django_db
CONFIRMED, WAITLISTED, OFFERED = SeatState.CONFIRMED, SeatState.WAITLISTED, SeatState.OFFERED


def allot(roll: Roll, *drafts: AllotmentDraft) -> list[Allotment]:
    return set_allotments(actor=SYSTEM, roll_id=roll.pk, drafts=drafts, now=NOW)


def test_they_are_set_apart_and_written_as_asked() -> None:
    roll = make_roll(make_event(alice()), 10)
    law, sales = DepartmentFactory(name="Law"), DepartmentFactory(name="Sales")
    partner = OrganisationFactory(name="Partner", is_own=False)
    allot(roll, AllotmentDraft(3, law.pk), AllotmentDraft(2, organisation_id=partner.pk))
    allot(roll, AllotmentDraft(1, law.pk), AllotmentDraft(9, sales.pk))
    roll.refresh_from_db()
    assert (roll.allotted, roll.allotments.count()) == (10, 2)
    entry = AuditEntry.objects.filter(action="roll.allotted").order_by("id")[1]
    assert entry.before == {"allotments": {"Law": 3, "Partner": 2}}
    assert entry.after == {"allotments": {"Law": 1, "Sales": 9}}
    check_rolls()


def test_what_does_not_fit_is_refused_as_a_whole() -> None:
    event = make_event(alice())
    roll = make_roll(event, 3)
    law = DepartmentFactory()
    allot(roll, AllotmentDraft(2, law.pk))
    put_on(event, "x", who=Who(person_id=PersonFactory(department=law).pk))
    put_on(event, "Ana")
    for drafts, words in (
        ([AllotmentDraft(3, law.pk)], "these come to 3"),
        ([AllotmentDraft(0, law.pk)], "1 of the seats for"),
        ([AllotmentDraft(1, law.pk), AllotmentDraft(1, law.pk)], "one allotment"),
        ([AllotmentDraft(1)], "department's or an organisation's"),
        ([AllotmentDraft(-1, DepartmentFactory().pk)], "greater than or equal to 0"),
    ):
        with pytest.raises(ValidationError, match=words):
            allot(roll, *drafts)
    assert roll.allotments.get().size == 2
    check_rolls()


def test_one_more_goes_to_its_own_who_wait_and_one_fewer_to_everybody() -> None:
    event = make_event(alice())
    roll = make_roll(event, 2)
    law = DepartmentFactory()
    allot(roll, AllotmentDraft(2, law.pk))
    first = put_on(event, "Ana")
    mine = put_on(event, "x", who=Who("Own", PersonFactory(department=law).email))
    assert (seat_of(first).state, seat_of(mine).state) == (WAITLISTED, CONFIRMED)
    allot(roll, AllotmentDraft(1, law.pk))
    assert states(roll) == {"Ana": OFFERED, "Own": CONFIRMED}
    check_rolls()


def test_at_the_release_date_what_is_not_taken_falls_back() -> None:
    event = make_event(alice())
    roll = make_roll(event, 3)
    law = DepartmentFactory()
    allot(roll, AllotmentDraft(3, law.pk, release_at=NOW + timedelta(days=1)))
    own = put_on(event, "x", who=Who("Own", PersonFactory(department=law).email))
    for name in ("Ana", "Ion", "Maria"):
        put_on(event, name)
    assert release_allotments(NOW) == 0
    assert release_allotments(NOW + timedelta(days=1)) == 1
    assert release_allotments(NOW + timedelta(days=2)) == 0
    assert states(roll) == {"Own": CONFIRMED, "Ana": OFFERED, "Ion": OFFERED, "Maria": WAITLISTED}
    assert AuditEntry.objects.filter(action="roll.released").count() == 1
    # From then on each of its seats falls back as it is given up
    cancel_registration(actor=SYSTEM, registration_id=own.pk, now=NOW + timedelta(days=1))
    assert states(roll)["Maria"] == OFFERED
    roll.refresh_from_db()
    assert (roll.taken, roll.allotted) == (3, 0)
    check_rolls()


def test_taking_one_away_releases_it_and_who_sits_there_stays() -> None:
    event = make_event(alice())
    roll = make_roll(event, 2)
    law = DepartmentFactory()
    allot(roll, AllotmentDraft(2, law.pk))
    put_on(event, "x", who=Who("Own", PersonFactory(department=law).email))
    put_on(event, "Ana")
    allot(roll)
    block = roll.allotments.get()
    assert (block.size, block.taken, block.released_at) == (1, 1, NOW)
    assert states(roll) == {"Own": CONFIRMED, "Ana": OFFERED}
    check_rolls()


def test_one_that_nobody_sits_in_goes_with_those_who_left_it() -> None:
    event = make_event(alice())
    roll = make_roll(event, 2)
    law = DepartmentFactory()
    allot(roll, AllotmentDraft(1, law.pk))
    row = put_on(event, "x", who=Who("Own", PersonFactory(department=law).email))
    cancel_registration(actor=SYSTEM, registration_id=row.pk, now=NOW)
    allot(roll)
    assert not roll.allotments.exists()
    assert seat_of(row).allotment_id is None


def test_on_a_roll_without_a_limit_they_only_say_who_is_asked() -> None:
    event = make_event(alice())
    roll = make_roll(event, None)
    allot(roll, AllotmentDraft(50, DepartmentFactory().pk))
    assert seat_of(put_on(event, "Ana")).state == CONFIRMED
    check_rolls()


def test_teammates_may_not_and_charlie_finds_nothing() -> None:
    roll = make_roll(make_event(alice()))
    for person, refusal in ((bob(), Refused), (charlie(), Roll.DoesNotExist)):
        with pytest.raises(refusal):
            set_allotments(actor=actor_of(person), roll_id=roll.pk, drafts=[], now=NOW)
