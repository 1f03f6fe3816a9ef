"""A calendar that somebody publishes, read from a real server on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import time_machine
from django.core.exceptions import ValidationError
from pytest_django import Settings

from convenor.base.enums import WorkState
from convenor.base.models import Job
from convenor.base.permissions import Refused
from convenor.base.tasks.worker import Worker
from convenor.interop.calendars.subscribing import refresh_source, subscribe, take_own_file
from convenor.interop.tasks import read_calendar_again, read_due_calendars
from convenor.kernel.instants import ZoneName
from convenor.scheduling.actions.sources import BusyChanges
from convenor.scheduling.models import CalendarSource, ExternalBusy
from convenor.scheduling.queries.calendars import due_sources
from tests.factories.cast import actor_of, bob, charlie
from tests.factories.scheduling import NOW, utc

pytestmark = pytest.mark.django_db
EVENT = (
    "BEGIN:VEVENT\r\nUID:%s\r\nDTSTART:20261207T%s0000Z\r\nDURATION:PT1H\r\nSUMMARY:%s\r\n%sEND:VEVENT\r\n"
)


def calendar(*events: str, head: str = "") -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{''.join(events)}END:VCALENDAR\r\n".encode()


DENTIST = EVENT % ("dentist", "10", "Dentist", "")
FREE = EVENT % ("free", "12", "Lunch", "TRANSP:TRANSPARENT\r\n")
NOT_ME = EVENT % ("no", "13", "Party", "ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.org\r\n")


class Server(ThreadingHTTPServer):
    body = b""
    status = 200
    not_modified = 0


class Publisher(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        tag = f'"{hash(self.server.body)}"'
        if self.headers["If-None-Match"] == tag:
            self.server.not_modified += 1
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(self.server.status)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        pass


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    settings.FETCH_PRIVATE_NETWORKS = True
    with Server(("127.0.0.1", 0), Publisher) as publisher:
        thread = threading.Thread(target=publisher.serve_forever)
        thread.start()
        yield publisher
        publisher.shutdown()
        thread.join()


def subscribed(server: Server) -> int:
    person = bob()
    url = f"http://127.0.0.1:{server.server_port}/mine.ics"
    return subscribe(actor=actor_of(person), person_id=person.pk, url=url, name="Mine", now=NOW)


def test_busy_times_come_change_and_stay(server: Server) -> None:
    server.body = calendar(DENTIST, FREE, NOT_ME, head="REFRESH-INTERVAL;VALUE=DURATION:PT5M\r\n")
    source = subscribed(server)
    assert due_sources(NOW) == [source]
    assert refresh_source(source, NOW) == BusyChanges(1, 0)
    [row] = ExternalBusy.objects.all()
    assert (row.title, row.starts_at, row.ends_at) == (
        "Dentist",
        utc("2026-12-07 10:00"),
        utc("2026-12-07 11:00"),
    )
    assert due_sources(NOW + timedelta(minutes=14)) == []
    assert due_sources(NOW + timedelta(minutes=15)) == [source]

    assert refresh_source(source, NOW) is None
    assert server.not_modified == 1

    server.body = calendar(DENTIST, EVENT % ("gym", "15", "Gym", ""))
    assert refresh_source(source, NOW) == BusyChanges(1, 0)
    assert ExternalBusy.objects.get(uid="dentist").pk == row.pk


def test_a_week_later_it_is_read_whole_so_that_the_horizon_moves_on(server: Server) -> None:
    weekly = DENTIST.replace("END:VEVENT", "RRULE:FREQ=WEEKLY\r\nEND:VEVENT")
    server.body = calendar(weekly)
    source = subscribed(server)
    refresh_source(source, NOW)
    last = ExternalBusy.objects.latest("starts_at").starts_at
    assert refresh_source(source, NOW + timedelta(days=14)) is not None
    assert ExternalBusy.objects.latest("starts_at").starts_at == last + timedelta(days=14)
    assert server.not_modified == 0


def test_a_failure_is_told_and_keeps_what_is_there(server: Server) -> None:
    server.body = calendar(DENTIST)
    source = subscribed(server)
    refresh_source(source, NOW)
    server.status, server.body = 500, b""
    later = NOW + timedelta(hours=5)
    assert refresh_source(source, later) is None
    row = CalendarSource.objects.get(pk=source)
    assert (row.state, row.last_error) == ("failing", "“127.0.0.1” answered with the error 500.")
    assert row.next_read_at == later + timedelta(hours=5)
    assert ExternalBusy.objects.count() == 1


def test_private_networks_are_refused_unless_allowed(server: Server, settings: Settings) -> None:
    server.body = calendar(DENTIST)
    source = subscribed(server)
    settings.FETCH_PRIVATE_NETWORKS = False
    assert refresh_source(source, NOW) is None
    assert "lies in a private network" in CalendarSource.objects.get(pk=source).last_error
    assert ExternalBusy.objects.count() == 0


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/a.ics", "nothing", "http://"])
def test_an_address_that_cannot_be_one_is_refused(url: str) -> None:
    person = bob()
    with pytest.raises(ValidationError) as refused:
        subscribe(actor=actor_of(person), person_id=person.pk, url=url, name="", now=NOW)
    assert list(refused.value.message_dict) == ["url"]


def test_the_outsider_brings_in_nothing_for_bob() -> None:
    with pytest.raises(Refused):
        subscribe(actor=actor_of(charlie()), person_id=bob().pk, url="https://x.example/a", name="", now=NOW)
    assert not CalendarSource.objects.exists()


def test_a_file_of_the_same_name_replaces_the_one_before() -> None:
    person = bob()
    for data, wanted in (
        (calendar(DENTIST), BusyChanges(1, 0)),
        (calendar(DENTIST), BusyChanges()),
        (calendar(), BusyChanges(0, 1)),
    ):
        done = take_own_file(
            actor=actor_of(person),
            person_id=person.pk,
            email=person.email,
            name="mine",
            data=data,
            zone=ZoneName("UTC"),
            now=NOW,
        )
        assert done == wanted
    assert CalendarSource.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_reads_what_is_due_once(server: Server) -> None:
    server.body = calendar(DENTIST)
    with time_machine.travel(NOW, tick=False):
        source = subscribed(server)
        read_due_calendars.enqueue()
        assert Worker(threading.Event()).drain() >= 2  # the round itself and the calendar's own job
        assert ExternalBusy.objects.get().title == "Dentist"
        assert due_sources(NOW) == []
        CalendarSource.objects.filter(pk=source).delete()
        read_calendar_again.enqueue(source)  # removed meanwhile: no failure, nothing to read
        Worker(threading.Event()).drain()
    assert not Job.objects.exclude(state=WorkState.DONE).exists()
