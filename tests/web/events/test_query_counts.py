"""Pages about one thing of an event take as many queries for three of what they list as for one."""

from __future__ import annotations

import pytest

from convenor.events.actions.document import add_document, add_version
from convenor.events.actions.sheet import issue_sheets
from convenor.events.enums import Service
from convenor.events.models import Cue, Document, Function, Party, Speaker, Task, TaskComment
from tests.factories import cast
from tests.factories.cast import actor_of
from tests.factories.events import NOW, make_class
from tests.factories.files import picture, upload
from tests.factories.people import OutsiderFactory, PersonFactory
from tests.factories.sheets import make_catered_event, make_contact
from tests.factories.tasks import make_tasks, task
from tests.web.browsing import queries_of, signed_in

pytestmark = pytest.mark.django_db


def test_one_or_three_make_no_difference() -> None:
    alice = cast.alice()
    actor, client = actor_of(alice), signed_in(alice)
    event, (function,) = make_catered_event(alice)
    make_tasks(event, task("Order"))
    piece = Task.objects.get()
    add_document(actor=actor, event_id=event.pk, upload=upload(picture(), "a.png"), now=NOW)
    document = Document.objects.get()

    def more(number: int) -> None:
        speaker, guest = PersonFactory.create(), OutsiderFactory.create()
        Speaker.objects.create(function=function, person=speaker, topic="T")
        Cue.objects.create(function=function, offset_minutes=number, what="Lights", owner=speaker)
        Party.objects.create(event=event, person=guest)
        make_contact(event, Service.CATERING, f"Carla{number}")
        TaskComment.objects.create(task=piece, author=speaker, author_name="A", text="Yes", at=NOW)
        add_version(actor=actor, document_id=document.pk, upload=upload(picture(), "b.png"), now=NOW)
        for target in ({"task_id": piece.pk}, {"function_id": function.pk}):
            kept = upload(picture(), f"c{number}.png")
            add_document(actor=actor, event_id=event.pk, upload=kept, now=NOW, **target)  # type: ignore[arg-type]  # one key or the other
        Function.objects.filter(pk=function.pk).update(catering=f"Coffee for {number}")
        issue_sheets(actor=actor, event_id=event.pk, function_ids=None, now=NOW)
        make_class()

    addresses = [
        *(
            f"/events/{event.pk}/{name}/"
            for name in ("people/seating", "contacts", "show", "people", "sheets")
        ),
        *(f"/events/functions/{function.pk}/{name}" for name in ("", "sheets/", "edit/")),
        *(f"/events/documents/{document.pk}/", f"/tasks/{piece.pk}/", "/events/classes/plain/versions/"),
    ]
    more(1)
    one = {address: queries_of(client, address) for address in addresses}
    more(2)
    more(3)
    assert {address: queries_of(client, address) for address in addresses} == one
