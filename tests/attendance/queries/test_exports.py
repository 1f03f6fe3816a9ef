"""A roll as it is given out: who may have it, what it holds, in how many queries."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook

from convenor.attendance.enums import BadgeRole, Diet, FieldKind, SeatState
from convenor.attendance.models import (
    FieldOption,
    FormField,
    Registration,
    RegistrationForm,
    RegistrationNeeds,
    Roll,
)
from convenor.attendance.queries.exports import badge_roles_of, roll_list_for
from convenor.attendance.queries.seats import SeatsAsked
from convenor.attendance.sentences.roll_table import roll_table
from convenor.base.actor import Refused
from convenor.base.spreadsheets import csv_file, xlsx_file
from convenor.events.enums import Confidentiality, PartyRole, Service, SpeakerState
from convenor.events.models import Event, Party, Speaker
from tests.factories.attendance import make_allotment, make_registration, make_roll, make_seat
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import make_event, make_function
from tests.factories.people import DepartmentFactory, PersonFactory
from tests.factories.sheets import make_contact

pytestmark = pytest.mark.django_db
EVERYBODY = SeatsAsked()


def an_event(**fields: Any) -> tuple[Event, Roll]:
    event = make_event(alice(), **fields)
    return event, make_roll(event, None)


def test_a_roll_is_by_name_with_what_the_screen_filters() -> None:
    event, roll = an_event()
    for name in ("Zoe", "Ștefan", "stan", "Ána", "Ana"):
        make_seat(roll, registration=make_registration(event, name))
    make_seat(roll, SeatState.CANCELLED, registration=make_registration(event, "Gone"))
    actor = actor_of(event.owner)
    here = roll_list_for(actor, roll.pk, SeatsAsked(states=(SeatState.CONFIRMED,)))
    assert [row.name for row in here.rows] == ["Ana", "Ána", "stan", "Ștefan", "Zoe"]
    assert [row.name for row in roll_list_for(actor, roll.pk, SeatsAsked(text="gon")).rows] == ["Gone"]


def with_everything(event: Event, roll: Roll) -> Registration:
    """A registration of which every column has something to say, in a seat on the roll."""
    dinner, tour, gone = (make_function(event, meeting={"title": t}) for t in ("Dinner", "Tour", "Gone"))
    gone.removed_at = datetime(2026, 1, 1, tzinfo=UTC)
    gone.save()
    form = RegistrationForm.objects.create(event=event, token="t")
    size = FormField.objects.create(
        form=form, key="size", kind=FieldKind.CHOICE, label_en="Shirt", label_ro="Tricou"
    )
    FieldOption.objects.create(field=size, key="m", label_en="Medium", label_ro="Mediu")
    FormField.objects.create(form=form, key="photo", kind=FieldKind.CONSENT, label_en="Photos", position=1)
    department = DepartmentFactory.create(name="Platform")
    row = make_registration(
        event,
        "=Ana",
        organisation="Acme",
        department=department,
        answers={"size": "m", "photo": True},
        phone="+40 700",
    )
    make_registration(event, "Guest", guest_of=row)
    make_seat(
        roll,
        registration=row,
        allotment=make_allotment(roll, department=department),
        checked_in_at=datetime(2026, 12, 7, 7, 30, 20, tzinfo=UTC),
    )
    for function, state in (
        (tour, SeatState.CONFIRMED),
        (dinner, SeatState.CANCELLED),
        (gone, SeatState.CONFIRMED),
    ):
        make_seat(make_roll(event, function=function), state, registration=row)
    RegistrationNeeds.objects.create(registration=row, diets=[Diet.VEGAN], dietary="no celery")
    return row


def test_what_a_row_says() -> None:
    event, roll = an_event()
    row = with_everything(event, roll)
    table = roll_table(roll_list_for(actor_of(event.owner), roll.pk, EVERYBODY))
    said = dict(zip(table.head, table.rows[0], strict=True))
    assert said | {"Registered": "", "Answered": ""} == {
        "Name": "=Ana",
        "Organisation": "Acme",
        "Department": "Platform",
        "Guest of": "",
        "E-mail": row.email,
        "Phone": "+40 700",
        "Language": "",
        "State": "Confirmed",
        "Allotment": "Platform",
        "Guests": 1,
        "Functions": "Tour",
        "Diet": "Vegan, no celery",
        "Access needs": "",
        "Shirt": "Medium",
        "Photos": "yes",
        "Came by": "Registration page",
        "Priority group": 0,
        "Note": "",
        "Registered": "",
        "Answered": "",
        "Checked in": datetime(2026, 12, 7, 9, 30),
        "Checked out": None,
        "Code": row.code,
    }, "local times, no functions that were left or removed"
    with translation.override("ro"):
        assert {"Tricou"} <= set(roll_table(roll_list_for(actor_of(event.owner), roll.pk, EVERYBODY)).head)
    _head, cells = csv.reader(StringIO(csv_file(table).decode("utf-8-sig")))
    assert (cells[0], cells[5]) == ("'=Ana", "'+40 700")
    sheet = load_workbook(BytesIO(xlsx_file(table))).active
    assert sheet["A2"].data_type == "s"
    assert row.token not in str(table.rows), "a personal link is nobody else's"


def test_needs_are_in_it_only_for_those_who_run_the_event() -> None:
    event, roll = an_event()
    row = make_registration(event, "Ana")
    RegistrationNeeds.objects.create(registration=row, diets=[Diet.VEGAN], dietary="celery")
    make_seat(roll, registration=row)
    helper = bob()
    Party.objects.create(event=event, person=helper, role=PartyRole.STAFF)
    found = roll_list_for(actor_of(helper), roll.pk, EVERYBODY)
    assert [each.needs for each in found.rows] == [None]
    table = roll_table(found)
    assert "Diet" not in table.head
    assert "celery" not in str(table.rows)
    assert "celery" in str(roll_table(roll_list_for(actor_of(event.owner), roll.pk, EVERYBODY)).rows)


def test_private_functions_are_not_told_to_helpers() -> None:
    event, roll = an_event()
    secret = make_function(event, meeting={"title": "Layoffs", "is_private": True})
    row = make_registration(event, "Ana")
    make_seat(roll, registration=row)
    make_seat(make_roll(event, function=secret), registration=row)
    helper = bob()
    Party.objects.create(event=event, person=helper, role=PartyRole.STAFF)
    assert roll_list_for(actor_of(event.owner), roll.pk, EVERYBODY).rows[0].functions == ["Layoffs"]
    assert list(roll_list_for(actor_of(helper), roll.pk, EVERYBODY).rows[0].functions) == []


def test_a_colleague_is_refused_and_who_may_not_see_the_event_finds_nothing() -> None:
    event, roll = an_event()
    make_seat(roll)
    with pytest.raises(Refused):
        roll_list_for(actor_of(bob()), roll.pk, EVERYBODY)
    with pytest.raises(Roll.DoesNotExist):
        roll_list_for(actor_of(charlie()), roll.pk, EVERYBODY)
    Event.objects.filter(pk=event.pk).update(confidentiality=Confidentiality.CONFIDENTIAL)
    with pytest.raises(Roll.DoesNotExist):
        roll_list_for(actor_of(bob(email="other@example.org")), roll.pk, EVERYBODY)


def test_what_badges_call_people() -> None:
    event = make_event(alice())
    function = make_function(event)
    both, declined, chair, plain = PersonFactory.create_batch(4)
    caterer = make_contact(event, Service.CATERING, "Carla")
    for person, role in ((both, PartyRole.STAFF), (chair, PartyRole.CHAIR), (plain, PartyRole.PARTICIPANT)):
        Party.objects.create(event=event, person=person, role=role)
    Speaker.objects.create(function=function, person=both)
    Speaker.objects.create(function=function, person=declined, state=SpeakerState.DECLINED)
    assert badge_roles_of(event) == {
        event.owner_id: BadgeRole.STAFF,
        caterer.pk: BadgeRole.STAFF,
        both.pk: BadgeRole.SPEAKER,
        chair.pk: BadgeRole.CHAIR,
    }


def test_three_cost_as_many_queries_as_one() -> None:
    event, roll = an_event()
    other = make_roll(event, function=make_function(event))
    form = RegistrationForm.objects.create(event=event, token="t")
    counts = []
    for n in range(3):
        field = FormField.objects.create(form=form, key=f"q{n}", label_en="Q")
        FieldOption.objects.create(field=field, key="m", label_en="Medium")
        row = make_registration(event, department=DepartmentFactory.create(), person=PersonFactory.create())
        RegistrationNeeds.objects.create(registration=row, diets=[Diet.VEGAN])
        make_seat(roll, registration=row, allotment=make_allotment(roll))
        make_seat(roll, registration=make_registration(event, f"Guest of {n}", guest_of=row))
        make_seat(other, registration=row)
        with CaptureQueriesContext(connection) as captured:
            roll_table(roll_list_for(actor_of(event.owner), roll.pk, EVERYBODY))
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 12
