"""Applying a plan file: what comes, what stays, what goes, who may, and that nothing happens twice."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from convenor.base.actor import Actor, Refused
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.enums import EventState
from convenor.events.models import Event, Function, Task
from convenor.events.plan.applying import apply_plan
from convenor.events.plan.changes import Differences, differences_of
from convenor.events.plan.checking import PlanErrors, check_plan, problems_in, sound_plan
from convenor.events.plan.writing import export_plan
from convenor.people.models import Person
from convenor.scheduling.models import Booking
from tests.factories.cast import actor_of
from tests.factories.events import make_class
from tests.factories.people import MemberFactory
from tests.factories.plans import NOW, PLAN, Company, make_company
from tests.factories.scheduling import check_house, make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return make_company()


def apply(company: Company, text: str = PLAN, *, prune: bool = False) -> Differences:
    return apply_plan(actor=company.actor, text=text, now=NOW, prune=prune).differences


def changes(found: Differences) -> list[tuple[str, str, str]]:
    return [(each.verb, each.section, each.name) for each in found.changes]


def test_everything_in_the_file_comes_to_be(company: Company) -> None:
    apply(company)
    event = Event.objects.get(key="away-day")
    assert (event.state, event.title, event.sponsor) == (EventState.ENQUIRY, "Away day", company.bob)
    greta = Person.objects.get(email="greta@elsewhere.example")
    assert (greta.kind, greta.organisation.name, greta.job_title) == (
        "external",
        "Elsewhere Ltd",
        "Guest of honour",
    )
    party = event.parties.get(person=greta)
    assert (party.role, party.needs_badge, party.host_id) == (
        "guest",
        True,
        Person.objects.get(name="Dana").pk,
    )
    setup, opening, dinner = event.functions.order_by("occurrence__starts_at")
    assert [each.key for each in (setup, opening, dinner)] == ["set-up", "opening", "dinner"]
    assert [each.person.email for each in opening.speakers.all()] == ["erik@example.org", greta.email]
    assert Booking.objects.filter(occurrence=opening.occurrence, room__isnull=False).count() == 2
    bus, menu = event.tasks.order_by("key")
    assert bus.owner == company.alice
    assert menu.owner == Person.objects.get(name="Cora Cook")
    assert [link.after for link in menu.dependencies.all()] == [bus]
    check_house()


def test_the_second_time_nothing_happens(company: Company) -> None:
    apply(company)
    before = AuditEntry.objects.count(), OutboxMessage.objects.count(), Event.objects.get().version
    assert apply(company).changes == ()
    assert apply(company, export_plan(company.actor, "away-day"), prune=True).changes == ()
    assert (AuditEntry.objects.count(), OutboxMessage.objects.count(), Event.objects.get().version) == before


def test_what_the_file_doesnt_say_stays(company: Company) -> None:
    apply(company)
    rest = PLAN.replace('sponsor = "bob@example.org"\n', "").replace('catering = "Water on the stage"\n', "")
    rest = rest.replace(', state = "confirmed"', "").replace('{ text = "Sign", done = true }', '"Sign"')
    assert apply(company, rest, prune=True).changes == ()
    head = rest[: rest.index("[[people]]")]
    assert apply(company, head).changes == ()


def test_what_differs_is_changed_and_told_in_the_files_words(company: Company) -> None:
    apply(company)
    text = PLAN.replace('title = "Away day"', 'title = "Away days"').replace(
        "headcount = 40", "headcount = 50"
    )
    text = text.replace('due = "-14wd"', 'due = "-10wd"').replace('note = "Vegetarian lunch"', 'note = ""')
    found = apply(company, text)
    assert changes(found) == [
        ("changed", "event", "away-day"),
        ("changed", "people", "greta@elsewhere.example"),
        ("changed", "function", "opening"),
        ("changed", "task", "book-bus"),
    ]
    fields = [(field.key, field.before, field.after) for each in found.changes for field in each.fields]
    assert fields == [
        ("title", "Away day", "Away days"),
        ("note", "Vegetarian lunch", ""),
        ("headcount", 40, 50),
        ("due", "-14wd", "-10wd"),
    ]
    assert apply(company, text).changes == ()
    assert Event.objects.get().title == "Away days"


def test_only_with_prune_what_isnt_named_goes(company: Company) -> None:
    apply(company)
    text = PLAN[: PLAN.index("[[task]]")].replace(
        'emails = ["dana@example.org", "erik@example.org"]', 'emails = ["dana@example.org"]'
    )
    start, end = text.index('[[function]]\nkey = "dinner"'), len(text)
    text = text[:start] + text[end:]
    assert apply(company, text).changes == ()
    gone = apply(company, text, prune=True)
    assert changes(gone) == [
        ("removed", "people", "erik@example.org"),
        ("removed", "function", "dinner"),
        ("removed", "task", "book-bus"),
        ("removed", "task", "menu"),
    ]
    event = Event.objects.get()
    assert not event.tasks.exists()
    assert sorted(event.functions.values_list("key", flat=True)) == ["opening", "set-up"]
    assert apply(company, text, prune=True).changes == ()
    check_house()


def test_a_later_start_moves_everything_first(company: Company) -> None:
    apply(company)
    moved = PLAN.replace("2026-12-07", "2026-12-14").replace("2026-12-08", "2026-12-15")
    apply(company, moved)
    starts = Event.objects.get().functions.values_list("occurrence__starts_at", flat=True)
    assert {each.day for each in starts} == {14}
    assert Task.objects.get(key="book-bus").due_on == date(2026, 11, 20)  # the 30th and the 1st are holidays
    assert apply(company, moved).changes == ()
    check_house()


def test_functions_change_rooms_with_each_other(company: Company) -> None:
    text = PLAN.replace('track = "Evening"', 'rooms = ["SMALL"]\nheadcount = 4')
    text = text.replace('rooms = ["HALL", "SMALL"]', 'rooms = ["HALL"]').replace(
        "headcount = 40", "headcount = 4"
    )
    text = text.replace('start = "19:00"\nminutes = 120', 'start = "09:30"\nminutes = 90')
    apply(company, text)
    swapped = text.replace('rooms = ["SMALL"]\nheadcount', 'rooms = ["X"]\nheadcount')
    swapped = swapped.replace('rooms = ["HALL"]\nsetup_style', 'rooms = ["SMALL"]\nsetup_style')
    swapped = swapped.replace('rooms = ["X"]', 'rooms = ["HALL"]')
    apply(company, swapped)
    rooms = Booking.objects.filter(room__isnull=False).exclude(state="released")
    codes = dict(rooms.values_list("occurrence__function__key", "room__code"))
    assert (codes["dinner"], codes["opening"]) == ("HALL", "SMALL")
    assert apply(company, swapped).changes == ()
    check_house()


def test_dependencies_of_tasks_may_turn_round(company: Company) -> None:
    apply(company)
    turned = PLAN.replace('after = ["book-bus"]', "after = []").replace("takes_days = 2", 'after = ["menu"]')
    apply(company, turned)
    assert list(Task.objects.get(key="book-bus").dependencies.values_list("after__key", flat=True)) == [
        "menu"
    ]
    assert not Task.objects.get(key="menu").dependencies.exists()


def found_plan(until: str = "2026-12-18") -> str:
    head = PLAN[: PLAN.index("[[people]]")]
    for line in [each for each in head.splitlines() if each.startswith(("load_", "start =", "end ="))]:
        head = head.replace(f"{line}\n", "")
    window = (
        f'from = 2026-12-14\nuntil = {until}\nminutes = 60\npeople = ["alice@example.org", "bob@example.org"]'
    )
    function = (
        '[[function]]\nkey = "talk"\ntitle = "Talk"\nkind = "meeting"\nafter_start = 15\nminutes = 30\n'
    )
    return f'{head}\n[event.find]\n{window}\nrooms = ["SMALL"]\n\n{function}'


def test_a_time_is_found_and_kept(company: Company) -> None:
    make_meeting(
        company.bob,
        people=[company.bob],
        title="All morning",
        local_start=datetime(2026, 12, 14, 8),
        duration_minutes=240,
    )
    apply(company, found_plan())
    event = Event.objects.get()
    assert event.starts_at is not None
    talk = event.functions.get().occurrence
    assert (talk.starts_at - event.starts_at).total_seconds() == 900
    assert datetime(2026, 12, 14, 10, tzinfo=UTC) <= event.starts_at < datetime(2026, 12, 18, 22, tzinfo=UTC)
    make_meeting(
        company.bob,
        people=[company.bob],
        title="Now busy",
        local_start=datetime(2026, 12, 14, 8),
        duration_minutes=5_000,
    )
    assert apply(company, found_plan()).changes == ()


def test_a_window_in_which_nothing_fits_is_told(company: Company) -> None:
    make_meeting(
        company.bob,
        people=[company.bob],
        title="All day",
        local_start=datetime(2026, 12, 14, 6),
        duration_minutes=900,
    )
    (problem,) = problems_in(check_plan(company.actor, found_plan("2026-12-14"), now=NOW))[:1]
    assert problem.sentence.startswith("Nothing fits within this window.")
    assert "Bob" in problem.sentence


def test_a_class_lays_out_what_the_file_then_changes(company: Company) -> None:
    make_class(
        "plain",
        'title = "Meeting"\n\n[[tasks]]\nkey = "brief"\ntitle = "Brief"\ndue = "-3wd"\n\n'
        '[[tasks]]\nkey = "menu"\ntitle = "A menu"\ndue = "-1wd"\n',
    )
    text = PLAN.replace('class = "plain"', 'class = "plain"\nfrom_class = true')
    text = text.replace('after = ["book-bus"]', 'after = ["book-bus", "brief"]')
    apply(company, text)
    titles = dict(Task.objects.values_list("key", "title"))
    assert titles == {"book-bus": "Book the bus", "brief": "Brief", "menu": "Settle the menu"}
    assert apply(company, text).changes == ()


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_only_coordinators_apply_files(company: Company, who: str) -> None:
    with pytest.raises(Refused):
        apply_plan(actor=actor_of(getattr(company, who)), text=PLAN, now=NOW)
    assert not Event.objects.exists()
    assert not Person.objects.filter(email="greta@elsewhere.example").exists()


def test_an_outsider_learns_nothing_from_a_file(company: Company) -> None:
    apply(company, PLAN.replace('title = "Away day"', 'title = "Secret merger"'))
    outsider = actor_of(company.charlie)
    with pytest.raises(Event.DoesNotExist):
        export_plan(outsider, "away-day")
    plan = check_plan(outsider, PLAN, now=NOW)
    assert plan.event is None
    said = " ".join(str(each) for each in problems_in(plan))
    assert "Secret merger" not in said
    assert "dana@example.org" not in [each.suggestion for each in problems_in(plan)]
    with pytest.raises(PlanErrors):
        sound_plan(outsider, PLAN, now=NOW)


def test_a_confidential_event_is_exported_only_for_those_named_in_it(company: Company) -> None:
    apply(company, PLAN.replace('priority = "high"', 'confidentiality = "confidential"'))
    assert "Away day" in export_plan(actor_of(Person.objects.get(name="Erik")), "away-day")
    frieda = MemberFactory.create(name="Frieda")
    with pytest.raises(Event.DoesNotExist):
        export_plan(actor_of(frieda), "away-day")


def test_what_an_action_refuses_undoes_everything(company: Company) -> None:
    """The projector is gone: only booking it finds out."""
    before = AuditEntry.objects.count()
    with pytest.raises(PlanErrors) as caught:
        apply(company, PLAN.replace("projector = 1", "projector = 2"))
    assert "2 asked for" in caught.value.problems[0].sentence
    assert not Event.objects.exists()
    assert not Function.objects.exists()
    assert not Person.objects.filter(email="greta@elsewhere.example").exists()
    assert AuditEntry.objects.count() == before


def test_differences_change_nothing(company: Company) -> None:
    before = AuditEntry.objects.count()
    found = differences_of(sound_plan(company.actor, PLAN, now=NOW))
    assert found.is_new
    assert found.introduced == ("Greta Garbo (Elsewhere Ltd)", "Cora Cook (Caterer)")
    assert {each.verb for each in found.changes} == {"added"}
    assert AuditEntry.objects.count() == before
    assert not Event.objects.exists()


def test_the_machine_itself_may_apply_files(company: Company) -> None:
    apply_plan(actor=Actor.system("the command line"), text=PLAN, now=NOW)
    assert Event.objects.get().owner == company.alice
