"""Mail servers that give up on an address, or take longer."""

from __future__ import annotations

import pytest

from convenor.base.addresses import unreachable_among
from convenor.base.models import AddressTrouble
from convenor.interop.imip.arrival import read_arrival
from convenor.interop.imip.bounces import bounces_in
from convenor.interop.imip.receiving import receive
from tests.factories.attendance import make_registration
from tests.factories.cast import alice, bob
from tests.factories.events import make_event
from tests.interop.imip.mailing import SEEN, mail, told, took

pytestmark = pytest.mark.django_db
NEVER_SENT = b"""Return-Path: <>
From: MAILER-DAEMON@mx.example.org
To: answers@convenor.example
Subject: failure notice

"""


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (
            "exchange-report",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        ),
        ("google-failure", "550 5.1.1 The email account that you tried to reach does not exist."),
        ("qmail-failure", "Sorry, no mailbox here by that name. (#5.1.1)"),
    ],
)
def test_an_address_that_a_server_gave_up_on_is_marked(name: str, why: str) -> None:
    bob()
    assert took(mail(name)) == ("bounce", "bounced")
    assert why in unreachable_among(["bob@example.org"])["bob@example.org"]
    assert AddressTrouble.objects.get().count == 1


def test_what_the_returned_mail_says_is_nobody_s_answer() -> None:
    bob()
    receive(mail("exchange-report"), now=SEEN)  # a REPLY lies in the mail that it returns
    assert [each.address for each in AddressTrouble.objects.all()] == ["bob@example.org"]


def test_a_delay_marks_nothing() -> None:
    bob()
    row = receive(mail("postfix-delayed"), now=SEEN)
    assert (row.verdict, row.reason) == ("ignored", "delayed")
    assert "Connection timed out" in told(row)[0]
    assert not AddressTrouble.objects.exists()


def test_the_address_of_a_registration_counts_and_a_stranger_s_is_listed_only() -> None:
    assert took(mail("google-failure")) == ("listed", "bounced_stranger")
    assert not AddressTrouble.objects.exists()
    make_registration(make_event(alice()), email="bob@example.org")
    assert took(b"Received: again\n" + mail("google-failure")) == ("bounce", "bounced")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            b"Hi. This is the qmail-send program at x.\n\n<a@x.example>:\nNo. (#5.1.1)\n\n<b@x.example>:\nFull. (#4.2.2)\n",
            {"a@x.example": True, "b@x.example": False},
        ),
        (
            b"Delivery to the following recipient failed permanently:\n\n     c@x.example\n\nTechnical details\n",
            {"c@x.example": True},
        ),
        (b"Your message to d@x.example couldn't be delivered.\n", {"d@x.example": True}),
        (
            b"This is the mail system. Your message could not be delivered yet; it will be retried.\n\n<e@x.example>:\n",
            {},
        ),
        (b"Buy cheap watches\n\nf@x.example\n", {}),
    ],
    ids=["qmail", "older Gmail", "Microsoft 365", "delay", "no bounce"],
)
def test_plain_words(text: bytes, expected: dict[str, bool]) -> None:
    found = bounces_in(read_arrival(NEVER_SENT + text))
    assert {each.address: each.is_final for each in found} == expected


def test_whoever_is_no_mail_server_reports_nothing() -> None:
    person = mail("qmail-failure").replace(b"Return-Path: <>\r\n", b"").replace(b"MAILER-DAEMON", b"charlie")
    assert bounces_in(read_arrival(person)) == ()
