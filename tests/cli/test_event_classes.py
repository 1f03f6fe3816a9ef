"""`convenor class`, run in this process on the test's database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from convenor.cli.event_classes import command
from convenor.events.actions.event_class import save_class
from convenor.events.actions.shipped import ship_classes
from convenor.events.models import ClassVersion
from tests.factories import cast
from tests.factories.events import SMALLEST_POLICY, make_class

pytestmark = pytest.mark.django_db


def ran(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ours.toml"
    path.write_text(SMALLEST_POLICY, encoding="utf-8")
    return path


def test_the_classes_are_listed() -> None:
    ship_classes()
    rows = json.loads(ran("list", "--json").stdout)
    assert [row["code"] for row in rows][:2] == ["conference", "cross-department-workshop"]
    assert rows[0]["tasks"] == 28
    assert "town-hall" in ran("list").stdout


def test_what_is_shown_can_be_saved_again(file: Path) -> None:
    ship_classes()
    text = ran("show", "training").stdout
    file.write_text(text, encoding="utf-8")
    assert "is in order" in ran("check", file).stdout
    assert "training has version 1." in ran("save", "training", file).stdout
    file.write_text(text + "# ours\n", encoding="utf-8")
    assert "training has version 2." in ran("save", "training", file, "--note", "Ours").stdout
    assert ran("show", "training", "--version", "1").stdout == text
    assert "has no version 9" in ran("show", "training", "--version", "9").output
    assert "no event class" in ran("show", "nothing").output


def test_mistakes_are_said_with_file_and_line(file: Path) -> None:
    file.write_text(SMALLEST_POLICY + "needs_sponsr = true\n", encoding="utf-8")
    for arguments in (("check", file), ("save", "ours", file)):
        result = ran(*arguments)
        assert result.exit_code == 2
        assert (
            f"{file}:2: There is no key “needs_sponsr” here. Did you mean “needs_sponsor”?" in result.stderr
        )
    found = json.loads(ran("check", file, "--json").stdout)
    assert found["problems"][0]["line"] == 2
    file.write_bytes(b"\xff")
    assert "isn't a text in UTF-8" in ran("check", file).output
    assert not ClassVersion.objects.exists()


def test_a_newer_version_is_not_replaced(file: Path) -> None:
    make_class("ours")
    actor = cast.actor_of(cast.alice())
    newer = SMALLEST_POLICY + "[[tasks]]\nkey = 'a'\ntitle = 'Agenda'\ndue = '0d'\n"
    save_class(actor=actor, code="ours", text=newer, note="", base_version=1)
    result = ran("save", "ours", file, "--base", "1")
    assert result.exit_code == 1
    assert "They changed: Agenda." in result.output
    assert ClassVersion.objects.count() == 2


def test_it_is_done_as_somebody_who_may(file: Path) -> None:
    bob = cast.bob()
    assert bob.user is not None
    result = ran("save", "ours", file, "--as", bob.user.email)
    assert result.exit_code != 0
    assert not ClassVersion.objects.exists()
