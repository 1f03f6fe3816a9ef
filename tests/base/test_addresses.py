"""Which addresses mail doesn't reach."""

from __future__ import annotations

import smtplib
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django import Settings

from convenor.base.addresses import clear, mark_unreachable, unreachable_among
from convenor.base.enums import WorkState
from convenor.base.models import AddressTrouble, OutboxMessage
from convenor.base.outbox import put
from convenor.base.tasks.worker import Worker

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
answers: dict[str, Any] = {}


class Server(BaseEmailBackend):
    """A mail server that says what the test has it say."""

    def send_messages(self, messages: Any) -> int:
        if answers.get("data"):
            raise smtplib.SMTPDataError(*answers["data"])
        if refused := {each: answers[each] for each in messages[0].to if each in answers}:
            raise smtplib.SMTPRecipientsRefused(refused)
        return 1


@pytest.fixture(autouse=True)
def _server(settings: Settings) -> None:
    settings.MAIL_URL = "smtp://mail.example.org"
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    answers.clear()


def send(key: str, *to: str) -> WorkState:
    put(kind="mail", key=key, payload={"to": list(to), "subject": "x", "text": "y"})
    Worker(threading.Event()).drain()
    return WorkState(OutboxMessage.objects.get(key=key).state)


@pytest.mark.django_db
def test_an_address_is_marked_once_and_counts_how_often() -> None:
    mark_unreachable(" Ana@Example.org", "550 5.1.1\r\n no such user", NOW)
    mark_unreachable("ana@example.org", "552 full", NOW + timedelta(days=1))
    row = AddressTrouble.objects.get()
    assert (row.address, row.reason, row.count) == ("ana@example.org", "552 full", 2)
    assert (row.first_at, row.last_at) == (NOW, NOW + timedelta(days=1))
    assert unreachable_among(["ANA@example.org", "bob@example.org", ""]) == {"ana@example.org": "552 full"}
    assert (clear("Ana@example.org"), clear("ana@example.org")) == (True, False)
    assert unreachable_among(["ana@example.org"]) == {}


@pytest.mark.django_db
def test_a_recipient_refused_for_good_is_marked_and_one_refused_for_now_is_not() -> None:
    answers["ana@example.org"] = (550, b"no such user")
    answers["bob@example.org"] = (450, b"try later")
    assert send("a", "ana@example.org") == WorkState.DEAD
    assert send("b", "bob@example.org") == WorkState.READY
    assert unreachable_among(["ana@example.org", "bob@example.org"]) == {
        "ana@example.org": "SMTP 550 no such user"
    }


@pytest.mark.django_db
def test_one_of_two_is_marked_while_the_other_is_tried_again() -> None:
    answers.update({"ana@example.org": (550, b"no"), "bob@example.org": (450, b"later")})
    assert send("a", "ana@example.org", "bob@example.org") == WorkState.READY
    assert set(unreachable_among(["ana@example.org", "bob@example.org"])) == {"ana@example.org"}


@pytest.mark.django_db
def test_a_mail_that_is_taken_ends_a_refusal_but_not_a_bounce() -> None:
    answers["ana@example.org"] = (550, b"no such user")
    send("a", "ana@example.org")
    mark_unreachable("bob@example.org", "5.1.1 from another server, by mail", NOW)
    answers.clear()
    assert send("b", "Ana@example.org") == WorkState.DONE
    assert send("c", "bob@example.org") == WorkState.DONE
    assert set(unreachable_among(["ana@example.org", "bob@example.org"])) == {"bob@example.org"}


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "state"), [(554, WorkState.DEAD), (451, WorkState.READY)])
def test_a_mail_that_the_server_will_not_have_marks_nobody(code: int, state: WorkState) -> None:
    answers["data"] = (code, b"spam")
    assert send("a", "ana@example.org") == state
    assert not AddressTrouble.objects.exists()
