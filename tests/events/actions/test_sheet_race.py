"""Two coordinators issue at the same moment, and two people keep a newer version: nothing twice, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings

from convenor.base.models import OutboxMessage
from convenor.events.actions.document import add_document, add_version
from convenor.events.actions.sheet import acknowledge_by_token, issue_sheets
from convenor.events.enums import Service
from convenor.events.models import DocumentVersion, Sheet, SheetReceipt
from tests.factories.cast import actor_of, alice
from tests.factories.events import make_event
from tests.factories.files import PDF, upload
from tests.factories.scheduling import NOW
from tests.factories.sheets import make_catered_event, make_contact

pytestmark = pytest.mark.django_db(transaction=True)
RACERS = 4


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=str(tmp_path)):
        yield tmp_path


def at_once(act: Callable[[], object]) -> None:
    """RACERS threads, each with a connection of its own, do it at the same moment."""
    barrier, failures = threading.Barrier(RACERS), list[BaseException]()

    def run() -> None:
        try:
            barrier.wait(timeout=30)
            act()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test's thread must hear of it
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_sheets_are_issued_once_and_acknowledged_once() -> None:
    owner = alice()
    event, _functions = make_catered_event(owner, functions=2)
    make_contact(event, Service.CATERING, "Carla")
    at_once(partial(issue_sheets, actor=actor_of(owner), event_id=event.pk, function_ids=None, now=NOW))
    assert Sheet.objects.count() == 2
    assert SheetReceipt.objects.count() == 2
    assert OutboxMessage.objects.filter(kind="mail").count() == 1
    token = SheetReceipt.objects.latest("pk").token
    at_once(partial(acknowledge_by_token, token=token, now=NOW))
    assert SheetReceipt.objects.get(token=token).acknowledged_at == NOW


def test_versions_are_numbered_one_after_another(store: Path) -> None:
    owner = alice()
    event = make_event(owner)
    first = add_document(actor=actor_of(owner), event_id=event.pk, upload=upload(PDF, "a.pdf"), now=NOW)
    at_once(
        lambda: add_version(
            actor=actor_of(owner), document_id=first.document_id, upload=upload(PDF, "b.pdf"), now=NOW
        )
    )
    numbers = DocumentVersion.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, RACERS + 2))
    assert len([path for path in store.rglob("*") if path.is_file()]) == RACERS + 1
