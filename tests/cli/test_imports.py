"""`convenor import people` as a process: dry run, deed, again, strict, and files that are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import convenor

PEOPLE = Path(__file__).parents[1] / "interop" / "csv" / "kubernetes-people.csv"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    assert convenor(folder, "manage", "migrate", "-v", "0").returncode == 0
    return folder


def test_a_real_directory_comes_in_once(data: Path) -> None:
    dry = convenor(data, "import", "people", str(PEOPLE), "--dry-run", "--json")
    assert (dry.returncode, dry.stderr) == (0, "")
    shown = json.loads(dry.stdout)
    assert (shown["applied"], len(shown["created"]), shown["refused"]) == (False, 129, [])
    assert "New department: API Machinery" in shown["notes"]
    done = convenor(data, "import", "people", str(PEOPLE))
    assert (done.returncode, done.stderr) == (0, "")
    assert "129 created, 0 changed, 0 unchanged, 0 refused." in done.stdout
    again = convenor(data, "import", "people", str(PEOPLE))
    assert "0 created, 0 changed, 129 unchanged, 0 refused." in again.stdout


def test_bad_rows_are_told_and_strict_keeps_everything(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "rooms.csv"
    file.write_text("code,site\nR1,Mars\n", encoding="utf-8")
    said = convenor(data, "import", "rooms", str(file))
    assert (said.returncode, said.stderr.strip()) == (0, "Line 2, site: There is no site “Mars”. Known: –.")
    strict = convenor(data, "import", "rooms", str(file), "--strict", "--json")
    assert (strict.returncode, json.loads(strict.stdout)["applied"]) == (1, False)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "The file is empty."), (b"\x00\xff", "The first line must name the columns")],
)
def test_files_that_are_none_are_one_sentence(
    data: Path, tmp_path: Path, content: bytes, sentence: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    said = convenor(data, "import", "people", str(file))
    assert said.returncode == 2
    assert sentence in said.stderr
    assert "Traceback" not in said.stderr


def test_a_file_that_is_not_there(data: Path) -> None:
    said = convenor(data, "import", "people", "nowhere.csv")
    assert said.returncode == 2
    assert "nowhere.csv" in said.stderr
