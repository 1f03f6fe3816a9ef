"""The files of a roll over HTTP: what they hold, for whom, and the large ones by a job."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from convenor.attendance.enums import Diet, RollPaper, SeatState
from convenor.attendance.models import Registration, RegistrationNeeds, Roll
from convenor.attendance.queries.seats import SeatsAsked
from convenor.attendance.sentences.roll_files import as_json, from_json
from convenor.attendance.tasks import make_roll_file
from convenor.base.models import Job
from convenor.events.enums import Confidentiality, PartyRole
from convenor.events.models import Event, Party
from convenor.web import roll_papers
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import alice, bob, charlie
from tests.factories.events import make_event
from tests.factories.pdf import codes_of, texts_of
from tests.web.browsing import page, sent, signed_in

pytestmark = pytest.mark.django_db
FILES = ("roll.csv", "roll.xlsx", "roll.pdf", "sign-in.pdf", "badges.pdf", "badges.pdf?layout=cards")
SECRET = "Zebediah"


def a_roll(**fields: Any) -> tuple[Event, Roll, Registration]:
    """A roll with one who comes and one who doesn't; the first can't eat celery."""
    event = make_event(alice(), **fields)
    roll = make_roll(event)
    row = make_registration(event, SECRET, organisation="Acme")
    RegistrationNeeds.objects.create(registration=row, diets=[Diet.VEGAN], dietary="celery")
    make_seat(roll, registration=row)
    make_seat(roll, SeatState.CANCELLED, registration=make_registration(event, "Gone"))
    return event, roll, row


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


def queries(client: Client, address: str) -> int:
    client.get(address)  # what is read once per process is read now
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_tables_are_files_and_papers_are_shown() -> None:
    event, roll, row = a_roll()
    client = signed_in(event.owner)
    made = {name: client.get(f"/rolls/{roll.pk}/{name}") for name in FILES}
    for name, answer in made.items():
        assert answer.status_code == 200
        is_pdf = ".pdf" in name
        assert answer["Content-Disposition"].startswith("inline" if is_pdf else "attachment")
        assert event.key in answer["Content-Disposition"]
        assert answer["Cache-Control"] == "private, no-store"
    assert [cells[0] for cells in rows_of(made["roll.csv"])] == ["Name", "Gone", SECRET]
    sheet = load_workbook(BytesIO(made["roll.xlsx"].content)).active
    assert [cell.value for cell in sheet["A"]] == ["Name", "Gone", SECRET]
    assert "Gone" in texts_of(made["roll.pdf"].content)[0]
    assert "Gone" not in texts_of(made["sign-in.pdf"].content)[0], "who isn't coming doesn't sign"
    assert codes_of(made["badges.pdf"].content) == [row.code]
    assert codes_of(made["badges.pdf?layout=cards"].content) == [row.code]


def test_the_screens_filter_applies() -> None:
    event, roll, row = a_roll()
    client, address = signed_in(event.owner), f"/rolls/{roll.pk}/roll.csv"

    def names(query: str) -> list[str]:
        return [cells[0] for cells in rows_of(client.get(f"{address}?{query}"))[1:]]

    assert names("q=zebe") == [SECRET]
    assert names("state=cancelled") == ["Gone"]
    assert names("state=cancelled&state=confirmed&state=nonsense") == ["Gone", SECRET]
    assert names(f"registration={row.pk}") == [SECRET]
    assert names("registration=x") == []
    assert names("department=999&source=public") == []
    assert names("department=x&source=x&q=%00") == ["Gone", SECRET]
    badge = client.get(f"/rolls/{roll.pk}/badges.pdf?state=cancelled").content
    assert "Gone" in texts_of(badge)[0], "whoever is asked for gets a badge"


def test_who_may_not_see_the_roll_gets_nothing_of_it() -> None:
    event, roll, _row = a_roll()
    addresses = [*FILES, "needs/", "papers/1/", "papers/1/progress/", "papers/1/file/"]
    for person, status in ((bob(), 403), (charlie(), 404)):
        client = signed_in(person)
        for name in addresses:
            answer = client.get(f"/rolls/{roll.pk}/{name}")
            assert (answer.status_code, name) == (status, name)
            assert SECRET.encode() not in answer.content
        assert client.post(f"/rolls/{roll.pk}/papers/make/list/").status_code == status
    assert Client().get(f"/rolls/{roll.pk}/roll.csv").status_code == 302
    Event.objects.filter(pk=event.pk).update(confidentiality=Confidentiality.CONFIDENTIAL)
    stranger = signed_in(bob(email="stranger@example.org"))
    assert {stranger.get(f"/rolls/{roll.pk}/{name}").status_code for name in addresses} == {404}
    assert not Job.objects.exists()


def test_needs_are_counted_for_helpers_and_named_to_who_runs_the_event() -> None:
    event, roll, _row = a_roll()
    helper = bob()
    Party.objects.create(event=event, person=helper, role=PartyRole.STAFF)
    shown = page(signed_in(event.owner), f"/rolls/{roll.pk}/needs/")
    assert (SECRET in shown, "celery" in shown, "Vegan" in shown) == (True, True, True)
    counted = page(signed_in(helper), f"/rolls/{roll.pk}/needs/")
    assert (SECRET in counted, "celery" in counted, "Vegan" in counted) == (False, False, True)
    head, *_rows = rows_of(signed_in(helper).get(f"/rolls/{roll.pk}/roll.csv"))
    assert "Diet" not in head
    assert "Diet" in rows_of(signed_in(event.owner).get(f"/rolls/{roll.pk}/roll.csv"))[0]


def test_a_large_file_is_made_by_a_job_for_whoever_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roll_papers, "MOST_AT_ONCE", dict.fromkeys(RollPaper, 0))
    event, roll, row = a_roll()
    owner, other = signed_in(event.owner), signed_in(alice(email="other@example.org"))
    offered = page(owner, f"/rolls/{roll.pk}/badges.pdf?q=zebe")
    make = f"/rolls/{roll.pk}/papers/make/badges/?q=zebe"
    assert f'action="{make}"' in offered
    assert not Job.objects.exists(), "asking to see it starts nothing"
    waiting = sent(owner, make, {})
    assert "data-progress-url" in waiting
    job = Job.objects.get()
    address = f"/rolls/{roll.pk}/papers/{job.pk}/"
    assert owner.get(f"{address}file/").status_code == 302
    Job.objects.update(state="done", result=make_roll_file.call(*job.arguments["args"]))
    assert owner.get(f"{address}progress/").json()["finished"] is True
    assert "Open the file" in page(owner, address)
    answer = owner.get(f"{address}file/")
    assert answer["Content-Type"] == "application/pdf"
    assert codes_of(answer.content) == [row.code]
    assert other.get(f"{address}file/").status_code == 302, "a coordinator sees the job, not its paper"
    elsewhere = make_roll(make_event(event.owner))
    assert owner.get(f"/rolls/{elsewhere.pk}/papers/{job.pk}/file/").status_code == 302
    assert owner.post(f"/rolls/{roll.pk}/papers/make/nonsense/").status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        SeatsAsked(),
        SeatsAsked("ana", (SeatState.HELD, SeatState.OFFERED), 3, None, "name", frozenset({2, 1})),
        SeatsAsked(only=frozenset()),
    ],
)
def test_what_was_asked_for_survives_the_queue(asked: SeatsAsked) -> None:
    assert from_json(as_json(asked)) == asked


def test_three_cost_as_many_queries_as_one() -> None:
    event, roll, _row = a_roll()
    client = signed_in(event.owner)
    counts = []
    for n in range(2):
        counts.append([queries(client, f"/rolls/{roll.pk}/{name}") for name in (*FILES, "needs/")])
        for m in range(2):
            row = make_registration(event, f"More {n} {m}")
            RegistrationNeeds.objects.create(registration=row, diets=[Diet.HALAL])
            make_seat(roll, registration=row)
    assert counts[0] == counts[1]
