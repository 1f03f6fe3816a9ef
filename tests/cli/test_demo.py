"""The demo: made once, kept afterwards, made anew when asked; never mixed with what somebody entered."""

import re
import sqlite3
from pathlib import Path

import pytest

from convenor.base.actor import Actor
from convenor.base.audit import record
from convenor.base.models import AuditEntry, User
from convenor.cli.demo import start_afresh
from convenor.demo.workforce import PASSWORD
from tests.cli.running import convenor

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
SIGN_INS = re.findall(r"`(\S+@\S+)`", README)


def change(data: Path, sql: str) -> None:
    with sqlite3.connect(data / "convenor.sqlite3") as database:
        database.execute(sql)
    database.close()


def names(data: Path) -> set[str]:
    with sqlite3.connect(data / "convenor.sqlite3") as database:
        found = {name for (name,) in database.execute("SELECT display_name FROM base_user")}
    database.close()
    return found


@pytest.mark.sqlite_only
def test_it_is_made_once_kept_and_made_anew_when_asked(tmp_path: Path) -> None:
    made = convenor(tmp_path, "demo", "--no-serve")
    assert made.returncode == 0, made.stderr
    assert SIGN_INS
    assert all(email in made.stdout for email in SIGN_INS)
    assert f"`{PASSWORD}`" in README
    change(tmp_path, "UPDATE base_user SET display_name = 'Changed' WHERE email = 'admin@danubia.example'")

    again = convenor(tmp_path, "demo", "--no-serve")
    assert (again.returncode, "Changed" in again.stdout, "Changed" in names(tmp_path)) == (0, True, True)

    fresh = convenor(tmp_path, "demo", "--no-serve", "--fresh")
    assert (fresh.returncode, "Changed" in names(tmp_path)) == (0, False)
    assert all(email in fresh.stdout for email in SIGN_INS)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("options", [[], ["--fresh"]])
def test_it_is_never_mixed_with_what_somebody_entered(tmp_path: Path, options: list[str]) -> None:
    account = ["createsuperuser", "--noinput", "--email", "a@example.org", "--display_name", "Alice"]
    assert convenor(tmp_path, "manage", "migrate", "-v0").returncode == 0
    assert (
        convenor(tmp_path, "manage", *account, DJANGO_SUPERUSER_PASSWORD="a-long-passphrase").returncode == 0
    )
    refused = convenor(tmp_path, "demo", "--no-serve", *options)
    assert refused.returncode == 2
    assert "Set CONVENOR_DATA to another folder" in refused.stderr
    assert names(tmp_path) == {"Alice"}


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_starting_afresh_empties_postgresql_append_only_tables_too() -> None:
    user = User.objects.create_user("a@example.org", display_name="Alice")
    record(actor=Actor.system("test"), action="user.created", obj=user)
    assert AuditEntry.objects.exists()
    start_afresh()
    assert not AuditEntry.objects.exists()
    assert not User.objects.exists()
