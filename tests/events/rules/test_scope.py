"""An event's scope, against a plain oracle over the ways up the tree."""

from hypothesis import given
from hypothesis import strategies as st

from convenor.events.enums import EventScope
from convenor.events.rules.scope import scope_of

TREE = {1: None, 11: 1, 12: 1, 111: 11, 2: None, 21: 2}  # two heads with families


def scope(host: int | None, *departments: int, tree: dict[int, int | None] | None = None) -> EventScope:
    return scope_of(host, departments, with_external=False, parent_of=tree or TREE)


def test_nobody_from_another_department_is_within() -> None:
    assert scope(None) == scope(11) == scope(11, 11) == scope(None, 11) == EventScope.WITHIN


def test_the_hosts_own_parts_are_within() -> None:
    assert scope(1, 11, 111, 12) == EventScope.WITHIN
    assert scope(11, 111) == EventScope.WITHIN
    assert scope(None, 1, 111) == EventScope.WITHIN


def test_who_is_beside_or_above_the_host_is_another_department() -> None:
    assert scope(11, 12) == scope(11, 1) == scope(1, 2) == scope(None, 11, 12) == EventScope.BETWEEN


def test_the_head_of_the_whole_tree_is_the_company() -> None:
    tree = {1: None, 11: 1, 12: 1, 111: 11}
    assert scope(1, 11, 12, tree=tree) == EventScope.BETWEEN
    assert scope(1, tree=tree) == scope(11, 111, tree=tree) == EventScope.WITHIN


def test_anybody_from_outside_makes_it_external() -> None:
    assert scope_of(1, [1], with_external=True, parent_of=TREE) == EventScope.EXTERNAL


def up(node: int | None) -> list[int]:
    found = []
    while node is not None:
        found.append(node)
        node = TREE[node]
    return found


KEYS = st.sampled_from(sorted(TREE))


@given(st.none() | KEYS, st.sets(KEYS))
def test_within_means_one_way_up_leads_through_the_same_department(
    host: int | None, departments: set[int]
) -> None:
    named = departments | ({host} if host else set())
    heads = {host} if host else named
    within = len(named) <= 1 or any(all(head in up(each) for each in named) for head in heads)
    assert (scope(host, *departments) == EventScope.WITHIN) == within
