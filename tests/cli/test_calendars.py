"""`convenor import calendar` and `convenor export calendar` as processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import convenor

EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:s\r\nDTSTART:20261207T100000Z\r\nDURATION:PT1H\r\n"
    "SUMMARY:Review\r\nORGANIZER:mailto:bob@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    assert convenor(folder, "manage", "migrate", "-v", "0").returncode == 0
    return folder


def test_in_and_out_again(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.ics"
    file.write_text(EVENT, encoding="utf-8")
    dry = convenor(data, "import", "calendar", str(file), "--dry-run", "--json")
    assert (dry.returncode, json.loads(dry.stdout)["counts"]["created"]) == (0, 1)
    done = convenor(data, "import", "calendar", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 created, 0 changed, 0 cancelled, 0 unchanged, 0 refused; 1 new people." in done.stdout
    days = ("--from", "2026-12-01", "--to", "2026-12-31")
    said = convenor(data, "export", "calendar", "--person", "bob@example.org", *days)
    assert (said.returncode, "SUMMARY:Review" in said.stdout) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--person", "nobody@example.org"), "nobody@example.org"),
        (("--room", "X9"), "There is no room with the code 'X9'."),
        (("--department", "x"), "There is no department with the code 'x'."),
        ((), "Give one of --person, --room and --department."),
    ],
)
def test_who_is_not_there_is_one_sentence(data: Path, arguments: tuple[str, ...], sentence: str) -> None:
    said = convenor(data, "export", "calendar", *arguments)
    assert said.returncode == 2
    assert sentence in said.stderr
    assert "Traceback" not in said.stderr


def test_a_file_that_is_no_calendar(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "no.ics"
    file.write_bytes(b"\x00hello")
    said = convenor(data, "import", "calendar", str(file))
    assert (said.returncode, "The file holds no calendar" in said.stderr) == (2, True)


def test_in_somebodys_name_who_cannot_sign_in(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.ics"
    file.write_text(EVENT.replace("UID:s", "UID:other"), encoding="utf-8")
    said = convenor(data, "import", "calendar", str(file), "--as", "nobody@example.org")
    assert (said.returncode, "Nobody signs in as 'nobody@example.org'." in said.stderr) == (2, True)
    days = ("--from", "2026-12-01", "--to", "2026-12-31", "--person", "bob@example.org")
    assert "UID:other" not in convenor(data, "export", "calendar", *days).stdout
