"""`convenor find-time` on the rows: the settled JSON, the table, and one sentence for bad input."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner, Result

from convenor.cli.failures import BAD_INPUT, explain, sentence
from convenor.cli.find_time import command
from tests.factories.cast import bob
from tests.factories.people import PersonFactory
from tests.factories.scheduling import NOW, make_meeting
from tests.factories.venues import EquipmentFactory, RoomEquipmentFactory, RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db
WEEK = ("--within", "2026-12-07/2026-12-11")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def find_time(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def answer(*arguments: str) -> dict[str, Any]:
    result = find_time(*arguments, *WEEK, "--json")
    assert result.exit_code == 0, result.output
    said: dict[str, Any] = json.loads(result.output)
    return said


def refusal(*arguments: str) -> str:
    """The one sentence; what is refused is bad input."""
    error = find_time(*arguments).exception
    if not isinstance(error, SystemExit):
        assert error is not None
        assert explain(error) == BAD_INPUT
        return sentence(error)
    output = find_time(*arguments).output
    assert error.code == BAD_INPUT
    return output


def test_the_answer_has_the_settled_shape() -> None:
    site = SiteFactory(code="HQ")
    ana = PersonFactory(email="ana@example.org", home_site=site)
    room = RoomFactory(site=site, capacity=6)
    RoomEquipmentFactory(room=room, equipment=EquipmentFactory(code="projector"))
    said = answer(
        "--attendees", ana.email, "--minutes", "60", "--headcount", "6", "--equipment", "projector", "--site", "hq"
    )  # fmt: skip
    assert said["why_not"] is None
    first = said["slots"][0]
    assert first["starts_at"] == "2026-12-07T07:00:00Z"
    assert first["room"] == room.code
    assert all(isinstance(reason, str) for reason in first["reasons"])
    assert len(said["slots"]) == 10


def test_where_nothing_fits_there_are_blockers_and_changes() -> None:
    ana = PersonFactory(email="ana@example.org")
    said = answer("--attendees", ana.email, "--minutes", "600", "--no-room")
    assert said["slots"] == []
    assert set(said["why_not"]["blockers"][0]) == {"people", "groups", "rooms", "rules", "sentence"}
    assert {"kind", "subject", "sentence", "opens", "cost"} <= set(said["why_not"]["changes"][0])


def test_without_any_rooms_none_is_looked_for_unless_an_option_says_so() -> None:
    ana = PersonFactory(email="ana@example.org")
    assert answer("--attendees", ana.email)["slots"][0]["room"] is None
    wanting = answer("--attendees", ana.email, "--headcount", "2")
    assert wanting["why_not"]["blockers"][0]["rules"] == ["room"]


def test_it_acts_as_somebody_and_says_no_more_than_they_may_know() -> None:
    ana, mate = PersonFactory(email="ana@example.org"), bob()
    make_meeting(ana, people=[ana], duration_minutes=480, title="Merger", is_private=True)
    within = ("--within", "2026-12-07/2026-12-07", "--attendees", ana.email, "--minutes", "120", "--json")
    assert "Merger" in find_time(*within).output
    assert "Merger" not in find_time(*within, "--as", mate.email).output


def test_people_read_a_table_or_the_reasons() -> None:
    ana = PersonFactory(email="ana@example.org", name="Ana")
    assert "Mon 7 Dec, 09:00–10:00" in find_time("--attendees", ana.email, *WEEK).output
    nothing = find_time("--attendees", ana.email, "--minutes", "600", *WEEK).output
    assert "Nothing fits." in nothing
    assert "Ana" in nothing


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--attendees", "ann@example.org"), "the nearest is ana@example.org"),
        (("--attendees", "ana@example.org", "--minutes", "0"), "out of bounds"),
        (("--attendees", "ana@example.org", "--any-of", "ana@example.org"), "not a number and a list"),
        (("--attendees", "ana@example.org", "--any-of", "3:ana@example.org"), "3 of 1 can't be"),
        (("--attendees", "ana@example.org", "--earliest", "09:00"), "Give both hours"),
        (("--attendees", "ana@example.org", "--within", "2020-01-01/2020-01-02"), "over"),
        (("--attendees", "ana@example.org", "--site", "nowhere"), "There is no site 'nowhere'"),
        (("--attendees", "ana@example.org", "--equipment", "nothing"), "There is no equipment 'nothing'"),
        (("--attendees", "ana@example.org", "--as", "nobody@example.org"), "Nobody signs in"),
        ((), "Say who should come"),
    ],
)
def test_bad_input_is_one_sentence(arguments: tuple[str, ...], words: str) -> None:
    PersonFactory(email="ana@example.org")
    assert words in refusal(*arguments)
