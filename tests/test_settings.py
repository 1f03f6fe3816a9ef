"""The environment's readers, and the settings as a fresh process sees them."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from convenor.environment import BadSetting, Environment, kept_secret_key


def environment(**values: str) -> Environment:
    return Environment(values)


@pytest.mark.parametrize(
    ("raw", "expected"), [("1", True), ("Yes", True), (" on ", True), ("0", False), ("no", False), ("", True)]
)
def test_a_flag_is_read_in_the_usual_spellings(raw: str, expected: bool) -> None:
    assert environment(CONVENOR_DEBUG=raw).flag("CONVENOR_DEBUG", default=True) is expected


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"CONVENOR_DEBUG": "maybe"}, "CONVENOR_DEBUG is 'maybe'; write true or false."),
    ],
)
def test_a_flag_that_cannot_be_read_is_refused_by_name(values: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadSetting) as refused:
        Environment(values).flag("CONVENOR_DEBUG", default=False)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("ten", "CONVENOR_HORIZON_DAYS is 'ten'; write a whole number."),
        ("9", "CONVENOR_HORIZON_DAYS is 9; it must be from 10 to 20."),
        ("21", "CONVENOR_HORIZON_DAYS is 21; it must be from 10 to 20."),
    ],
)
def test_a_number_out_of_bounds_is_refused_by_name(raw: str, sentence: str) -> None:
    with pytest.raises(BadSetting) as refused:
        environment(CONVENOR_HORIZON_DAYS=raw).number("CONVENOR_HORIZON_DAYS", 15, least=10, most=20)
    assert str(refused.value) == sentence


def test_a_number_keeps_its_bounds_and_default() -> None:
    read = environment(LOW="10", HIGH="20")
    assert [read.number(name, 15, least=10, most=20) for name in ("LOW", "HIGH", "ABSENT")] == [10, 20, 15]


def test_a_listing_drops_blanks() -> None:
    assert environment(HOSTS=" a.example ,, b.example").listing("HOSTS") == ["a.example", "b.example"]


def test_a_choice_names_what_may_be_chosen() -> None:
    with pytest.raises(BadSetting, match=r"^CONVENOR_LANGUAGE is 'fr'; write one of en, ro\.$"):
        environment(CONVENOR_LANGUAGE="fr").choice("CONVENOR_LANGUAGE", "en", ("en", "ro"))


def test_a_secret_comes_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from the file\n")
    assert environment(KEY_FILE=str(tmp_path / "key")).secret("KEY") == "from the file"


def test_a_secret_given_twice_or_unreadable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="KEY and KEY_FILE are both set"):
        environment(KEY="a", KEY_FILE="b").secret("KEY")
    with pytest.raises(BadSetting, match=r"KEY_FILE: can't read .*absent: No such file"):
        environment(KEY_FILE=str(tmp_path / "absent")).secret("KEY")


def test_an_unknown_setting_is_refused_with_its_neighbour() -> None:
    read = environment(CONVENOR_LANGAUGE="ro", PATH="/bin")
    read.text("CONVENOR_LANGUAGE")
    with pytest.raises(
        BadSetting,
        match=r"^CONVENOR_LANGAUGE is not a setting of Convenor\. Did you mean CONVENOR_LANGUAGE\?$",
    ):
        read.refuse_unknown()


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    key = kept_secret_key(tmp_path)
    assert len(key) >= 50
    assert kept_secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_secret_key_that_cannot_be_kept_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(
        BadSetting, match=r"^CONVENOR_DATA: can't keep the secret key in .*: Not a directory\.$"
    ):
        kept_secret_key(Path("/dev/null"))
    (tmp_path / "secret_key").mkdir()
    with pytest.raises(BadSetting, match=r"^CONVENOR_DATA: .*: Is a directory\.$"):
        kept_secret_key(tmp_path)


def settings_in_a_fresh_process(
    tmp_path: Path, expression: str, **values: str
) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("CONVENOR_", "DATABASE_"))
    }
    return subprocess.run(
        [sys.executable, "-c", f"from convenor import settings; print({expression})"],
        env={**kept, "CONVENOR_DATA": str(tmp_path), **values},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_defaults_are_safe(tmp_path: Path) -> None:
    names = "DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "FETCH_PRIVATE_NETWORKS"
    expression = ", ".join(f"settings.{name}" for name in names)
    plain = settings_in_a_fresh_process(tmp_path, expression)
    assert plain.stdout.split() == ["False"] * 4
    behind_tls = settings_in_a_fresh_process(tmp_path, expression, CONVENOR_URL="https://meet.example.org")
    assert behind_tls.stdout.split() == ["False", "True", "True", "False"]


def test_an_empty_data_folder_is_the_usual_one_not_the_present_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from convenor import settings; print(settings.DATA)"],
        env={"PATH": os.environ["PATH"], "CONVENOR_DATA": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()) == (tmp_path / "data").resolve()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONVENOR_URL", "meet.example.org"),
        ("CONVENOR_URL", "http://[::1"),
        ("CONVENOR_MAIL_URL", "mail.example.org"),
        ("CONVENOR_MAIL_URL", "smtp://mail.example.org:99999"),
        ("CONVENOR_TIME_ZONE", "Europe/Atlantis"),
        ("CONVENOR_UPLOAD_MAX_MB", "0"),
        ("CONVENOR_LOG_LEVEL", "LOUD"),
        ("CONVENOR_LANGUAGE", "de"),
        ("CONVENOR_BEHIND_PROXY", "perhaps"),
        ("CONVENOR_NOSUCH", "1"),
        ("DATABASE_URL", "mysql://somewhere/else"),
        ("DATABASE_URL", "postgres//nowhere"),
        ("DATABASE_URL", "postgresql://"),
        ("CONVENOR_DATA", "/dev/null/data"),
        ("CONVENOR_SECRET_KEY_FILE", "/dev/null/key"),
        ("CONVENOR_SECRET_KEY_FILE", sys.executable),
        ("CONVENOR_SECRET_KEY", "short"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    answer = settings_in_a_fresh_process(tmp_path, "0", **{name: value})
    last = answer.stderr.strip().splitlines()[-1]
    assert last.startswith("convenor.environment.BadSetting: ")
    assert name.removesuffix("_FILE") in last
    assert answer.returncode == 1
