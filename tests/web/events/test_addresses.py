"""Addresses with keys that no row has, whatever their size: not found, and nothing worse."""

import pytest
from django.urls import reverse

from tests.factories import cast
from tests.factories.events import make_event
from tests.web.browsing import page, signed_in

pytestmark = pytest.mark.django_db
KEYS = (0, 2**31, 2**63, 10**40)
PAGES = (
    *("event", "event.programme", "event.people", "event.readiness", "event.tasks", "event.sheets"),
    *("event.documents", "event.history", "event.run_of_show", "event.plan", "event.class", "event.move"),
    *("task", "function", "function.sheets", "document", "document.file", "event.certificate", "sheet.pdf"),
    *("occurrence.promote", "desk"),
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_is_not_there(name: str) -> None:
    client = signed_in(cast.alice())
    for key in KEYS:
        page(client, reverse(name, args=[key]), 404)


def test_a_person_who_is_not_on_the_list() -> None:
    alice = cast.alice()
    event, client = make_event(alice), signed_in(alice)
    for key in KEYS:
        page(client, reverse("event.party", args=[event.pk, key]), 404)
