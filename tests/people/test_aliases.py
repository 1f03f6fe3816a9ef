"""Other addresses that a person writes from."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Refused
from convenor.base.models import AuditEntry
from convenor.people.actions.alias import MOST, add_alias, remove_alias
from convenor.people.models import EmailAlias
from convenor.people.queries.people import aliases_for
from convenor.people.queries.senders import addresses_of, known_addresses, person_writing_from, writes_for
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import DelegationFactory
from tests.factories.scheduling import NOW

pytestmark = pytest.mark.django_db


def test_people_keep_their_own_and_coordinators_everybody_s() -> None:
    boss, mine = alice(), bob()
    add_alias(actor=actor_of(mine), person_id=mine.pk, email=" Bob@Home.Example ")
    alias = add_alias(actor=actor_of(boss), person_id=mine.pk, email="bob@old.example")
    assert addresses_of(mine.pk) == {"bob@example.org", "bob@home.example", "bob@old.example"}
    assert person_writing_from("BOB@home.example") == mine
    remove_alias(actor=actor_of(boss), person_id=mine.pk, alias_id=alias.pk)
    assert person_writing_from("bob@old.example") is None
    actions = AuditEntry.objects.filter(action__startswith="person.alias").order_by("pk")
    assert [each.action for each in actions] == [
        "person.alias_added",
        "person.alias_added",
        "person.alias_removed",
    ]


def test_nobody_else_sees_or_changes_them() -> None:
    mine = bob()
    alias = add_alias(actor=actor_of(mine), person_id=mine.pk, email="bob@home.example")
    stranger, teammate = charlie(), bob(email="carol@example.org")
    for other in (stranger, teammate):
        assert not aliases_for(actor_of(other), mine).exists()
    with pytest.raises(Refused):
        add_alias(actor=actor_of(teammate), person_id=mine.pk, email="carol@home.example")
    with pytest.raises(Refused):
        remove_alias(actor=actor_of(teammate), person_id=mine.pk, alias_id=alias.pk)
    with pytest.raises(type(mine).DoesNotExist):
        add_alias(actor=actor_of(stranger), person_id=mine.pk, email="charlie@home.example")
    assert EmailAlias.objects.count() == 1


@pytest.mark.parametrize("email", ["alice@example.org", "taken@home.example", "no address", ""])
def test_an_address_of_somebody_else_or_none_at_all_is_refused(email: str) -> None:
    mine, other = bob(), alice()
    EmailAlias.objects.create(person=other, email="taken@home.example")
    with pytest.raises(ValidationError) as refused:
        add_alias(actor=actor_of(mine), person_id=mine.pk, email=email)
    assert list(refused.value.message_dict) == ["email"]


def test_there_is_an_end_to_them() -> None:
    mine = bob()
    for number in range(MOST):
        add_alias(actor=actor_of(mine), person_id=mine.pk, email=f"bob{number}@home.example")
    with pytest.raises(ValidationError, match="at most"):
        add_alias(actor=actor_of(mine), person_id=mine.pk, email="more@home.example")


def test_the_directory_s_own_address_wins_and_who_left_writes_no_more() -> None:
    mine, other = bob(), alice()
    EmailAlias.objects.create(person=other, email="bob@example.org")  # entered before Bob was
    assert person_writing_from("bob@example.org") == mine
    assert known_addresses({"bob@example.org", "x@y.example"}) == {"bob@example.org"}
    mine.is_active = False
    mine.save()
    other.aliases.all().delete()
    assert person_writing_from("bob@example.org") is None


def test_a_delegate_who_may_act_writes_for_the_principal_and_one_who_may_see_does_not() -> None:
    boss, assistant, onlooker = alice(), bob(), bob(email="carol@example.org")
    DelegationFactory(principal=boss, delegate=assistant, scope="act")
    DelegationFactory(principal=boss, delegate=onlooker, scope="propose")
    assert writes_for(assistant.pk, boss.pk, NOW)
    assert not writes_for(onlooker.pk, boss.pk, NOW)
    assert not writes_for(boss.pk, assistant.pk, NOW)
