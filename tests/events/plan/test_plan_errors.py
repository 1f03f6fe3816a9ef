"""What `plan check` says of a bad file: every mistake, each with its line and what was meant."""

from __future__ import annotations

from datetime import datetime

import pytest

from convenor.base.models import AuditEntry
from convenor.events.models import Event
from convenor.events.plan.applying import apply_plan
from convenor.events.plan.checking import PlanErrors, check_plan, problems_in
from convenor.events.plan.wording import problem_text
from convenor.people.models import Person
from convenor.venues.models import Room
from tests.factories.plans import NOW, PLAN, Company, make_company
from tests.factories.scheduling import make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return make_company()


def said_of(company: Company, text: str) -> list[str]:
    """Line and sentence of every problem."""
    try:
        problems = problems_in(check_plan(company.actor, text, now=NOW))
    except PlanErrors as error:
        problems = error.problems
    return [f"{each.line}: {problem_text(each)}" for each in problems]


def line_of(text: str, part: str) -> int:
    assert part in text
    return text[: text.index(part)].count("\n") + 1


MISTAKES = [
    ('title = "Away day"', 'titel = "Away day"', "There is no key “titel” here. (did you mean “title”?)"),
    ("expected = 20", 'expected = "many"', "“expected” must be a whole number, not a text in quotes."),
    ("expected = 20", "expected = true", "“expected” must be a whole number, not true or false."),
    ('class = "plain"', 'class = "plian"', "There is no event class “plian”. (did you mean “plain”?)"),
    ('site = "HQ"', 'site = "HQQ"', "There is no site “HQQ”. (did you mean “HQ”?)"),
    ('host = "eng"', 'host = "engg"', "There is no department “engg”. (did you mean “eng”?)"),
    (
        'sponsor = "bob@example.org"',
        'sponsor = "bobb@example.org"',
        "There is nobody with the e-mail “bobb@example.org”. (did you mean “bob@example.org”?)",
    ),
    ('sponsor = "bob@example.org"', 'sponsor = "bob"', "“bob” isn't an e-mail address."),
    (
        'sponsor = "bob@example.org"',
        'sponsor = "charlie@elsewhere.example"',
        "Charlie is from outside; name one of the staff.",
    ),
    (
        'priority = "high"',
        'zone = "Europe/Bucarest"',
        "There is no time zone named “Europe/Bucarest”. (did you mean “Europe/Bucharest”?)",
    ),
    (
        'priority = "high"',
        'priority = "hihg"',
        "“hihg” isn't one of the possible values. (did you mean “high”?)",
    ),
    ('priority = "high"', "class_version = 7", "This class has no version 7."),
    (
        "end = 2026-12-08T17:00:00",
        "end = 2026-12-06T17:00:00",
        "An event must end after it starts.",
    ),
    (
        "end = 2026-12-08T17:00:00",
        "end = 2026-12-08T17:00:00+02:00",
        "“2026-12-08 17:00:00+02:00” isn't a local date with a time. (write it like 2026-11-23T09:30:00, without",
    ),
    (
        'departments = ["ops"]',
        'departments = "ops"',
        "“departments” must be a list in square brackets, not a text in quotes.",
    ),
    (
        'organisations = ["Elsewhere Ltd"]',
        'organisations = ["Elsewhere"]',
        "There is no organisation “Elsewhere”. (did you mean “Elsewhere Ltd”?)",
    ),
    (
        'emails = ["dana@example.org", "erik@example.org"]',
        'emails = ["dana@example.org", "erika@example.org"]',
        "There is nobody with the e-mail “erika@example.org”. (did you mean “erik@example.org”?)",
    ),
    (
        'emails = ["dana@example.org", "erik@example.org"]',
        'emails = ["dana@example.org", "bob@example.org"]',
        "“bob@example.org” is there already, on line 23.",
    ),
    ('host = "dana@example.org"', 'host = "greta@elsewhere.example"', "Greta Garbo is from outside; visitors are received by the staff."),
    (
        'name = "Cora Cook"\norganisation = "Caterer"',
        'name = "Cora Cook"',
        "Cora Cook isn't in the directory; say which organisation they belong to. (add organisation = \"…\")",
    ),
    (
        'service = "catering"',
        'service = "caterring"',
        "“caterring” isn't one of the possible values. (did you mean “catering”?)",
    ),
    ('rooms = ["HALL", "SMALL"]', 'rooms = ["HAL"]', "There is no room “HAL”. (did you mean “HALL”?)"),
    ("headcount = 40", "headcount = 61", "HALL Room HALL seats 60, but 61 people are expected."),
    (
        'setup_style = "theatre"',
        'setup_style = "cabaret"',
        "HALL Room HALL can't be set up as Cabaret.",
    ),
    (
        "equipment = { projector = 1 }",
        "equipment = { projektor = 1 }",
        "There is no equipment “projektor”. (did you mean “projector”?)",
    ),
    (
        "start = 2026-12-07T09:30:00",
        "start = 2026-12-09T09:30:00",
        "This lies outside the event's dates: it starts 7 December 2026 09:00 and ends 8 December 2026 17:00.",
    ),
    ('key = "menu"', 'key = "book-bus"', "“book-bus” is there already, on line 91."),
    ('track = "Evening"', 'rooms = ["HALL"]\nstart = "10:00"', "This isn't TOML: Cannot overwrite a value."),
    ('{ at = 0, what = "Welcome"', '{ at = "soon", what = "Welcome"', "“at” must be a whole number, not a text in quotes."),
    ('due = "-14wd"', 'due = "two weeks before"', "“two weeks before” isn't an offset from the event. (write it like \"-14wd\", \"-3d\" or \"+2wd after end\")"),
    ('owner = "catering"', 'owner = "security"', "Nobody is “Security” of this event. (name somebody by e-mail, or say who it is in the file)"),
    ('owner = "catering"', 'owner = "cattering"', "“cattering” is neither an e-mail nor what somebody is to the event. (did you mean “catering”?)"),
    ('after = ["book-bus"]', 'after = ["book-buss"]', "There is no task with the key “book-buss” in this event. (did you mean “book-bus”?)"),
    ('after = ["book-bus"]', 'after = ["menu"]', "“Settle the menu” can't wait for itself."),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "sentence"), MISTAKES, ids=[each[1] for each in MISTAKES])
