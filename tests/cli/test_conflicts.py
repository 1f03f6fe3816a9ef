"""`convenor conflicts`: the settled shape of its answer, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner

from convenor.cli.conflicts import command
from tests.factories.cast import bob
from tests.factories.people import PersonFactory
from tests.factories.scheduling import NOW, make_meeting
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db
WEEK = ("--from", "2026-12-07", "--to", "2026-12-11")


@pytest.fixture(autouse=True)
def _at_a_fixed_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def answer(*options: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(command, [*options, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert isinstance(found, list)
    return found


def test_a_double_booking_in_the_settled_shape() -> None:
    person, organiser = bob(), PersonFactory()
    uids = [make_meeting(organiser, people=[person], title=title).meeting.uid for title in ("One", "Two")]
    (found,) = answer(*WEEK, "--kind", "person_double_booked")
    assert list(found) == [
        "kind",
        "severity",
        "starts_at",
        "ends_at",
        "person",
        "room",
        "meetings",
        "sentence",
        "ways_out",
    ]
    assert found | {"ways_out": []} == {
        "kind": "person_double_booked",
        "severity": "serious",
        "starts_at": "2026-12-07T08:00:00Z",
        "ends_at": "2026-12-07T09:00:00Z",
        "person": "bob@example.org",
        "room": None,
        "meetings": uids,
        "sentence": "Bob is in “One” and “Two” at once on Mon 7 Dec, 10:00–11:00.",
        "ways_out": [],
    }
    assert [set(way) for way in found["ways_out"]] == [{"key", "label", "effect"}] * 3
    (local,) = answer(*WEEK, "--person", "BOB@example.org", "--zone", "Europe/Bucharest", "--no-ways-out")
    assert "10:00–11:00" in local["sentence"]
    assert local["ways_out"] == []


def test_days_and_rooms_narrow() -> None:
    room = RoomFactory(capacity=1)
    people = [PersonFactory(), PersonFactory()]
    make_meeting(people[0], people=people, room=room)
    (found,) = answer(*WEEK, "--room", room.code)
    assert (found["kind"], found["room"], found["person"]) == ("room_too_small", room.code, None)
    assert answer("--from", "2026-12-08", "--to", "2026-12-11") == []
    assert answer("--from", "2026-11-23", "--to", "2026-12-06") == []


def test_people_get_a_table_or_the_good_news() -> None:
    assert "Nothing is wrong." in CliRunner().invoke(command, []).output
    make_meeting(PersonFactory(), people=[PersonFactory(), PersonFactory()], room=RoomFactory(capacity=1))
    assert "Conflicts: 1" in CliRunner().invoke(command, ["--kind", "room_too_small"]).output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--person", "nobody@example.org"], "nobody with the e-mail"),
        (["--room", "R404"], "no room with the code"),
        (["--from", "2026-12-07", "--to", "2026-12-01"], "2026-12-01 is before 2026-12-07"),
        (["--from", "7 December"], "--from"),
        (["--kind", "boredom"], "boredom"),
        (["--zone", "Europe/Bucarest"], "Europe/Bucharest"),
    ],
)
def test_bad_options_are_refused_in_words(options: list[str], words: str) -> None:
    result = CliRunner().invoke(command, options)
    assert result.exit_code == 2
    assert words in result.output
