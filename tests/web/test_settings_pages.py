"""Settings: one's own account, and for those who look after it the company's places, people and records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from convenor.base.enums import Role, WorkState
from convenor.base.models import AuditEntry, Job, OutboxMessage, User
from convenor.people.models import Department, Person
from convenor.venues.models import BookableUnit, Equipment, Site
from tests.factories.cast import alice, bob, charlie
from tests.factories.people import DelegationFactory, DepartmentFactory, MemberFactory, PersonFactory
from tests.factories.scheduling import NOW
from tests.factories.venues import EquipmentFactory, RoomFactory, SiteFactory
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db
FOR_COORDINATORS = ["rooms", "equipment", "departments", "audit", "work"]


@pytest.fixture(autouse=True)
def _at_a_fixed_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def admin() -> Person:
    return alice(user__role=Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("who", "tabs"),
    [
        (admin, {"Account", "Sites", "Rooms", "Equipment", "Accounts and roles", "Audit log"}),
        (alice, {"Account", "Sites", "Rooms", "Equipment", "Audit log"}),
        (bob, {"Account", "Delegation", "Sites"}),
        (charlie, {"Account", "Delegation"}),
    ],
)
def test_everybody_is_shown_their_own_tabs(who: Callable[[], Person], tabs: set[str]) -> None:
    client = signed_in(who())
    shown = {str(tab["label"]) for tab in client.get("/settings/").context["tabs"]}
    assert tabs <= shown
    for hidden in {"Rooms", "Accounts and roles", "Audit log"} - tabs:
        assert hidden not in shown


@pytest.mark.parametrize(
    "name", [*FOR_COORDINATORS, "accounts", "departments/new", "equipment/new", "sites/new"]
)
@pytest.mark.parametrize("who", [bob, charlie])
def test_what_is_for_coordinators_is_refused_to_others(name: str, who: Callable[[], Person]) -> None:
    page(signed_in(who()), f"/settings/{name}/", status=403)


def test_preferences_are_kept_and_take_effect_at_once() -> None:
    person = bob()
    client = signed_in(person)
    data = {"display_name": "Bobby", "language": "ro", "zone": "Europe/Lisbon", "theme": "dark"}
    text = sent(client, "/settings/", data)
    user = User.objects.get(person=person)
    assert (user.language, user.zone, user.theme) == ("ro", "Europe/Lisbon", "dark")
    assert 'lang="ro"' in text
    assert 'data-theme="dark"' in text


def test_the_language_of_the_account_is_spoken_on_a_new_device() -> None:
    assert 'lang="ro"' in page(signed_in(bob(user__language="ro")), "/settings/")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"zone": "Mars/Phobos"}, "Mars/Phobos"),
        ({"zone": "../../etc/passwd"}, "passwd"),
        ({"language": "tlh"}, "not one of the available choices"),
        ({"theme": "plaid"}, "not one of the available choices"),
        ({"display_name": "a\x00b"}, "Null characters are not allowed."),
        ({"display_name": "x" * 151}, "at most 150 characters"),
    ],
)
def test_a_preference_that_cannot_be_is_refused_at_its_field(changes: dict[str, str], sentence: str) -> None:
    person = bob()
    data = {"display_name": "Bob", "language": "", "zone": "", "theme": "system"} | changes
    assert sentence in sent(signed_in(person), "/settings/", data, status=422)
    assert User.objects.get(person=person).zone == ""


def test_ones_delegations_are_shown_from_both_sides() -> None:
    person = bob()
    DelegationFactory(principal=person, delegate=MemberFactory(name="Dela Gate"))
    DelegationFactory(principal=MemberFactory(name="Prin Cipal"), delegate=person)
    DelegationFactory(principal=MemberFactory(name="Some Body"))
    text = page(signed_in(person), "/settings/delegation/")
    assert "Dela Gate" in text
    assert "Prin Cipal" in text
    assert "Some Body" not in text


def test_a_site_is_made_opened_connected_and_taken_out_of_use() -> None:
    client, other = signed_in(alice()), SiteFactory(name="Other")
    data = {"code": "CLJ", "name": "Cluj", "zone": "Europe/Bucharest", "country": "RO", "currency": "EUR"}
    assert "Nowhere” is not a time zone" in sent(
        client, "/settings/sites/new/", data | {"zone": "Nowhere"}, status=422
    )
    sent(client, "/settings/sites/new/", data)
    site = Site.objects.get(code="CLJ")
    sent(client, f"/settings/sites/{site.pk}/hours/", {"from_0_0": "08:00", "until_0_0": "18:00"})
    sent(client, f"/settings/sites/{site.pk}/travel/", {f"to_{other.pk}": 90})
    sent(client, f"/settings/sites/{site.pk}/", data | {"name": "Cluj-Napoca"})
    text = page(client, "/settings/sites/")
    for expected in ("Cluj-Napoca", "08:00–18:00", "To Other", "1 h 30 min", "Christmas Day"):
        assert expected in text
    room = RoomFactory(site=site)
    assert "Rooms of this site are in use" in sent(client, f"/settings/sites/{site.pk}/retire/", {})
    room.is_active = False
    room.save()
    sent(client, f"/settings/sites/{site.pk}/retire/", {})
    assert not Site.objects.get(pk=site.pk).is_active
    sent(client, f"/settings/sites/{site.pk}/restore/", {})
    assert Site.objects.get(pk=site.pk).is_active


def test_staff_may_read_the_sites_and_charlie_may_not() -> None:
    SiteFactory(name="Cluj")
    text = page(signed_in(bob()), "/settings/sites/")
    assert "Cluj" in text
    assert "New site" not in text
    page(signed_in(charlie()), "/settings/sites/", status=403)


def test_equipment_has_kinds_and_a_stock() -> None:
    client, site = signed_in(alice()), SiteFactory()
    sent(client, "/settings/equipment/new/", {"code": "flip", "name": "Flipchart", "is_movable": "on"})
    kind = Equipment.objects.get(code="flip")
    stock = f"/settings/equipment/{kind.pk}/sites/{site.pk}/"
    assert "less than or equal to 1000" in sent(client, stock, {"pieces": 1001}, status=422)
    sent(client, stock, {"pieces": 3})
    assert BookableUnit.objects.filter(equipment=kind, is_active=True).count() == 3
    assert "so it stays on the list" in sent(client, f"/settings/equipment/{kind.pk}/drop/", {})
    spare = EquipmentFactory(name="Gong")
    sent(client, f"/settings/equipment/{spare.pk}/", {"code": "gong", "name": "Big gong"})
    assert "Big gong" in page(client, "/settings/equipment/")
    sent(client, f"/settings/equipment/{spare.pk}/drop/", {})
    assert not Equipment.objects.filter(pk=spare.pk).exists()


def test_departments_organisations_and_cost_bands_are_made_and_changed() -> None:
    coordinator = alice()
    client = signed_in(coordinator)
    own = coordinator.organisation_id
    sent(client, "/settings/departments/new/", {"organisation": own, "code": "eng", "name": "Engineering"})
    top = Department.objects.get(code="eng")
    below = {"organisation": own, "code": "qa", "name": "Quality", "parent": top.pk}
    sent(client, "/settings/departments/new/", below)
    child = Department.objects.get(code="qa")
    circle = {"organisation": own, "code": "eng", "name": "Engineering", "parent": child.pk}
    assert "is Engineering itself or a part of it" in sent(
        client, f"/settings/departments/{top.pk}/", circle, status=422
    )
    assert "move them first" in sent(client, f"/settings/departments/{top.pk}/drop/", {})
    sent(client, f"/settings/departments/{child.pk}/drop/", {})
    sent(client, "/settings/organisations/new/", {"name": "Partner"})
    assert "is our own organisation already" in sent(
        client, "/settings/organisations/new/", {"name": "Second", "is_own": "on"}, status=422
    )
    band = {"name": "Senior", "hourly_rate": "60", "currency": "XXQ"}
    assert "is not a currency" in sent(client, "/settings/cost-bands/new/", band, status=422)
    text = sent(client, "/settings/cost-bands/new/", band | {"currency": "EUR"})
    for expected in ("Engineering", "Partner", "Senior"):
        assert expected in text
    assert "Quality" not in text


def test_an_administrator_gives_accounts_and_roles() -> None:
    client, person = signed_in(admin()), PersonFactory(name="Nina New", email="nina@example.org")
    data = {"email": "nina@example.org", "display_name": "Nina New", "role": "organiser", "password": "12345"}
    assert "too short" in sent(client, "/settings/accounts/new/", data, status=422)
    sent(client, "/settings/accounts/new/", data | {"password": "river-otter-lamp-42"})
    person.refresh_from_db()
    assert person.user is not None
    assert person.user.check_password("river-otter-lamp-42")
    again = sent(client, "/settings/accounts/new/", data | {"password": ""}, status=422)
    assert "already exists" in again
    changed = {"email": person.email, "display_name": "Nina New", "role": "coordinator"}
    sent(client, f"/settings/accounts/{person.user_id}/", changed)
    user = User.objects.get(person=person)
    assert (user.role, user.is_active) == ("coordinator", False)
    assert "Nina New" in page(client, "/settings/accounts/?q=nina")


def test_coordinators_give_no_roles() -> None:
    client, other = signed_in(alice()), bob()
    page(client, f"/settings/accounts/{other.user_id}/", status=403)
    sent(client, f"/settings/accounts/{other.user_id}/", {"role": "administrator"}, status=403)
    assert User.objects.get(person=other).role == Role.ORGANISER


def test_the_audit_log_tells_before_and_after_and_goes_back_page_by_page() -> None:
    client = signed_in(alice())
    department = DepartmentFactory(name="Old name")
    data = {"organisation": department.organisation_id, "code": department.code, "name": "New name"}
    for number in range(51):
        sent(client, f"/settings/departments/{department.pk}/", data | {"name": f"New name {number}"})
    first = page(client, "/settings/audit/?q=department.changed")
    assert "<ins>New name 50</ins>" in first
    assert "<del>Old name</del>" not in first
    before = AuditEntry.objects.filter(action="department.changed").order_by("pk")[1].pk
    assert "<del>Old name</del>" in page(client, f"/settings/audit/?before={before}")
    for odd in ("before=x", "before=-1", "before=99999999999999999999", "q=%00"):
        page(client, f"/settings/audit/?{odd}")


def test_what_was_given_up_is_tried_again() -> None:
    client = signed_in(alice())
    dead = {"state": WorkState.DEAD, "last_error": "Traceback\nOSError: no route"}
    message = OutboxMessage.objects.create(kind="invitation", key="1", payload={}, **dead)
    job = Job.objects.create(task="a.task", queue="default", **dead)
    waiting = Job.objects.create(task="b.task", queue="default")
    text = page(client, "/settings/work/")
    assert "OSError: no route" in text
    assert "Traceback" not in text
    assert "No worker has given a sign of life" in text
    sent(client, f"/settings/work/messages/{message.pk}/retry/", {})
    sent(client, f"/settings/work/jobs/{job.pk}/retry/", {})
    sent(client, f"/settings/work/jobs/{waiting.pk}/cancel/", {})
    assert OutboxMessage.objects.get(pk=message.pk).state == WorkState.READY
    assert {each.task: each.state for each in Job.objects.all()} == {"a.task": "ready", "b.task": "cancelled"}
    sent(signed_in(bob()), f"/settings/work/messages/{message.pk}/retry/", {}, status=404)


def test_a_mail_in_the_outbox_is_read_as_its_reader_gets_it() -> None:
    client = signed_in(alice())
    payload = {
        "to": ["ana@example.org"],
        "subject": "Invitation: Ședință",
        "text": "Come at ten.\n<script>",
        "html": "<p style='color:red'>Come at ten.</p>",
        "from_name": "Bob (Convenor)",
        "calendar": {"method": "REQUEST", "content": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"},
    }
    row = OutboxMessage.objects.create(kind="mail", key="1", payload=payload, state=WorkState.KEPT)
    listed = page(client, "/settings/work/")
    assert ("Invitation: Ședință" in listed, "ana@example.org" in listed) == (True, True)
    text = page(client, f"/settings/work/messages/{row.pk}/")
    for part in (
        "Bob (Convenor)",
        "Come at ten.<br>",
        "REQUEST",
        "BEGIN:VCALENDAR\nEND:VCALENDAR",
        "Try again",
    ):
        assert part in text
    assert "<script>" not in text.split("Come at ten.")[1].partition("</div>")[0]
    shown = client.get(f"/settings/work/messages/{row.pk}/html/")
    assert shown.content.decode() == payload["html"]
    assert "sandbox" in shown["Content-Security-Policy"]
    outsider = signed_in(bob())
    for path in ("", "html/"):
        assert outsider.get(f"/settings/work/messages/{row.pk}/{path}").status_code == 403


def test_a_secret_in_a_mail_is_shown_to_nobody() -> None:
    client = signed_in(alice())
    payload = {
        "to": ["ana@example.org"],
        "subject": "Reset",
        "text": "/reset/secret",
        "html": "/reset/secret",
    }
    row = OutboxMessage.objects.create(kind="mail", key="sign-in:1", payload=payload, state=WorkState.KEPT)
    text = page(client, f"/settings/work/messages/{row.pk}/")
    assert ("/reset/secret" in text, "text isn't shown" in text) == (False, True)
    assert client.get(f"/settings/work/messages/{row.pk}/html/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "payload"),
    [("mail", {"to": 5}), ("mail", []), ("invitation", {"meeting_id": 3, "person_ids": [4]})],
)
def test_what_is_no_mail_is_shown_as_it_is(kind: str, payload: Any) -> None:
    client = signed_in(alice())
    row = OutboxMessage.objects.create(kind=kind, key="1", payload=payload, state=WorkState.DEAD)
    page(client, "/settings/work/")
    text = page(client, f"/settings/work/messages/{row.pk}/")
    assert all(f"&quot;{name}&quot;" in text for name in payload)
    assert client.get(f"/settings/work/messages/{row.pk}/html/").status_code == 404


def test_the_lists_take_the_same_queries_for_one_and_three() -> None:
    client = signed_in(admin())
    names = ["sites", "rooms", "equipment", "departments", "accounts", "audit", "work"]
    counted = []
    for _ in range(3):
        RoomFactory(capacity=4)
        EquipmentFactory(is_movable=True)
        DepartmentFactory(leader=MemberFactory())
        counted.append([queries_of(client, f"/settings/{name}/") for name in names])
    assert counted[0] == counted[2]
