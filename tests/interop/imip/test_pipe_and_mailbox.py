"""The two ways in, for real: a mail server's pipe into `convenor receive`, and a mailbox on a real IMAP server (pymap)."""

from __future__ import annotations

import imaplib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from convenor.attendance.enums import SeatState
from convenor.base import clock
from convenor.base.models import ReceivedMail
from convenor.cli.doctor import mail as doctor
from convenor.cli.doctor.findings import State
from convenor.interop import tasks
from convenor.interop.imip.arrival import MOST_BYTES
from convenor.interop.imip.inbox import InboxTrouble, look
from convenor.scheduling.models import Participation
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import alice, bob
from tests.factories.events import make_event
from tests.factories.scheduling import ZONE, make_meeting
from tests.interop.imip.mailing import UID, answer, letter

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-c", "from convenor.cli import main; main()", "receive"]
GUEST = "dan@partner.example"


@pytest.fixture
def seat() -> Any:
    """Bob is asked to Alice's meeting in a fortnight, and Dan has a place at her event."""
    now, owner = clock.now(), alice()
    start = (now + timedelta(days=14)).replace(hour=10, minute=0, second=0, microsecond=0, tzinfo=None)
    make_meeting(owner, people=[owner, bob()], uid=UID, local_start=start, zone=ZONE, now=now)
    times = {"starts_at": now + timedelta(days=14), "ends_at": now + timedelta(days=15)}
    event = make_event(owner, state="confirmed", **times)
    return make_seat(
        make_roll(event), SeatState.INVITED, registration=make_registration(event, "Dan", email=GUEST)
    )


def stamp(seconds: int = 60) -> str:
    return f"{clock.now() - timedelta(seconds=seconds):%Y%m%dT%H%M%SZ}"


def accepts() -> bytes:
    return letter(answer(stamp=stamp()))


def declines(seat: Any) -> bytes:
    uid = f"event-{seat.registration.event_id}@127.0.0.1"
    return letter(answer(uid=uid, attendee=GUEST, partstat="DECLINED", stamp=stamp()), sender=GUEST)


