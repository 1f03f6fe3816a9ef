"""Trees told by each node's parent: departments, managers, halls and their parts. Nodes are integers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def makes_cycle(parent_of: Mapping[int, int | None], child: int, parent: int | None) -> bool:
    """Whether `child` under `parent` would make a node its own ancestor."""
    seen = {child}
    while parent is not None:
        if parent in seen:
            return True
        seen.add(parent)
        parent = parent_of.get(parent)
    return False


def below(parent_of: Mapping[int, int | None], root: int) -> set[int]:
    """The node and everything under it."""
    children: dict[int, list[int]] = {}
    for node, parent in parent_of.items():
        if parent is not None:
            children.setdefault(parent, []).append(node)
    found, waiting = {root}, [root]
    while waiting:
        fresh = [child for child in children.get(waiting.pop(), ()) if child not in found]
        found.update(fresh)
        waiting.extend(fresh)
    return found


def in_tree_order(nodes: Sequence[tuple[int, int | None]]) -> list[tuple[int, int]]:
    """Pairs of node and depth, each under its parent, siblings in the given order; a parent that isn't among the nodes counts as none."""
    known = {node for node, _parent in nodes}
    children: dict[int | None, list[int]] = {}
    for node, parent in nodes:
        children.setdefault(parent if parent in known else None, []).append(node)
    ordered: list[tuple[int, int]] = []
    waiting = [(node, 0) for node in reversed(children.get(None, []))]
    while waiting:
        node, depth = waiting.pop()
        ordered.append((node, depth))
        waiting.extend((child, depth + 1) for child in reversed(children.get(node, [])))
    return ordered
