"""Whatever goes wrong, the command says one sentence on standard error and ends with the right code."""

import errno
from pathlib import Path

import click
import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError

from convenor.cli.failures import BAD_INPUT, FAILED, INTERRUPTED, explain
from convenor.environment import BadSetting
from tests.cli.running import convenor

UNFORESEEN = (
    "Something went wrong that Convenor did not foresee (ZeroDivisionError: by zero). "
    "Set CONVENOR_DEBUG=true and try again to see where."
)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (BadSetting("CONVENOR_X is wrong."), BAD_INPUT, "CONVENOR_X is wrong."),
        (click.UsageError("No such option '--x'."), BAD_INPUT, "No such option '--x'."),
        (ValidationError("The end must\nbe after the start."), BAD_INPUT, "The end must be after the start."),
        (FileNotFoundError(errno.ENOENT, "No such file", "rooms.csv"), FAILED, "rooms.csv: No such file."),
        (
            OperationalError("no such table: x"),
            FAILED,
            "The database refused: no such table: x. Run `convenor doctor` to see what is wrong.",
        ),
        (
            ZeroDivisionError("by zero"),
            FAILED,
            UNFORESEEN,
        ),
    ],
)
def test_every_error_is_one_sentence(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(error) == code
    assert capsys.readouterr() == ("", said + "\n")


def test_an_interruption_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(KeyboardInterrupt()) == INTERRUPTED
    assert capsys.readouterr() == ("", "")


def test_debug_shows_where(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CONVENOR_DEBUG", "true")
    explain(ZeroDivisionError("by zero"))
    assert "ZeroDivisionError: by zero" in capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (["serve", "--port", "99999"], {}, "'--port'"),
        (["serve", "--prot", "1"], {}, "No such option '--prot'"),
        (["srve"], {}, "No such command 'srve'"),
        (["doctor"], {"CONVENOR_LANGUAGE": "fr"}, "CONVENOR_LANGUAGE is 'fr'; write one of en, ro."),
        (["doctor"], {"DATABASE_URL": "mysql://a/b"}, "DATABASE_URL"),
    ],
)
def test_bad_input_ends_with_2_and_one_sentence(
    tmp_path: Path, arguments: list[str], settings: dict[str, str], said: str
) -> None:
    answer = convenor(tmp_path, *arguments, **settings)
    assert answer.returncode == BAD_INPUT
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_help_needs_no_settings(tmp_path: Path) -> None:
    answer = convenor(tmp_path, "--help", CONVENOR_LANGUAGE="fr")
    assert answer.returncode == 0
    assert "serve" in answer.stdout
