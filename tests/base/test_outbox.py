"""Nothing outward is lost or sent twice."""

import smtplib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from pytest_django import Settings
from pytest_django.asserts import assertNumQueries

from convenor.base import clock, delivery
from convenor.base.actions import retry_message
from convenor.base.actor import Refused
from convenor.base.delivery import Delivery, Undeliverable
from convenor.base.enums import WorkState
from convenor.base.models import OutboxMessage
from convenor.base.outbox import Message, OutsideTransaction, put, put_all, put_latest
from convenor.base.queries import outbox_for
from convenor.base.tasks.worker import MOST_DELIVERIES, Worker
from tests.base import cast

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LETTER = {"to": ["ana@example.org"], "subject": "Ședință mutată", "text": "La 10."}
delivered: list[str] = []
trouble: list[Exception] = []


def deliver_parcel(message: OutboxMessage) -> Delivery:
    if trouble:
        raise trouble[0]
    delivered.append(message.payload["name"])
    return Delivery.SENT


delivery.register("parcel", deliver_parcel)


@pytest.fixture(autouse=True)
def _empty_hands() -> Iterator[None]:
    delivered.clear()
    trouble.clear()
    yield
    trouble.clear()


def work() -> None:
    Worker(threading.Event()).drain()


def states() -> list[tuple[str, str]]:
    return list(OutboxMessage.objects.order_by("id").values_list("key", "state"))


@pytest.mark.django_db
def test_a_fact_is_told_once_for_ever() -> None:
    put(kind="parcel", key="moved:1:2", payload={"name": "first"})
    put(kind="parcel", key="moved:1:2", payload={"name": "again"})
    work()
    put(kind="parcel", key="moved:1:2", payload={"name": "later"})
    put(kind="parcel", key="moved:1:3", payload={"name": "next"})
    work()
    assert delivered == ["first", "next"]


@pytest.mark.django_db(transaction=True)
def test_it_is_told_only_if_the_change_is_committed() -> None:
    with pytest.raises(OutsideTransaction):
        put(kind="parcel", key="a", payload={"name": "a"})
    with transaction.atomic():
        put(kind="parcel", key="a", payload={"name": "a"})
        transaction.set_rollback(True)
    work()
    assert (delivered, states()) == ([], [])


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_many_messages_are_one_statement(count: int) -> None:
    messages = [Message(kind="parcel", key=str(n), payload={"name": str(n)}) for n in range(count)]
    with assertNumQueries(1):
        put_all(messages)
    work()
    assert delivered == [str(n) for n in range(count)]


@pytest.mark.django_db
def test_the_newest_word_on_a_topic_goes_out_once_after_the_window() -> None:
    window = timedelta(minutes=2)
    with time_machine.travel(NOW, tick=False) as moment:
        for name in ("first", "second", "third"):
            put_latest(kind="parcel", topic="meeting:1", payload={"name": name}, window=window)
            moment.shift(30)
        put_latest(kind="parcel", topic="meeting:2", payload={"name": "other"}, window=window)
        work()
        assert delivered == []
        moment.shift(30)
        work()
        assert delivered == ["third"]
        put_latest(kind="parcel", topic="meeting:1", payload={"name": "fourth"}, window=window)
        moment.shift(121)
        work()
    assert delivered == ["third", "other", "fourth"]


@pytest.mark.django_db
def test_a_failure_is_tried_again_later_and_given_up_in_the_end() -> None:
    trouble.append(ConnectionError("the server is away"))
    with time_machine.travel(NOW, tick=False) as moment:
        put(kind="parcel", key="a", payload={"name": "a"})
        waits = []
        for _ in range(MOST_DELIVERIES):
            work()
            message = OutboxMessage.objects.get()
            waits.append((message.run_at - clock.now()).total_seconds())
            moment.move_to(max(message.run_at, clock.now()))
        assert (message.state, message.attempts) == (WorkState.DEAD, MOST_DELIVERIES)
        assert "ConnectionError: the server is away" in message.last_error
        assert all(8 <= waits[n] / 2**n <= 12 for n in range(8))
        moment.shift(timedelta(days=30))
        work()
    assert delivered == []


