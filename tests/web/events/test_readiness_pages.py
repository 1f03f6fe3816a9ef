"""Readiness and certificates on screen: what shows, what is offered to whom, what it costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from convenor.events.actions.certificate import draw_up
from convenor.events.actions.readiness_trend import note_readiness
from convenor.events.enums import Confidentiality, EventState, Level, PartyRole
from convenor.events.models import Certificate, Event, Party, SignOff, Speaker, Task, Waiver
from convenor.events.queries.certificates import certificate_for
from convenor.events.queries.readiness_board import board_for
from convenor.events.queries.readiness_checks import CHECKS
from convenor.events.rules.readiness_trend import DayCount, trend
from convenor.events.sentences.certificate import certificate_pdf
from convenor.people.models import Person
from convenor.scheduling.models import Participation
from tests.factories import cast
from tests.factories.events import make_class, make_event, make_function
from tests.factories.pdf import is_tagged, language_of, letters_of, pages_of
from tests.factories.people import DelegationFactory, MemberFactory, OrganisationFactory, PersonFactory
from tests.factories.scheduling import NOW
from tests.web.browsing import page, queries_of, sent, signed_in

SIGNED = """
title = { en = "Board", ro = "Consiliu" }
needs_sponsor = true
needs_certificate = true
signers = ["owner", "sponsor"]
[[checks]]
code = "rooms_confirmed"
[[checks]]
code = "chair_present"
"""


@pytest.fixture(autouse=True)
def _at_eight(db: None) -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def radu() -> Person:
    made = MemberFactory.create(email="radu@example.org", name="Radu")
    assert isinstance(made, Person)
    return made


@pytest.fixture
def event(alice: Person, radu: Person) -> Event:
    return make_event(alice, class_version=make_class("board", SIGNED), sponsor=radu)


def drawn(event: Event) -> Certificate:
    return draw_up(actor=cast.actor_of(event.owner), event_id=event.pk, note="For Monday", now=NOW)


def test_the_page_shows_checks_with_who_mends_them_and_until_when(event: Event, alice: Person) -> None:
    html = page(signed_in(alice), reverse("event.readiness", args=[event.pk]))
    assert "Nobody is named to chair." in html
    assert reverse("event.people", args=[event.pk]) in html
    assert "0 of 2 checks met; the worst: Blocking" in html
    assert "Fri 4 Dec" in html
    assert 'stroke-dasharray="50.0 100"' in html


def test_the_picture_is_written_the_same_in_romanian(event: Event, alice: Person) -> None:
    assert alice.user is not None
    alice.user.language = "ro"
    alice.user.save()
    Party.objects.create(event=event, person=alice, role=PartyRole.CHAIR)
    html = page(signed_in(alice), reverse("event.readiness", args=[event.pk]))
    assert 'stroke-dasharray="50.0 100"' in html
    assert "50,0" not in html


def test_waiving_and_taking_it_back(event: Event, alice: Person) -> None:
    client, address = signed_in(alice), reverse("event.readiness", args=[event.pk])
    waive = reverse("event.waive", args=[event.pk])
    html = sent(client, waive, {"check": "chair_present", "subject": "", "reason": "It chairs itself"})
    assert "Waived by Alice: It chairs itself" in html
    html = sent(client, waive, {"check": "rooms_confirmed", "subject": "programme", "reason": ""})
    assert "Say why" in html
    html = sent(client, waive, {"check": "x" * 61, "reason": "So"})
    assert "can&#x27;t be read" in html
    waiver = Waiver.objects.get()
    assert "The check counts again." in sent(
        client, reverse("event.withdraw_waiver", args=[event.pk, waiver.pk]), {}
    )
    assert "Waived by" not in page(client, address)


def test_only_who_runs_it_is_offered_to_waive_and_certify(event: Event) -> None:
    bob, charlie = cast.bob(), cast.charlie()
    html = page(signed_in(bob), reverse("event.readiness", args=[event.pk]))
    assert "Nobody is named to chair." in html
    assert reverse("event.waive", args=[event.pk]) not in html
    assert reverse("event.certify", args=[event.pk]) not in html
    page(signed_in(charlie), reverse("event.readiness", args=[event.pk]), 404)
    page(signed_in(charlie), reverse("events.readiness"), 403)
    for name in ("event.waive", "event.certify"):
        assert (
            signed_in(bob)
            .post(reverse(name, args=[event.pk]), {"check": "chair_present", "reason": "x"})
            .status_code
            == 403
        )
        assert signed_in(charlie).post(reverse(name, args=[event.pk]), {}).status_code in {302, 404}
    assert not Waiver.objects.exists()
    assert not Certificate.objects.exists()


def test_a_certificate_is_drawn_up_signed_and_read(event: Event, alice: Person, radu: Person) -> None:
    html = sent(signed_in(alice), reverse("event.certify", args=[event.pk]), {"note": "For Monday"})
    assert "For Monday" in html
    assert "Nothing has changed since it was drawn up." in html
    certificate = Certificate.objects.get()
    sign = reverse("event.sign_certificate", args=[certificate.pk])
    html = sent(signed_in(radu), sign, {"person_id": radu.pk, "decision": "no_go", "remark": ""})
    assert "Say why not." in html
    html = sent(signed_in(radu), sign, {"person_id": radu.pk, "decision": "no_go", "remark": "No quorum"})
    assert "No quorum" in html
    assert "Your decision" not in html
    assert "Your decision" in page(signed_in(alice), reverse("event.certificate", args=[certificate.pk]))
    Event.objects.update(title="Board meeting")
    html = page(signed_in(alice), reverse("event.certificate", args=[certificate.pk]))
    assert "Board meeting" in html
    assert "Away day" in html


def test_a_delegate_is_offered_to_sign_in_the_principal_s_name(event: Event, radu: Person) -> None:
    elena = MemberFactory.create(email="elena@example.org", name="Elena")
    DelegationFactory.create(principal=radu, delegate=elena)
    certificate = drawn(event)
    html = page(signed_in(elena), reverse("event.certificate", args=[certificate.pk]))
    assert "Decide in the name of Radu" in html
    html = sent(
        signed_in(elena),
        reverse("event.sign_certificate", args=[certificate.pk]),
        {"person_id": radu.pk, "decision": "go"},
    )
    assert "Elena for Radu" in html


def test_a_certificate_of_what_one_may_not_see_does_not_exist(event: Event) -> None:
    Event.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    certificate = drawn(event)
    for person in (cast.bob(), cast.charlie()):
        for name in ("event.certificate", "event.certificate_pdf"):
            page(signed_in(person), reverse(name, args=[certificate.pk]), 404)
        sign = reverse("event.sign_certificate", args=[certificate.pk])
        answer = signed_in(person).post(sign, {"person_id": event.owner_id, "decision": "go"})
        assert answer.status_code == 404
    assert not SignOff.objects.exclude(decision="").exists()


def test_the_paper_is_one_page_however_much_there_is_to_say(alice: Person) -> None:
    checks = "".join(f'\n[[checks]]\ncode = "{each.code}"\n' for each in CHECKS)
    text = f'title = {{ en = "All", ro = "Tot" }}\nsigners = ["participants"]\n{checks}'
    organisations = [OrganisationFactory.create(name=f"An organisation {n}", is_own=False) for n in range(9)]
    dates = {"load_in_at": NOW, "load_out_at": NOW + timedelta(days=90)}
    event = make_event(
        alice,
        class_version=make_class("all", text),
        title="A long name of an event " * 8,
        site=alice.home_site,
        sponsor=alice,
        expected_count=900,
        guaranteed_count=800,
        **dates,
    )
    event.organisations.set(organisations)
    for person in PersonFactory.create_batch(14):
        Party.objects.create(event=event, person=person)
        title = f"A rather long title of a function {person.pk} " * 4
        function = make_function(event, key=f"f{person.pk}", meeting={"title": title, "people": [person]})
        Speaker.objects.create(function=function, person=person, state="declined")
        task = {"title": title, "due_on": NOW.date() - timedelta(days=9)}
        Task.objects.create(event=event, key=f"t{person.pk}", **task)
    Participation.objects.update(partstat="declined")
    certificate = draw_up(
        actor=cast.actor_of(alice), event_id=event.pk, note="Ședință la Țăndărei. " * 45, now=NOW
    )
    SignOff.objects.update(decision="conditions", remark="On many conditions. " * 15, signed_at=NOW)
    last = SignOff.objects.order_by("-pk")[:1].get()
    SignOff.objects.filter(pk=last.pk).update(decision="no_go", remark="Ждём")
    view = certificate_for(cast.actor_of(alice), certificate.pk, NOW)
    for language in ("en", "ro"):
        with translation.override(language):
            pdf = certificate_pdf(view)
        assert pages_of(pdf) == 1
        assert is_tagged(pdf)
        assert language_of(pdf).decode().startswith(language)
        assert {"Ș", "Ț", "ă", "Ж"} <= letters_of(pdf)
    answer = signed_in(alice).get(reverse("event.certificate_pdf", args=[certificate.pk]))
    assert answer.headers["Content-Type"] == "application/pdf"


def test_the_board_has_the_least_ready_first(event: Event, alice: Person) -> None:
    plain = make_event(alice, key="plain", title="Picnic", class_version=make_class("easy"))
    make_function(plain, meeting={"location": "The park"}, sheet_due=False)
    Party.objects.create(event=plain, person=alice, role=PartyRole.CHAIR)
    make_event(alice, key="over", title="Long over", state=EventState.CLOSED)
    board = board_for(cast.actor_of(alice), now=NOW)
    assert [(row.event.title, row.readiness.level) for row in board.rows] == [
        ("Away day", Level.BLOCKING),
        ("Picnic", Level.OK),
    ]
    assert board.counts[Level.BLOCKING] == 1
    html = page(signed_in(alice), reverse("events.readiness"))
    assert html.index("Away day") < html.index("Picnic")
    assert "Long over" not in html


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("level=attention&check=rooms_confirmed", {"Away day"}),
        ("level=ok", set()),
        ("level=blocking&check=chair_present", {"Away day", "Other"}),
        ("check=speakers_confirmed", set()),
        ("q=oth", {"Other"}),
        ("state=enquiry", {"Other"}),
        ("who=me", {"Away day"}),
        ("level=nonsense&check=nonsense&state=closed", {"Away day", "Other"}),
    ],
)
def test_the_board_is_narrowed(event: Event, alice: Person, query: str, titles: set[str]) -> None:
    bob = cast.bob()
    other = make_event(
        bob, key="other", title="Other", class_version=event.class_version, state=EventState.ENQUIRY
    )
    make_function(other, meeting={"location": "The park"}, sheet_due=False)
    html = page(signed_in(alice), f"{reverse('events.readiness')}?{query}")
    assert {title for title in ("Away day", "Other") if f">{title}</a>" in html} == titles


def test_the_board_shows_what_the_reader_may_see(event: Event) -> None:
    Event.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    note_readiness(NOW)
    note_readiness(NOW + timedelta(days=1))
    bob = cast.bob()
    html = page(signed_in(bob), reverse("events.readiness"))
    assert "Away day" not in html
    assert board_for(cast.actor_of(bob), now=NOW).trend is None
    assert board_for(cast.actor_of(event.owner), now=NOW).trend is not None


def test_three_events_cost_what_one_costs(event: Event, alice: Person) -> None:
    client, address = signed_in(alice), reverse("events.readiness")
    make_function(event)
    one = queries_of(client, address)
    for number in (2, 3):
        more = make_event(alice, key=f"more-{number}", class_version=event.class_version)
        make_function(more, meeting={"people": PersonFactory.create_batch(2)})
    assert queries_of(client, address) == one


def test_three_findings_and_certificates_cost_what_one_costs(event: Event, alice: Person) -> None:
    client, address = signed_in(alice), reverse("event.readiness", args=[event.pk])
    make_function(event)
    drawn(event)
    one = queries_of(client, address)
    make_function(event, meeting={"title": "Two"})
    make_function(event, meeting={"title": "Three"})
    drawn(event)
    drawn(event)
    assert queries_of(client, address) == one


def test_the_trend_is_a_bar_a_day() -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC).date()
    none = dict.fromkeys(Level, 0)
    days = [
        DayCount(start + timedelta(days=n), none | {Level.OK: n, Level.BLOCKING: 4 - n}) for n in range(5)
    ]
    assert trend(days[:1]) is None
    picture = trend(days)
    assert picture is not None
    assert (picture.first.percent, picture.last.percent) == (0, 100)
    assert [sum(piece.height for piece in bar.pieces) for bar in picture.bars] == [picture.height] * 5
    assert [(piece.level, piece.y) for piece in picture.bars[1].pieces] == [
        (Level.OK, 30.0),
        (Level.BLOCKING, 0.0),
    ]
    assert trend([DayCount(start, none), DayCount(start, none)]) is not None
