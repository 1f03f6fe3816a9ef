"""Trees by parent, against brute force."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.kernel.trees import below, in_tree_order, makes_cycle

TREE: dict[int, int | None] = {1: None, 2: 1, 3: 1, 4: 2, 5: None}


@pytest.mark.parametrize(
    ("child", "parent", "cycle"),
    [(1, 4, True), (1, 1, True), (4, 3, False), (1, 5, False), (2, None, False), (9, 4, False)],
)
def test_a_node_can_not_be_its_own_ancestor(child: int, parent: int | None, cycle: bool) -> None:
    assert makes_cycle(TREE, child, parent) is cycle


def test_a_cycle_that_is_there_already_does_not_hang() -> None:
    assert makes_cycle({1: 2, 2: 1}, 3, 1)
    assert below({1: 2, 2: 1}, 1) == {1, 2}


def test_below_and_order() -> None:
    assert below(TREE, 1) == {1, 2, 3, 4}
    assert in_tree_order(list(TREE.items())) == [(1, 0), (2, 1), (4, 2), (3, 1), (5, 0)]


def test_a_parent_out_of_sight_is_none() -> None:
    assert in_tree_order([(2, 1), (4, 2)]) == [(2, 0), (4, 1)]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 20), max_size=12))
def test_every_node_comes_once_after_its_parent(parents: list[int]) -> None:
    nodes = [(node, parent if parent < node else None) for node, parent in enumerate(parents)]
    order = in_tree_order(nodes)
    depth = dict(order)
    assert sorted(depth) == [node for node, _parent in nodes]
    assert all(depth[node] == (0 if parent is None else depth[parent] + 1) for node, parent in nodes)