def test_a_mistake_is_told_with_its_line(company: Company, right: str, wrong: str, sentence: str) -> None:
    text = PLAN.replace(right, wrong, 1)
    line = line_of(PLAN, right) + wrong.count("\n")
    assert any(each.startswith(f"{line}: {sentence}") for each in said_of(company, text)), said_of(
        company, text
    )


def test_a_sound_plan_has_nothing_wrong(company: Company) -> None:
    assert said_of(company, PLAN) == []


def test_all_mistakes_are_told_at_once_in_order(company: Company) -> None:
    text = PLAN
    for right, wrong, _sentence in MISTAKES[0], MISTAKES[2], MISTAKES[3], MISTAKES[21], MISTAKES[-2]:
        text = text.replace(right, wrong, 1)
    lines = [int(each.partition(":")[0]) for each in said_of(company, text)]
    assert len(set(lines)) >= 5
    assert lines == sorted(lines)


def test_tasks_that_wait_for_each_other_are_refused(company: Company) -> None:
    text = PLAN.replace("takes_days = 2", 'after = ["menu"]')
    (said,) = said_of(company, text)
    assert "wait for each other in a circle: “Book the bus” → “Settle the menu” → “Book the bus”" in said


def test_two_functions_cant_have_one_room_at_once(company: Company) -> None:
    text = PLAN.replace('start = "19:00"', 'start = "10:00"\nrooms = ["SMALL"]')
    (said,) = said_of(company, text)
    assert said.endswith("SMALL Room SMALL isn't free: “Opening” has it, 09:30–11:00 (with set-up and turn).")
    assert int(said.partition(":")[0]) == line_of(text, 'rooms = ["SMALL"]')


def test_a_room_that_somebody_else_has_is_refused(company: Company) -> None:
    room = Room.objects.get(code="SMALL")
    make_meeting(company.bob, title="Budget", room_id=room.pk, local_start=datetime(2026, 12, 7, 10))
    said = said_of(company, PLAN)
    assert len(said) == 1
    assert "SMALL Room SMALL isn't free then: “Budget” has it" in said[0]


def test_who_has_left_cant_be_asked(company: Company) -> None:
    Person.objects.filter(email="dana@example.org").update(is_active=False)
    said = said_of(company, PLAN)
    line = line_of(PLAN, 'emails = ["dana')
    assert f"{line}: Dana is no longer active." in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[event\n", "1: This isn't TOML: "),
        ("\n\n[event]\nkey = \n", "4: This isn't TOML: "),
        ("", "1: There is no table [event]: a plan begins with it."),
        ("event = 3\n", "1: “event” must be a table, not a whole number."),
        ("[event]\nx = " + "[" * 5_000, "1: The text can't be read: it is nested too deeply"),
        ("[event]\nkey = \"a\u0000b\"\n", "2: There is a character here that no text may hold."),
        ("[evnt]\n", "1: There is no key “evnt” here. (did you mean “event”?)"),
        ("[[event]]\n", "1: “event” must be a table, not a list in square brackets."),
        ("[event]\n[function]\n", "2: “function” is a list of tables. (write [[function]] above each)"),
    ],
)  # fmt: skip
def test_what_is_no_plan_at_all_is_told_too(company: Company, text: str, said: str) -> None:
    assert any(each.startswith(said) for each in said_of(company, text)), said_of(company, text)


def test_a_bad_plan_changes_nothing(company: Company) -> None:
    before = AuditEntry.objects.count(), Person.objects.count()
    with pytest.raises(PlanErrors) as caught:
        apply_plan(actor=company.actor, text=PLAN.replace("headcount = 40", "headcount = 61"), now=NOW)
    assert [each.line for each in caught.value.problems] == [line_of(PLAN, "headcount = 40")]
    assert (AuditEntry.objects.count(), Person.objects.count()) == before
    assert not Event.objects.exists()
