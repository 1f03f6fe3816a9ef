"""The doctor finds what was broken on purpose, and nothing where all is well."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from convenor.base import clock
from convenor.base.enums import WorkState
from convenor.base.models import Job, OutboxMessage, WorkerBeat
from convenor.cli.doctor import database, mail, place, time_zones, work
from convenor.cli.doctor.findings import Finding, State
from tests.cli.running import convenor


def states(findings: Iterator[Finding]) -> list[tuple[str, State]]:
    return [(finding.check, finding.state) for finding in findings]


@pytest.fixture
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CONVENOR_SECRET_KEY", raising=False)
    settings.DATA = tmp_path
    tmp_path.chmod(0o700)
    key = tmp_path / "secret_key"
    key.write_text("k")
    key.chmod(0o600)
    return tmp_path


def test_a_private_folder_and_key_are_well(folder: Path) -> None:
    assert states(place.data_folder()) == [("data folder", State.OK)]
    assert states(place.secret_key()) == [("secret key", State.OK)]


def test_a_folder_and_a_key_that_others_can_read(folder: Path) -> None:
    folder.chmod(0o755)
    (folder / "secret_key").chmod(0o644)
    assert states(place.data_folder()) == [("data folder", State.WARNING)]
    [finding] = place.secret_key()
    assert finding.state is State.FAULT
    assert "mode 644" in finding.sentence


def test_the_database_is_its_owner_s_alone_in_a_folder_that_others_can_read(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert convenor(tmp_path, "doctor").returncode == 1  # no migration is applied
    assert place.mode(tmp_path / "convenor.sqlite3") == 0o600


def test_a_folder_that_is_not_there(folder: Path, settings: Settings) -> None:
    settings.DATA = folder / "gone"
    [finding] = place.data_folder()
    assert (finding.state, "No such file" in finding.sentence) == (State.FAULT, True)


def test_no_mail_server_is_a_warning(settings: Settings) -> None:
    settings.MAIL_URL = ""
    assert states(mail.server()) == [("mail", State.WARNING)]


def serve_greeting(listening: socket.socket, greeting: bytes) -> None:
    talk, _address = listening.accept()
    with talk:
        talk.sendall(greeting)
        while talk.recv(1024):
            talk.sendall(b"250 well\r\n")


@pytest.mark.parametrize(
    ("greeting", "state"), [(b"220 ready\r\n", State.OK), (b"554 go away\r\n", State.FAULT)]
)
def test_a_mail_server_is_asked(settings: Settings, greeting: bytes, state: State) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=serve_greeting, args=(listening, greeting))
        server.start()
        settings.MAIL_URL = "smtp://127.0.0.1"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.getsockname()
        assert states(mail.server()) == [("mail", state)]
        server.join()


def test_a_mail_server_that_is_not_there(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.EMAIL_HOST, settings.EMAIL_PORT = closed.getsockname()
    settings.MAIL_URL = "smtp://127.0.0.1"
    [finding] = mail.server()
    assert (finding.state, "refused" in finding.sentence) == (State.FAULT, True)


def test_time_zone_data_are_found() -> None:
    [finding] = time_zones.data()
    assert finding.state in {State.OK, State.WARNING}  # a machine's data may be old
    assert finding.sentence.startswith("The time-zone data are ")


@pytest.mark.django_db
def test_a_migrated_database_is_well() -> None:
    assert states(database.reachable())[0] == ("database", State.OK)
    assert states(database.migrated()) == [("migrations", State.OK)]
    assert states(database.guarded()) == [("guards", State.OK)]


@pytest.mark.django_db
@pytest.mark.sqlite_only
def test_a_lost_trigger_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        lost, table = cursor.fetchone()
        cursor.execute(f'DROP TRIGGER "{lost}"')
    [finding] = database.guarded()
    assert (finding.state, finding.sentence) == (State.FAULT, f"The table {table} has lost its guard {lost}.")


@pytest.mark.django_db
@pytest.mark.postgres_only
def test_a_lost_constraint_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE contype = 'x' ORDER BY 1"
        )
        lost, table = cursor.fetchone()
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{lost}"')
    [finding] = database.guarded()
    assert (finding.state, finding.sentence) == (State.FAULT, f"The table {table} has lost its guard {lost}.")


def beat(*, minutes_ago: int) -> None:
    seen = clock.now() - timedelta(minutes=minutes_ago)
    WorkerBeat.objects.create(name="w", host="h", pid=1, started_at=seen, beat_at=seen)


def message(state: WorkState, *, minutes_ago: int) -> None:
    due = clock.now() - timedelta(minutes=minutes_ago)
    OutboxMessage.objects.create(kind="mail", key=f"{state}", payload={}, state=state, run_at=due)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("beat_minutes", "message_minutes", "state"),
    [(0, 1, State.OK), (0, 30, State.WARNING), (30, 1, State.WARNING), (30, 30, State.FAULT)],
)
def test_workers_and_what_waits_for_them(beat_minutes: int, message_minutes: int, state: State) -> None:
    beat(minutes_ago=beat_minutes)
    message(WorkState.READY, minutes_ago=message_minutes)
    assert states(work.workers()) == [("worker", state)]


@pytest.mark.django_db
def test_what_was_given_up_is_counted() -> None:
    assert states(work.dead()) == [("given up", State.OK)]
    message(WorkState.DEAD, minutes_ago=1)
    Job.objects.create(task="t", queue="default", state=WorkState.DEAD)
    [finding] = work.dead()
    assert finding.sentence == "Given up after the last try: jobs 1, messages 1."


@pytest.mark.sqlite_only
def test_the_command_answers_in_json_and_ends_with_1_on_a_fault(tmp_path: Path) -> None:
    answer = convenor(tmp_path, "doctor", "--json")
    told = json.loads(answer.stdout)
    assert answer.returncode == 1
    assert told["healthy"] is False
    faults = [finding["check"] for finding in told["findings"] if finding["state"] == "fault"]
    assert faults == ["migrations"]
