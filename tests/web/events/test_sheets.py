"""Function sheets on screen, as PDF, and at the secret address that needs no account."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from convenor.base.models import Job, OutboxMessage
from convenor.events.actions.sheet import issue_sheets
from convenor.events.enums import Confidentiality, Service
from convenor.events.models import Event, Sheet, SheetReceipt
from convenor.events.tasks import set_function_sheets
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.pdf import pages_of
from tests.factories.scheduling import NOW
from tests.factories.sheets import make_catered_event, make_contact
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db


def issued(**fields: Any) -> tuple[Event, SheetReceipt]:
    owner = alice()
    event, _functions = make_catered_event(owner, **fields)
    make_contact(event, Service.CATERING, "Carla")
    issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=NOW)
    return event, SheetReceipt.objects.get()


def test_issuing_changing_and_issuing_again() -> None:
    owner = alice()
    event, (function, other) = make_catered_event(owner, functions=2)
    make_contact(event, Service.CATERING, "Carla")
    client, address = signed_in(owner), f"/events/{event.pk}/sheets/"
    shown = page(client, address)
    assert "Not issued" in shown
    assert "Would be told: Carla (Catering)" in " ".join(shown.split())
    said = sent(client, f"{address}issue/", {"function": function.pk})
    assert "1 sheet issued. 1 person is told." in said
    assert Sheet.objects.get().function_id == function.pk
    sent(client, f"{address}issue/", {})
    assert Sheet.objects.filter(function=other).exists()
    function.catering = "Tea for 40"
    function.save()
    shown = page(client, f"{address}?state=changed")
    assert "<del>Coffee for 40</del>" in shown
    assert "<ins>Tea for 40</ins>" in shown
    assert "Function 2" not in shown
    sent(client, f"{address}issue/", {})
    assert "Nothing has changed" in sent(client, f"{address}issue/", {})
    revisions = page(client, f"/events/functions/{function.pk}/sheets/?from=1&to=2")
    assert "<del>Coffee for 40</del>" in revisions
    assert "<del>" not in page(client, f"/events/functions/{function.pk}/sheets/?from=2&to=2")
    assert "another mail" in sent(client, f"{address}remind/", {})
    assert OutboxMessage.objects.filter(key__contains="reminder").count() == 1


def test_one_sheet_as_pdf() -> None:
    event, receipt = issued()
    answer = signed_in(event.owner).get(f"/events/sheets/{receipt.sheet_id}/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert pages_of(answer.content) == 1


def test_the_set_is_made_by_a_job_for_whoever_asked() -> None:
    event, _receipt = issued()
    owner, other = signed_in(event.owner), signed_in(alice(email="other@example.org"))
    address = f"/events/{event.pk}/sheets/set/"
    waiting = sent(owner, address, {})
    job = Job.objects.get()
    assert "data-progress-url" in waiting
    assert owner.get(f"{address}{job.pk}/file/").status_code == 302
    Job.objects.update(state="done", result=set_function_sheets.call(*job.arguments["args"]))
    assert owner.get(f"{address}{job.pk}/progress/").json()["finished"] is True
    assert "Open the PDF" in page(owner, f"{address}{job.pk}/")
    answer = owner.get(f"{address}{job.pk}/file/")
    assert pages_of(answer.content) == 1
    assert other.get(f"{address}{job.pk}/file/").status_code == 302, (
        "a coordinator sees the job, not its paper"
    )
    assert signed_in(bob()).get(f"{address}{job.pk}/").status_code == 404


def test_the_secret_address_shows_one_services_part_and_nothing_else() -> None:
    owner = alice()
    event, (function,) = make_catered_event(owner, confidentiality=Confidentiality.CONFIDENTIAL)
    function.security = "The safe is behind the picture"
    function.save()
    make_contact(event, Service.CATERING, "Carla")
    make_contact(event, Service.SECURITY, "Sergiu")
    issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=NOW)
    stranger = Client()
    caterers = SheetReceipt.objects.get(service="catering")
    answer = stranger.get(f"/s/{caterers.token}/")
    shown = answer.content.decode()
    assert "Coffee for 40" in shown
    assert "behind the picture" not in shown
    assert "Two microphones" not in shown
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]
    assert "behind the picture" in page(stranger, f"/s/{SheetReceipt.objects.get(service='security').token}/")
    assert pages_of(stranger.get(f"/s/{caterers.token}/pdf/").content) == 1
    for wrong in (caterers.token[:-1], "x" * 43, "%00", caterers.token.swapcase()):
        assert stranger.get(f"/s/{wrong}/").status_code == 404


def test_i_have_read_it() -> None:
    event, receipt = issued()
    stranger, address = Client(), f"/s/{receipt.token}/"
    stranger.get(address)
    stranger.head(address)
    receipt.refresh_from_db()
    assert receipt.acknowledged_at is None, "a mail program that looks at the address acknowledges nothing"
    assert "Carla has read it" in sent(stranger, address, {})
    first = SheetReceipt.objects.get().acknowledged_at
    assert first is not None
    sent(stranger, address, {})
    assert SheetReceipt.objects.get().acknowledged_at == first
    assert "I have read it" not in page(stranger, address)
    assert "1 of 1" in page(signed_in(event.owner), f"/events/{event.pk}/sheets/")


def test_without_its_token_no_form_is_taken() -> None:
    _event, receipt = issued()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/s/{receipt.token}/").status_code == 403
    assert SheetReceipt.objects.get().acknowledged_at is None


def test_a_stale_address_says_that_there_is_a_newer_one() -> None:
    event, old = issued()
    function = old.sheet.function
    function.catering = "Tea"
    function.save()
    issue_sheets(actor=actor_of(event.owner), event_id=event.pk, function_ids=None, now=NOW)
    new = SheetReceipt.objects.latest("pk")
    shown = page(Client(), f"/s/{old.token}/")
    assert "There is a newer one, revision 2." in shown
    assert f"/s/{new.token}/" in shown
    assert "I have read it" not in shown
    assert "Changed:" in page(Client(), f"/s/{new.token}/")


def test_what_else_waits_for_the_same_person() -> None:
    owner = alice()
    event, _functions = make_catered_event(owner, functions=2)
    make_contact(event, Service.CATERING, "Carla")
    make_contact(event, Service.AV, "Victor")
    issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=NOW)
    mine, also = SheetReceipt.objects.filter(service="catering").order_by("pk")
    shown = page(Client(), f"/s/{mine.token}/")
    assert set(re.findall(r'href="/s/([\w-]+)/"', shown)) == {also.token}


def test_who_may_not_see_the_event_gets_nothing() -> None:
    event, receipt = issued(confidentiality=Confidentiality.CONFIDENTIAL)
    addresses = (
        f"/events/{event.pk}/sheets/",
        f"/events/sheets/{receipt.sheet_id}/pdf/",
        f"/events/functions/{receipt.sheet.function_id}/sheets/",
    )
    for person in (bob(), charlie()):
        client = signed_in(person)
        for address in addresses:
            assert client.get(address).status_code == 404
        assert client.post(f"/events/{event.pk}/sheets/issue/").status_code == 404
        assert client.post(f"/events/{event.pk}/sheets/set/").status_code == 404
        assert client.post(f"/events/sheets/receipts/{receipt.pk}/").status_code == 404
    Event.objects.update(confidentiality=Confidentiality.INTERNAL)
    looker = signed_in(bob(email="looker@example.org"))
    assert "Issue" not in re.sub(
        r"(?i)not issued|issued", "", page(looker, addresses[0]).partition("<main")[2]
    )
    assert looker.post(f"/events/{event.pk}/sheets/issue/").status_code == 403


def test_three_functions_cost_as_many_queries_as_one() -> None:
    counts = []
    for functions in (1, 3):
        owner = alice(email=f"owner{functions}@example.org")
        event, _functions = make_catered_event(owner, functions=functions)
        make_contact(event, Service.CATERING, f"Carla{functions}")
        issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=NOW)
        counts.append(queries_of(signed_in(owner), f"/events/{event.pk}/sheets/"))
        token = SheetReceipt.objects.latest("pk").token
        counts.append(queries_of(Client(), f"/s/{token}/"))
    assert counts[:2] == counts[2:]