def piped(data: bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The real command, on the test's database."""
    name = str(connection.settings_dict["NAME"])
    known = {**os.environ, "TEST_DATABASE_NAME": name, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.run(
        COMMAND,
        cwd=ROOT,
        env={**known, **environment},
        input=data,
        capture_output=True,
        timeout=120,
        check=False,
    )


def changed(seat: Any) -> tuple[str, str]:
    seat.refresh_from_db()
    return Participation.objects.get(person__name="Bob").partstat, seat.state


def test_the_pipe_changes_a_participation_and_a_seat(seat: Any) -> None:
    assert [piped(each).returncode for each in (accepts(), declines(seat))] == [0, 0]
    assert changed(seat) == ("accepted", "declined")
    assert sorted(ReceivedMail.objects.values_list("reason", flat=True)) == ["answered", "seat_answered"]


def test_the_pipe_takes_what_it_refuses_too_and_reads_50_megabytes_away(seat: Any) -> None:
    forged = letter(answer(stamp=stamp()), sender=GUEST)
    huge = letter(answer()) + b"A" * 50_000_000
    assert [piped(each).returncode for each in (forged, huge)] == [0, 0]
    assert sorted(ReceivedMail.objects.values_list("reason", flat=True)) == ["forged", "too_large"]
    assert ReceivedMail.objects.get(reason="too_large").size == len(huge)
    assert changed(seat) == ("needs-action", "invited")


def test_nothing_on_the_pipe_is_said() -> None:
    made = piped(b"")
    assert (made.returncode, made.stdout, made.stderr) == (66, b"", b"There was no mail on standard input.\n")


@pytest.mark.sqlite_only
def test_a_database_without_time_lets_the_mail_server_try_again(seat: Any, tmp_path: Path) -> None:
    made = piped(accepts(), TEST_DATABASE_NAME=str(tmp_path / "empty.sqlite3"))  # no table is there yet
    assert (made.returncode, made.stdout) == (75, b"")
    assert b"database" in made.stderr.lower()
    assert changed(seat) == ("needs-action", "invited")


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """Pymap on a free port of loopback, with an account of its own."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = str(Path(sys.executable).with_name("pymap"))
    options = ["--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service", "admin"]
    account = ["dict", "--demo-data", "--demo-user", "answers", "--demo-password", "secret"]
    process = subprocess.Popen(
        [program, *options, *account], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
    )
    try:
        until_open(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def until_open(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(200):
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "pymap has ended"
        time.sleep(0.1)
    raise AssertionError("pymap doesn't answer")


@pytest.fixture
def mailbox(server: int, settings: Any) -> Iterator[imaplib.IMAP4]:
    """An empty folder of the test's own, which the settings name."""
    client = imaplib.IMAP4("127.0.0.1", server)
    client.login("answers", "secret")
    folder = f"Answers{time.monotonic_ns()}"
    client.create(folder)
    client.select(folder)
    settings.INBOX_URL = f"imap://answers:secret@127.0.0.1:{server}/{folder}"
    yield client
    client.logout()


def put(client: imaplib.IMAP4, settings: Any, *mails: bytes) -> None:
    folder = settings.INBOX_URL.rpartition("/")[2]
    for each in mails:
        assert client.append(folder, None, None, each)[0] == "OK"


def unseen(client: imaplib.IMAP4) -> int:
    client.noop()
    return len(client.search(None, "UNSEEN")[1][0].split())


def test_the_mailbox_changes_a_participation_and_a_seat(
    seat: Any, mailbox: imaplib.IMAP4, settings: Any
) -> None:
    put(mailbox, settings, accepts(), declines(seat), b"From: x@y.example\r\n\r\nHello\r\n")
    assert tasks.read_inbox.call() == 3
    assert changed(seat) == ("accepted", "declined")
    assert unseen(mailbox) == 0
    assert tasks.read_inbox.call() == 0
    assert ReceivedMail.objects.count() == 3


def test_a_large_mail_is_noted_and_never_fetched_whole(
    seat: Any, mailbox: imaplib.IMAP4, settings: Any
) -> None:
    put(mailbox, settings, letter(answer()) + b"A" * (MOST_BYTES + 1), accepts())
    assert look(clock.now) == 2
    large = ReceivedMail.objects.get(reason="too_large")
    assert (large.sender, large.size > MOST_BYTES) == ("bob@example.org", True)
    assert changed(seat)[0] == "accepted"


def test_a_mail_that_could_not_be_put_on_record_stays_unseen(
    seat: Any, mailbox: imaplib.IMAP4, settings: Any
) -> None:
    put(mailbox, settings, accepts())
    with connection.execute_wrapper(refuse_writes):
        assert look(clock.now) == 0
    assert (unseen(mailbox), ReceivedMail.objects.count()) == (1, 0)
    assert look(clock.now) == 1
    assert (unseen(mailbox), changed(seat)[0]) == (0, "accepted")


def refuse_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if "base_receivedmail" in sql and sql.startswith("INSERT"):
        raise OperationalError("database is locked")
    return execute(sql, params, many, context)


def test_what_is_wrong_with_the_mailbox_is_said_in_a_sentence(mailbox: imaplib.IMAP4, settings: Any) -> None:
    [finding] = doctor.inbox()
    assert finding.state is State.OK
    good = settings.INBOX_URL
    for bad in (
        good.replace("secret", "wrong"),
        good.rpartition("/")[0] + "/Nowhere",
        "imap://answers:secret@127.0.0.1:1/INBOX",
        "imaps://answers:secret@127.0.0.1:1/INBOX",
        "imap://answers:secret@mail.example.org/INBOX",
        good.replace("imap://", "imaps://"),
        good.rpartition("/")[0] + "/Îmbox",
    ):
        settings.INBOX_URL = bad
        with pytest.raises(InboxTrouble) as trouble:
            look(clock.now)
        assert "\n" not in str(trouble.value)
        assert "secret" not in str(trouble.value)
        [finding] = doctor.inbox()
        assert (finding.state, "secret" in finding.sentence) == (State.FAULT, False)
        assert tasks.read_inbox.call() == 0
    settings.INBOX_URL = ""
    assert list(doctor.inbox()) == []
