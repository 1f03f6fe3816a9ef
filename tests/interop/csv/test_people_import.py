"""People from a file: dry run, deed, and the same file again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from convenor.base.actor import Actor, Refused
from convenor.base.models import AuditEntry
from convenor.interop.csv.imports import Preview, apply, preview, read_people
from convenor.people.models import Department, Organisation, Person
from convenor.people.queries.people import working_week_for
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import CostBandFactory, DepartmentFactory, OrganisationFactory, PersonFactory
from tests.factories.venues import SiteFactory

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
SYSTEM = Actor.system("import")


def run(text: str | bytes, *, strict: bool = False) -> Preview:
    return apply(SYSTEM, read_people(text), now=NOW, strict=strict)


def dry(text: str) -> Preview:
    return preview(SYSTEM, read_people(text), now=NOW)


def refusals(result: Preview) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.sentence) for problem in result.refused]


def test_the_first_file_needs_nothing_but_mail_and_name() -> None:
    text = "email,name,department\na@x.org,Ana,Sales\nB@x.org,Bob,sales\nc@x.org,Cara,R&D\n"
    shown = dry(text)
    assert (len(shown.created), Person.objects.count(), AuditEntry.objects.count()) == (3, 0, 0)
    assert shown.notes == (
        "New organisation: Our organisation",
        "New department: Sales",
        "New department: R&D",
    )

    done = run(text)
    assert (done.is_applied, done.created, done.notes) == (True, shown.created, shown.notes)
    assert {
        (p.email, p.kind, p.zone, str(p.department)) for p in Person.objects.select_related("department")
    } == {
        ("a@x.org", "staff", "Europe/Bucharest", "Sales"),
        ("b@x.org", "staff", "Europe/Bucharest", "Sales"),
        ("c@x.org", "staff", "Europe/Bucharest", "R&D"),
    }
    assert Organisation.objects.get().is_own
    assert AuditEntry.objects.filter(action="person.created").count() == 3


def test_the_same_file_again_changes_nothing() -> None:
    text = (
        "email,name,department,manager,working_hours\n"
        "a@x.org,Ana,Sales,c@x.org,Mon-Thu 9-18\nb@x.org,Bob,Sales,a@x.org,\nc@x.org,Cara,,,L-V 8-16\n"
    )
    run(text)
    entries = AuditEntry.objects.count()
    again = run(text)
    assert (len(again.unchanged), again.changes_something, AuditEntry.objects.count()) == (3, False, entries)
    ana = Person.objects.get(email="a@x.org")
    assert ana.manager is not None
    assert (ana.manager.name, len(working_week_for(SYSTEM, ana))) == ("Cara", 4)


def test_changes_are_shown_before_and_after() -> None:
    SiteFactory.create(code="LIS", name="Lisbon", zone="Europe/Lisbon")
    CostBandFactory.create(name="Band A")
    OrganisationFactory.create()
    PersonFactory.create(email="a@x.org", name="Ana", home_site=None, zone="Europe/Bucharest", phone="1")
    text = "email,name,phone,home_site,zone,seniority,cost_band,department\nA@X.org,Ana Pop,-,lis,Europe/Lisbon,3,band a,New\n"
    (row,) = dry(text).changed
    assert row.line == 2
    assert {change.field: (change.before, change.after) for change in row.changes} == {
        "name": ("Ana", "Ana Pop"),
        "phone": ("1", ""),
        "home_site": ("", "Lisbon"),
        "zone": ("Europe/Bucharest", "Europe/Lisbon"),
        "seniority": ("1", "3"),
        "cost_band": ("", "Band A"),
        "department": ("", "New"),
    }
    assert run(text).changed == (row,)
    ana = Person.objects.select_related("department", "home_site").get()
    assert (ana.name, ana.seniority, str(ana.home_site), str(ana.department)) == (
        "Ana Pop",
        3,
        "Lisbon",
        "New",
    )
    entry = AuditEntry.objects.get(action="person.changed")
    assert (entry.before["phone"], entry.after["phone"]) == ("1", "")
    assert dry(text).unchanged


def test_an_empty_cell_leaves_what_is_there() -> None:
    OrganisationFactory.create()
    PersonFactory.create(email="a@x.org", name="Ana", phone="1")
    assert run("email,name,phone\na@x.org,,\n").unchanged
    assert Person.objects.get().phone == "1"


def test_external_people_come_with_their_organisation() -> None:
    OrganisationFactory.create(name="Acme")
    done = run(
        "email,name,organisation,kind\na@x.org,Ana,Elsewhere,\nb@x.org,Bob,acme,\nc@x.org,Cara,,external\n"
    )
    assert refusals(done) == [
        (4, "organisation", "External people belong to another organisation than our own.")
    ]
    assert {(p.name, p.kind, p.organisation.name) for p in Person.objects.select_related("organisation")} == {
        ("Ana", "external", "Elsewhere"),
        ("Bob", "staff", "Acme"),
    }


BAD = (
    "email,name,home_site,zone,cost_band,manager,working_hours,kind\n"
    "a@x.org,Ana,,,,,,\n"
    "no address,Bob,,,,,,\n"
    "A@x.org,Twice,,,,,,\n"
    "d@x.org,Dan,Mars,,,,,\n"
    "e@x.org,Eve,,Europe/Bucarest2,,,,\n"
    "f@x.org,Fay,,,Gold,,,\n"
    "g@x.org,Gus,,,,who@x.org,,\n"
    "h@x.org,Hal,,,,g@x.org,,\n"
    "i@x.org,Ina,,,,j@x.org,,\n"
    "j@x.org,Jon,,,,i@x.org,,\n"
    "k@x.org,Kim,,,,,whenever,\n"
    "l@x.org,Leo,,,,,,robot\n"
    "m@x.org,,,,,,,\n"
)


def test_every_bad_row_has_its_line_its_column_and_a_sentence() -> None:
    OrganisationFactory.create()
    done = run(BAD)
    found = {line: (column, sentence) for line, column, sentence in refusals(done)}
    assert [row.label for row in done.created] == ["Ana <a@x.org>"]
    assert found[3] == ("email", "Enter a valid email address.")
    assert found[4] == ("email", "Line 2 has this e-mail already.")
    assert found[5] == ("home_site", "There is no site “Mars”. Known: –.")
    assert found[6][0] == "zone"
    assert found[7] == ("cost_band", "There is no cost band “Gold”. Known: –.")
    assert found[8] == ("manager", "There is nobody with the e-mail “who@x.org”.")
    assert found[9] == ("manager", "There is nobody with the e-mail “g@x.org”.")
    assert {found[10][0], found[11][0]} == {"manager"}
    assert (found[12][0], found[13][0]) == ("working_hours", "kind")
    assert found[14] == ("name", "A new person needs a name.")
    assert set(found) == set(range(3, 15))
    assert list(Person.objects.values_list("email", flat=True)) == ["a@x.org"]


def test_strict_is_all_or_nothing() -> None:
    OrganisationFactory.create()
    for text in (BAD, "email,name,manager\na@x.org,Ana,\nb@x.org,Bob,who@x.org\n"):
        done = run(text, strict=True)
        assert (done.is_applied, len(done.created), Person.objects.count()) == (False, 1, 0)
    assert run("email,name\na@x.org,Ana\n", strict=True).is_applied


def test_a_department_name_that_is_not_unique_asks_for_the_code() -> None:
    OrganisationFactory.create()
    for code in ("a-sales", "b-sales"):
        DepartmentFactory.create(name="Sales", code=code)
    done = run("email,name,department\na@x.org,Ana,Sales\nb@x.org,Bob,B-SALES\n")
    assert refusals(done) == [
        (2, "department", "Several departments are called “Sales”; give the code: a-sales, b-sales.")
    ]
    person = Person.objects.select_related("department").get()
    assert person.department is not None
    assert person.department.code == "b-sales"


def test_only_coordinators_import() -> None:
    rows = read_people("email,name\na@x.org,Ana\n")
    for outsider in (bob(), charlie()):
        for verb in (preview, apply):
            with pytest.raises(Refused):
                verb(actor_of(outsider), rows, now=NOW)
    assert apply(actor_of(alice()), rows, now=NOW).is_applied
    assert Person.objects.filter(email="a@x.org").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_a_dry_run_takes_as_many_queries_for_any_number(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    OrganisationFactory.create()
    for n in range(count):
        PersonFactory.create(email=f"old{n}@x.org", department=DepartmentFactory.create())
    lines = [
        f"old{n}@x.org,Renamed {n},D{n},new{n}@x.org\nnew{n}@x.org,New {n},D{n},\n" for n in range(count)
    ]
    rows = read_people("email,name,department,manager\n" + "".join(lines))
    with django_assert_num_queries(6):
        shown = preview(SYSTEM, rows, now=NOW)
    assert (len(shown.created), len(shown.changed)) == (count, count)


def test_many_rows_take_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    lines = [f"p{n}@x.org,Person {n},Department {n % 20},p{n // 10}@x.org\n" for n in range(1, 2_000)]
    rows = read_people("email,name,department,manager\np0@x.org,Top,,\n" + "".join(lines))
    with django_assert_max_num_queries(250):
        done = apply(SYSTEM, rows, now=NOW)
    assert (len(done.created), done.refused, Department.objects.count()) == (2_000, (), 20)
    assert AuditEntry.objects.filter(action="person.created").count() == 2_000


def test_names_from_an_old_spreadsheet_are_whole() -> None:
    done = run("email;nume\r\na@x.org;Ștefan Țurcanu\r\n".encode("iso8859-16"))
    assert done.notes[0].startswith("The file was read as iso-8859-16")
    assert Person.objects.get().name == "Ștefan Țurcanu"


def test_the_published_directory_comes_in_whole() -> None:
    """129 people who chair groups of the Kubernetes project, with nothing but e-mail, name and department.

    Made from kubernetes/community sigs.yaml (Apache-2.0), names replaced by numbers.
    """
    content = (Path(__file__).parent / "kubernetes-people.csv").read_bytes()
    done = run(content)
    assert (len(done.created), done.refused) == (129, ())
    assert run(content).changes_something is False
