"""`convenor plan`: sentences with file and line, tables and JSON, exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result

from convenor.cli.failures import BAD_INPUT, FAILED
from convenor.cli.plan import command
from convenor.events.models import Event
from tests.factories.plans import NOW, PLAN, make_company

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        make_company()
        yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "away.toml"
    file.write_text(PLAN, encoding="utf-8")
    return file


def plan(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(command, [str(each) for each in arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def test_check_says_that_all_is_well(file: Path) -> None:
    assert (
        plan("check", file).output == f"{file} can be applied. People 4, Contacts 1, Functions 3, Tasks 2\n"
    )
    assert json.loads(plan("check", file, "--json").output) == {"problems": [], "warnings": []}
    assert not Event.objects.exists()


def test_check_names_file_and_line(file: Path) -> None:
    file.write_text(PLAN.replace('site = "HQ"', 'sit = "HQ"').replace("headcount = 40", "headcount = 61"))
    first, second = plan("check", file, code=BAD_INPUT).output.splitlines()
    assert first == f"{file}:11: There is no key “sit” here. (did you mean “site”?)"
    assert second.startswith(f"{file}:66: HALL Room HALL seats 60, but 61 people are expected.")
    said = json.loads(plan("check", file, "--json", code=BAD_INPUT).output)
    assert said["problems"][0] == {
        "line": 11,
        "path": ["event", "sit"],
        "sentence": "There is no key “sit” here.",
        "suggestion": "Did you mean “site”?",
    }


def test_diff_apply_and_export_go_round(file: Path, tmp_path: Path) -> None:
    assert "“Away day” would be made" in plan("diff", file, code=FAILED).output
    assert "“Away day” has been made." in plan("apply", file, "--as", "alice@example.org").output
    assert "nothing would change" in plan("diff", file).output
    copy = tmp_path / "copy.toml"
    plan("export", "away-day", "--output", copy)
    assert plan("export", "away-day").output == copy.read_text(encoding="utf-8")
    assert json.loads(plan("diff", copy, "--prune", "--json").output)["changes"] == []
    assert "nothing has changed" in plan("apply", copy, "--prune").output


def test_diff_shows_what_would_change_in_words_and_as_json(file: Path) -> None:
    plan("apply", file)
    file.write_text(PLAN.replace("headcount = 40", "headcount = 50"))
    assert "headcount: 40 → 50" in plan("diff", file, code=FAILED).output
    (change,) = json.loads(plan("diff", file, "--json", code=FAILED).output)["changes"]
    assert change == {
        "section": "function",
        "name": "opening",
        "title": "Opening",
        "verb": "changed",
        "fields": [{"key": "headcount", "before": 40, "after": 50}],
    }


def test_bad_files_and_keys_are_told_in_a_sentence(file: Path) -> None:
    file.write_bytes(b'[event]\nkey = "\xff"\n')
    said = plan("check", file, code=BAD_INPUT).output
    assert said == f"{file}:2: This isn't UTF-8 text. (save the file as UTF-8)\n"
    assert "There is no event with the key 'nope'" in plan("export", "nope", code=BAD_INPUT).output
    assert "does not exist" in plan("check", "nowhere.toml", code=BAD_INPUT).output


def test_who_may_not_apply_is_refused(file: Path) -> None:
    result = CliRunner().invoke(command, ["apply", str(file), "--as", "bob@example.org"])
    assert str(result.exception) == "Plan files are applied by coordinators and administrators."
    assert not Event.objects.exists()
