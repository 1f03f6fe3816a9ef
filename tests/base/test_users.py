"""Accounts, and what may be changed about them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from convenor.base.actions import change_account, create_user, set_preferences
from convenor.base.actor import Refused
from convenor.base.enums import Role
from convenor.base.models import AuditEntry, User
from convenor.base.refusals import violated
from tests.base import cast


@pytest.mark.django_db
def test_an_address_is_one_in_any_case() -> None:
    alice = User.objects.create_user("  Alice.ȘTEFAN@Example.ORG ", "pass", display_name="Alice")
    assert alice.email == "alice.ștefan@example.org"
    assert User.objects.get(email="ALICE.ștefan@example.org") == alice
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("alice.Ștefan@example.org")
    cast.user("Bob")
    with pytest.raises(ValidationError, match="already exists"):
        User(email="BOB@Example.org", password="x", display_name="Eve").full_clean()


@pytest.mark.django_db
def test_the_database_keeps_capitals_out_even_of_raw_sql() -> None:
    cast.user("Alice")
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE base_user SET email = 'Alice@example.org'")
    assert violated(refused.value) == "user_email_lower"


@pytest.mark.django_db
def test_an_account_without_a_password_can_not_sign_in_by_one() -> None:
    user = User.objects.create_user("bob@example.org", display_name="Bob")
    assert not user.check_password("")
    assert not user.has_usable_password()
    assert User.objects.create_superuser("root@example.org", "pass").role == Role.ADMINISTRATOR


@pytest.mark.django_db
def test_an_administrator_gives_accounts_and_it_goes_on_record() -> None:
    dora = cast.dora()
    user = create_user(actor=dora, email="New@example.org", display_name="New", password="correct horse")
    assert user.check_password("correct horse")
    kept = AuditEntry.objects.get()
    assert (kept.action, kept.actor_id) == ("user.created", dora.user_id)
    assert kept.after == {
        "email": "new@example.org",
        "display_name": "New",
        "role": "organiser",
        "is_active": True,
    }
    with pytest.raises(ValidationError):
        create_user(actor=dora, email="no address", display_name="New")
    for who in (cast.alice(), cast.carol(), cast.charlie()):
        with pytest.raises(Refused):
            create_user(actor=who, email="x@example.org", display_name="X")


@pytest.mark.django_db
def test_deactivating_is_on_record_with_what_changed() -> None:
    alice, dora = cast.user("Alice"), cast.dora()
    change_account(actor=dora, user=alice, is_active=False, display_name="Alice")
    alice.refresh_from_db()
    assert not alice.is_active
    kept = AuditEntry.objects.get()
    assert (kept.before, kept.after) == ({"is_active": True}, {"is_active": False})
    with pytest.raises(TypeError, match="password"):
        change_account(actor=dora, user=alice, password="x")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"zone": "Europe/Bucharest", "theme": "dark", "language": "ro"}, None),
        ({"zone": "Europe/Bucarest"}, "zone"),
        ({"theme": "pink"}, "theme"),
        ({"language": "de"}, "language"),
        ({"display_name": ""}, "display_name"),
        ({"display_name": "x" * 151}, "display_name"),
    ],
)
def test_preferences_are_one_s_own(changes: dict[str, Any], wrong: str | None) -> None:
    user = cast.user("Alice")
    alice = cast.actor(user)
    if wrong is None:
        assert vars(set_preferences(actor=alice, user=user, **changes)).items() >= changes.items()
    else:
        with pytest.raises(ValidationError) as refused:
            set_preferences(actor=alice, user=user, **changes)
        assert list(refused.value.error_dict) == [wrong]
        user.refresh_from_db()
        assert AuditEntry.objects.count() == 0
    for other in (cast.bob(), cast.charlie()):
        with pytest.raises(Refused):
            set_preferences(actor=other, user=user, **changes)
