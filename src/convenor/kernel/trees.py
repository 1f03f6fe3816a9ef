"""Trees told by each node's parent: departments, managers, halls and their parts. A node is any key."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def makes_cycle(parent_of: Mapping[Node, Node | None], child: Node, parent: Node | None) -> bool:
    """Whether `child` under `parent` would make a node its own ancestor."""
    seen = {child}
    while parent is not None:
        if parent in seen:
            return True
        seen.add(parent)
        parent = parent_of.get(parent)
    return False


def below(parent_of: Mapping[Node, Node | None], root: Node) -> set[Node]:
    """The node and everything under it."""
    children: dict[Node, list[Node]] = {}
    for node, parent in parent_of.items():
        if parent is not None:
            children.setdefault(parent, []).append(node)
    found, waiting = {root}, [root]
    while waiting:
        fresh = [child for child in children.get(waiting.pop(), ()) if child not in found]
        found.update(fresh)
        waiting.extend(fresh)
    return found


def in_tree_order(nodes: Sequence[tuple[Node, Node | None]]) -> list[tuple[Node, int]]:
    """Pairs of node and depth, each under its parent, siblings in the given order; a parent that isn't among the nodes counts as none."""
    known = {node for node, _parent in nodes}
    children: dict[Node | None, list[Node]] = {}
    for node, parent in nodes:
        children.setdefault(parent if parent in known else None, []).append(node)
    ordered: list[tuple[Node, int]] = []
    waiting = [(node, 0) for node in reversed(children.get(None, []))]
    while waiting:
        node, depth = waiting.pop()
        ordered.append((node, depth))
        waiting.extend((child, depth + 1) for child in reversed(children.get(node, [])))
    return ordered