@pytest.mark.django_db
def test_what_can_never_be_sent_is_given_up_at_once() -> None:
    trouble.append(Undeliverable("no such address"))
    put(kind="parcel", key="a", payload={"name": "a"})
    work()
    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts, message.last_error) == (WorkState.DEAD, 1, "no such address")


@pytest.mark.django_db
def test_a_coordinator_can_have_it_tried_again_and_nobody_else() -> None:
    put(kind="pigeon", key="a", payload={"name": "a"})
    work()
    message = OutboxMessage.objects.get()
    assert message.state == WorkState.KEPT  # nobody delivers pigeons
    for who in (cast.alice(), cast.bob(), cast.charlie()):
        assert not outbox_for(who).exists()
        with pytest.raises(Refused):
            retry_message(actor=who, message=message)
    carol = cast.carol()
    assert outbox_for(carol).get() == message
    OutboxMessage.objects.update(kind="parcel")
    retry_message(actor=carol, message=message)
    work()
    assert (delivered, states()) == (["a"], [("a", "done")])


@pytest.mark.django_db
def test_mail_is_kept_until_a_server_is_configured(settings: Settings) -> None:
    put(kind="mail", key="a", payload=LETTER)
    work()
    assert (states(), mail.outbox) == ([("a", "kept")], [])
    settings.MAIL_URL = "smtp://mail.example.org"
    retry_message(actor=cast.carol(), message=OutboxMessage.objects.get())
    work()
    assert states() == [("a", "done")]
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["ana@example.org"], "Ședință mutată", "La 10.")


@pytest.mark.django_db
def test_a_whole_letter_and_the_same_name_each_time(settings: Settings) -> None:
    settings.MAIL_URL = "smtp://mail.example.org"
    whole = {
        **LETTER,
        "cc": ["bob@example.org"],
        "reply_to": ["alice@example.org"],
        "html": "<p>La 10.</p>",
        "headers": {"X-Meeting": "7"},
        "alternatives": [{"type": "text/calendar; method=REQUEST", "content": "BEGIN:VCALENDAR"}],
        "attachments": [{"name": "invite.ics", "type": "text/calendar", "content": "BEGIN:VCALENDAR"}],
    }
    put(kind="mail", key="a", payload=whole)
    work()
    OutboxMessage.objects.update(state=WorkState.READY)  # as after a worker that died when it had sent it
    work()
    first, second = (sent.message() for sent in mail.outbox)
    assert first["Message-ID"] == second["Message-ID"]
    assert (first["Cc"], first["Reply-To"], first["X-Meeting"]) == (
        "bob@example.org",
        "alice@example.org",
        "7",
    )
    assert isinstance(first, EmailMessage) or first.is_multipart()
    kinds = [part.get_content_type() for part in first.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "text/calendar"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ({"subject": "x", "text": "y"}, "KeyError('to')"),
        ({**LETTER, "to": []}, "no recipient"),
        ({**LETTER, "subject": "a\nBcc: eve@example.org"}, "newlines"),
        ({**LETTER, "to": 5}, "TypeError"),
    ],
)
def test_a_letter_that_can_not_be_read_is_given_up(payload: Any, why: str, settings: Settings) -> None:
    settings.MAIL_URL = "smtp://mail.example.org"
    put(kind="mail", key="a", payload=payload)
    work()
    message = OutboxMessage.objects.get()
    assert (message.state, mail.outbox) == (WorkState.DEAD, [])
    assert why in message.last_error


class RefusingServer(BaseEmailBackend):
    """A mail server that knows none of the recipients, for good or for now."""

    code = 550

    def send_messages(self, messages: Any) -> int:  # noqa: ARG002  # Django's signature
        raise smtplib.SMTPRecipientsRefused({"ana@example.org": (self.code, b"no")})


class BusyServer(RefusingServer):
    code = 450


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("server", "state"), [(RefusingServer, WorkState.DEAD), (BusyServer, WorkState.READY)]
)
def test_the_server_s_word_decides_whether_to_try_again(
    server: type, state: WorkState, settings: Settings
) -> None:
    settings.MAIL_URL = "smtp://mail.example.org"
    settings.EMAIL_BACKEND = f"{__name__}.{server.__name__}"
    put(kind="mail", key="a", payload=LETTER)
    work()
    assert OutboxMessage.objects.get().state == state
