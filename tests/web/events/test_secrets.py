"""What a confidential event leaves on the screens of those who may not read it: nothing, not even in a number."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from convenor.base import clock
from convenor.base.enums import Role
from convenor.events.actions.certificate import draw_up
from convenor.events.actions.document import add_document
from convenor.events.actions.sheet import issue_sheets
from convenor.events.actions.shipped import ship_classes
from convenor.events.enums import Confidentiality, PartyRole, Service
from convenor.events.models import Contact, Cue, Event, EventClass, Party, Speaker
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.cast import actor_of
from tests.factories.events import make_event, make_function
from tests.factories.files import picture, upload
from tests.factories.people import MemberFactory
from tests.factories.tasks import make_tasks, task
from tests.web.browsing import signed_in

pytestmark = pytest.mark.django_db
PAGES = (
    *("/", "/today/conflicts/", "/schedule/", "/search?q=Zyx", "/tasks/", "/people/", "/rooms/"),
    *("/events/", "/events/?state=any&q=Zyx", "/events/board/", "/events/calendar/", "/events/readiness/"),
    *("/events/calendar/?by=year", "/events/classes/", "/events/classes/team-meeting/", "/events/new/"),
    *("/events/classes/team-meeting/versions/", "/settings/", "/visitors/"),
)
CHANGING = re.compile(
    r'csrf\w*"? ?(?:value|content)?="[^"]+"|"X-CSRFToken": ?"[^"]+"|nonce="[^"]+"|[0-9a-f]{32}'
)


def screens(person: Person) -> dict[str, str]:
    client = signed_in(person)
    found = {}
    for address in PAGES:
        answer = client.get(address)
        found[address] = f"{answer.status_code} " + CHANGING.sub("", answer.content.decode())
    found["desk"] = str(client.get(f"/desk/{person.pk}/").status_code)
    return {
        address: re.sub(r'"csrf[^>]*>|csrfmiddlewaretoken[^>]*>|hx-headers=\S+', "", text)
        for address, text in found.items()
    }


def secret_event(owner: Person, sponsor: Person, alice: Person) -> Event:
    now = clock.now()
    version = EventClass.objects.get(code="team-meeting").versions.get()
    event = make_event(
        owner,
        title="Zyx takeover",
        key="zyx-takeover",
        class_version=version,
        confidentiality=Confidentiality.CONFIDENTIAL,
        sponsor=sponsor,
        starts_at=now + timedelta(days=3),
        ends_at=now + timedelta(days=4),
    )
    function = make_function(event, meeting={"title": "Zyx talks", "is_private": True}, catering="Zyx")
    Speaker.objects.create(function=function, person=sponsor, topic="Zyx")
    Cue.objects.create(function=function, offset_minutes=1, what="Zyx")
    make_tasks(event, task("Zyx due diligence"))
    Party.objects.create(event=event, person=sponsor, role=PartyRole.CHAIR)
    Contact.objects.create(event=event, service=Service.CATERING, person=owner)
    system = actor_of(alice)
    issue_sheets(actor=system, event_id=event.pk, function_ids=None, now=now)
    draw_up(actor=system, event_id=event.pk, note="Zyx", now=now)
    add_document(actor=system, event_id=event.pk, upload=upload(picture(), "Zyx.png"), now=now)
    return event


@pytest.mark.parametrize("who", ["bob", "viewer", "charlie"])
def test_nothing_changes_for_whoever_may_not_read_it(who: str) -> None:
    ship_classes()
    owner, sponsor, other = (MemberFactory.create(name=name) for name in ("Owen", "Sponsy", "Other"))
    alice = cast.alice()
    open_event = make_event(other, title="Summer party", confidentiality=Confidentiality.OPEN)
    make_tasks(open_event, task("Order ice"))
    person = (
        cast.charlie()
        if who == "charlie"
        else cast.bob(user__role=Role.VIEWER if who == "viewer" else Role.ORGANISER)
    )
    screens(person)  # what is read once is read now
    before = screens(person)
    secret_event(owner, sponsor, alice)
    after = screens(person)
    for address, text in after.items():
        assert text == before[address], address
