"""Counts of the roll on function sheets: whom a change of them concerns, and what the paper says."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from convenor.attendance.enums import Diet
from convenor.attendance.models import RegistrationNeeds, Roll
from convenor.events.actions.sheet import issue_sheets
from convenor.events.enums import Service, SheetState
from convenor.events.models import Event, Function
from convenor.events.queries.sheets import sheet_for, sheets_for
from convenor.events.rules.sheet_words import written, written_differences
from convenor.events.sentences.sheet_paper import page_of, sheets_pdf
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import actor_of, alice
from tests.factories.pdf import is_tagged, pages_of
from tests.factories.scheduling import NOW
from tests.factories.sheets import make_catered_event, make_contact

pytestmark = pytest.mark.django_db


def catered() -> tuple[Event, Function, Roll]:
    event, (function,) = make_catered_event(alice())
    for service, name in ((Service.CATERING, "Carla"), (Service.AV, "Victor")):
        make_contact(event, service, name)
    return event, function, make_roll(event, function=function)


def eats(roll: Roll, *diets: Diet) -> None:
    row = make_registration(roll.event)
    RegistrationNeeds.objects.create(registration=row, diets=list(diets))
    make_seat(roll, registration=row)


def issue(event: Event) -> None:
    issue_sheets(actor=actor_of(event.owner), event_id=event.pk, function_ids=None, now=NOW)


def test_a_change_of_counts_is_news_to_those_services_only() -> None:
    event, _function, roll = catered()
    issue(event)
    (row,) = sheets_for(actor_of(event.owner), event.pk)
    assert row.state == SheetState.ISSUED
    eats(roll, Diet.VEGAN)
    (row,) = sheets_for(actor_of(event.owner), event.pk)
    assert row.state == SheetState.CHANGED
    assert [each.name for each in row.would_tell] == ["Carla"], "nothing has changed for Victor"
    said = [(each.label, each.before, each.after) for each in written_differences(list(row.pending))]
    assert said == [
        ("Expected", "", "1"),
        ("Counted on", "", "the function's roll"),
        ("Diets", "", "Vegan: 1"),
    ]
    issue(event)
    eats(roll, Diet.VEGAN)
    eats(roll)
    (row,) = sheets_for(actor_of(event.owner), event.pk)
    said = [(each.label, each.before, each.after) for each in written_differences(list(row.pending))]
    assert said == [("Expected", "1", "3"), ("Diets", "Vegan: 1", "Vegan: 2")]


def test_what_the_roll_says_no_more_is_news_too() -> None:
    event, _function, roll = catered()
    eats(roll, Diet.VEGAN)
    issue(event)
    roll.seats.all().delete()
    (row,) = sheets_for(actor_of(event.owner), event.pk)
    assert [each.name for each in row.would_tell] == ["Carla"]
    said = [(each.label, each.after) for each in written_differences(list(row.pending))]
    assert said == [("Expected", ""), ("Counted on", ""), ("Diets", "")]


def test_the_paper_says_the_counts_in_both_languages() -> None:
    event, function, roll = catered()
    Roll.objects.filter(pk=roll.pk).update(guaranteed=40)
    eats(roll, Diet.GLUTEN_FREE)
    issue(event)
    sheet = sheet_for(actor_of(event.owner), function.sheets.get().pk)
    for language in ("en", "ro"):
        with translation.override(language):
            head, catering, _av = written(sheet.content)
            assert [value for _label, value in head.facts if value in {"1", "40"}] == ["1", "40"]
            assert [value for _label, value in catering.facts] == [f"{Diet.GLUTEN_FREE.label}: 1"]
            made = sheets_pdf([page_of(sheet, service=Service.CATERING)], title="Sheet")
            assert is_tagged(made)
            assert pages_of(made) == 1


def test_more_functions_with_rolls_cost_no_more_queries() -> None:
    event, functions = make_catered_event(alice(), functions=3)
    counts = []
    for function in functions:
        eats(make_roll(event, function=function), Diet.VEGAN)
        with CaptureQueriesContext(connection) as captured:
            rows = sheets_for(actor_of(event.owner), event.pk)
        counts.append(len(captured))
    assert len(rows) == 3
    assert len(set(counts)) == 1
