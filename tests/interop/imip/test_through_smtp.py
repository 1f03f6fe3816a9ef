"""A mail through a real SMTP server on loopback, read back by programs of another make."""

from __future__ import annotations

import email
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from icalendar import Calendar
from pytest_django import Settings

from convenor.base.addresses import unreachable_among
from convenor.base.enums import WorkState
from convenor.base.models import OutboxMessage
from tests.factories.cast import alice, bob
from tests.factories.people import PersonFactory
from tests.factories.scheduling import NOW, local, make_meeting
from tests.interop.imip.calendar_program import deliver
from tests.postgres import free_port

pytestmark = pytest.mark.django_db


class Postbox:
    """Takes mail for everybody whom nothing is said against."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.senders: list[str | None] = []
        self.refusals: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        self.letters.append(envelope.content)
        self.senders.append(envelope.mail_from)
        return "250 OK"


@pytest.fixture
def postbox(settings: Settings) -> Iterator[Postbox]:
    found = Postbox()
    # Without SMTPUTF8, as most servers: a mail with a name in UTF-8 must do without it.
    controller = Controller(found, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=False)
    controller.start()
    settings.MAIL_URL = "smtp://127.0.0.1"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.MAIL_REPLIES_TO = "answers@convenor.example"
    settings.DEFAULT_FROM_EMAIL = "convenor@convenor.example"
    settings.INVITATION_DELAY = 0
    yield found
    controller.stop()


def invited(postbox: Postbox, **fields: Any) -> EmailMessage:
    with time_machine.travel(NOW, tick=False):
        organiser = PersonFactory.create(name="Ștefania Țurcanu")
        make_meeting(organiser, people=[bob()], **fields)
        deliver()
    (letter,) = postbox.letters
    found = email.message_from_bytes(letter, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def calendar_part(mail: EmailMessage) -> EmailMessage:
    (found,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert isinstance(found, EmailMessage)
    return found


def test_an_invitation_arrives_as_python_reads_it(postbox: Postbox) -> None:
    mail = invited(postbox, title="Ședință de evaluare", description="Ordinea de zi:\n1. Șapte țări")
    assert postbox.senders == ["convenor@convenor.example"]
    (sender,) = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (
        "Ștefania Țurcanu (Convenor)",
        "convenor@convenor.example",
    )
    assert (mail["To"], mail["Reply-To"], mail["Auto-Submitted"]) == (
        "bob@example.org",
        "answers@convenor.example",
        "auto-generated",
    )
    assert mail["Subject"] == "Invitation: Ședință de evaluare, Mon 7 Dec, 10:00"
    assert mail["Message-ID"].endswith("@convenor.example>")
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == [
        *("multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"),
        "application/ics",
    ]
    part = calendar_part(mail)
    assert part["Content-Disposition"] is None
    assert part["Content-Type"].params["method"] == "REQUEST"
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content().decode()) == ("invite.ics", part.get_content())


def test_an_invitation_arrives_as_icalendar_reads_it(postbox: Postbox) -> None:
    mail = invited(postbox, title="Ședință", description="Șapte țări; două, trei", rrule="FREQ=WEEKLY")
    found: Any = Calendar.from_ical(calendar_part(mail).get_content())
    assert found["METHOD"] == "REQUEST"
    (event,) = found.walk("VEVENT")
    assert (event["SUMMARY"], event["DESCRIPTION"]) == ("Ședință", "Șapte țări; două, trei")
    assert event["DTSTART"].dt.astimezone(UTC) == datetime(2026, 12, 7, 8, tzinfo=UTC)
    assert str(event["ORGANIZER"]) == "mailto:answers@convenor.example"
    assert event["ORGANIZER"].params["CN"] == "Ștefania Țurcanu"
    (zone,) = found.walk("VTIMEZONE")
    assert all("RRULE" in each and "RDATE" not in each for each in zone.subcomponents)


def khal(folder: Path, *arguments: str) -> str:
    """One command of khal, with a calendar of its own in the folder."""
    config = folder / "config"
    if not config.exists():
        (folder / "calendar").mkdir()
        config.write_text(
            f"[calendars]\n[[own]]\npath = {folder / 'calendar'}\n"
            "[locale]\nlocal_timezone = America/New_York\ndefault_timezone = America/New_York\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
            f"[sqlite]\npath = {folder / 'khal.db'}\n[default]\ndefault_calendar = own\n",
            encoding="utf-8",
        )
    command = [str(Path(sys.executable).with_name("khal")), "--no-color", "-c", str(config), *arguments]
    environment = {"HOME": str(folder), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def test_khal_shows_an_invitation_at_the_right_times_in_another_zone(
    postbox: Postbox, tmp_path: Path
) -> None:
    """Weekly at ten in Bucharest over both changes of the clocks, looked at in New York, whose clocks change on other days."""
    mail = invited(
        postbox, title="Ședință", rrule="FREQ=WEEKLY;COUNT=16", local_start=local("2027-03-01 10:00")
    )
    file = tmp_path / "invite.ics"
    file.write_bytes(next(mail.iter_attachments()).get_content())
    khal(tmp_path, "import", "--batch", str(file))
    listed = khal(
        tmp_path, "list", "--format", "{start-date} {start-time}-{end-time} {title}", "--day-format", "", "2027-03-01", "60d"
    )  # fmt: skip
    assert [line for line in listed.splitlines() if line.strip()] == [
        "2027-03-01 03:00-04:00 Ședință",
        "2027-03-08 03:00-04:00 Ședință",
        "2027-03-15 04:00-05:00 Ședință",  # New York has gone forward
        "2027-03-22 04:00-05:00 Ședință",
        "2027-03-29 03:00-04:00 Ședință",  # and Bucharest
        *(f"2027-04-{day:02} 03:00-04:00 Ședință" for day in (5, 12, 19, 26)),
    ]


def test_a_recipient_whom_the_server_refuses_for_good_is_marked(postbox: Postbox) -> None:
    postbox.refusals["bob@example.org"] = "550 5.1.1 no such user"
    with time_machine.travel(NOW, tick=False):
        make_meeting(alice(), people=[bob()])
        deliver_with_refusals()
    assert OutboxMessage.objects.get(kind="mail").state == WorkState.DEAD
    assert unreachable_among(["bob@example.org"]) == {"bob@example.org": "SMTP 550 5.1.1 no such user"}


def test_a_recipient_whom_the_server_refuses_for_now_is_tried_again(postbox: Postbox) -> None:
    postbox.refusals["bob@example.org"] = "450 4.2.0 try again later"
    with time_machine.travel(NOW, tick=False) as moment:
        make_meeting(alice(), people=[bob()])
        deliver_with_refusals()
        message = OutboxMessage.objects.get(kind="mail")
        assert (message.state, message.attempts) == (WorkState.READY, 1)
        assert message.run_at > NOW
        postbox.refusals.clear()
        moment.shift(60)
        deliver_with_refusals()
    assert OutboxMessage.objects.get(kind="mail").state == WorkState.DONE
    assert len(postbox.letters) == 1
    assert unreachable_among(["bob@example.org"]) == {}


def deliver_with_refusals() -> None:
    try:
        deliver()
    except AssertionError:
        assert OutboxMessage.objects.exclude(last_error="").filter(kind="mail").count() == 1
