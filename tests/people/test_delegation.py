"""Who may make whom a delegate."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Refused
from convenor.base.changes import sentences
from convenor.base.enums import Scope
from convenor.base.models import AuditEntry
from convenor.people.actions.delegation import grant_delegation, withdraw_delegation
from convenor.people.models import Delegation, Person
from convenor.people.queries.people import delegations_for
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import DelegationFactory, MemberFactory, PersonFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 7)


def test_principals_and_coordinators_grant_and_nobody_else() -> None:
    a, b, c = alice(), bob(), charlie()
    given: dict[str, Any] = {"delegate_id": a.pk, "scope": Scope.ACT, "starts_on": DAY}
    grant_delegation(actor=actor_of(b), principal_id=b.pk, **given)
    helper: Person = MemberFactory.create()
    grant_delegation(actor=actor_of(a), principal_id=b.pk, **given | {"delegate_id": helper.pk})
    other: Person = MemberFactory.create()
    for actor in (helper, other):  # not even a delegate who may act passes it on
        with pytest.raises(Refused):
            grant_delegation(actor=actor_of(actor), principal_id=b.pk, **given | {"delegate_id": other.pk})
    with pytest.raises(Person.DoesNotExist):
        grant_delegation(actor=actor_of(c), principal_id=b.pk, **given)
    assert Delegation.objects.count() == 2


def test_a_second_grant_changes_the_first() -> None:
    b, helper = bob(), MemberFactory.create()
    for scope in (Scope.ACT, Scope.SEE, Scope.SEE):
        grant_delegation(
            actor=actor_of(b),
            principal_id=b.pk,
            delegate_id=helper.pk,
            scope=scope,
            starts_on=DAY,
            ends_on=DAY,
        )
    assert Delegation.objects.get().scope == Scope.SEE
    entries = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(entries) == ["delegation.granted", "delegation.changed"]


def test_delegates_do_not_widen_their_own_scope() -> None:
    b, helper = bob(), MemberFactory.create()
    DelegationFactory.create(principal=b, delegate=helper, scope=Scope.SEE)
    with pytest.raises(Refused):
        grant_delegation(
            actor=actor_of(helper), principal_id=b.pk, delegate_id=helper.pk, scope=Scope.ACT, starts_on=DAY
        )


def test_either_side_withdraws_and_sees_it() -> None:
    a, b, c = alice(), bob(), charlie()
    for who in (a, b):
        delegation: Delegation = DelegationFactory.create(principal=b, delegate=MemberFactory.create())
        assert delegation in delegations_for(actor_of(who), b)
        for stranger in (MemberFactory.create(), c):
            assert list(delegations_for(actor_of(stranger))) == []
            with pytest.raises(Delegation.DoesNotExist):
                withdraw_delegation(actor=actor_of(stranger), delegation_id=delegation.pk)
        withdraw_delegation(actor=actor_of(who), delegation_id=delegation.pk)
    delegation = DelegationFactory.create(principal=b)
    withdraw_delegation(actor=actor_of(delegation.delegate), delegation_id=delegation.pk)
    assert not Delegation.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"delegate_id": "self"}, "delegate", "Nobody can be their own delegate."),
        ({"delegate_id": "gone"}, "delegate", "Gone is no longer active."),
        ({"delegate_id": "outside"}, "delegate", "Charlie is from outside; staff delegate to staff."),
        ({"ends_on": date(2026, 12, 6)}, "ends_on", "The last day must not be before the first."),
        ({"scope": "rule"}, "scope", "Value 'rule' is not a valid choice."),
    ],
)
def test_delegations_that_can_not_be(changes: dict[str, Any], field: str, sentence: str) -> None:
    b = bob()
    people = {
        "self": b.pk,
        "gone": PersonFactory.create(name="Gone", is_active=False).pk,
        "outside": charlie().pk,
    }
    given: dict[str, Any] = {"delegate_id": alice().pk, "scope": Scope.ACT, "starts_on": DAY} | changes
    given["delegate_id"] = people.get(given["delegate_id"], given["delegate_id"])
    with pytest.raises(ValidationError) as error:
        grant_delegation(actor=actor_of(b), principal_id=b.pk, **given)
    assert sentences(error.value) == {field: [sentence]}
    assert not Delegation.objects.exists()
