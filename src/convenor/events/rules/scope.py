"""An event's scope: within a department, between departments, with external parties. Derived from who takes part, never entered."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from convenor.events.enums import EventScope
from convenor.kernel.trees import below


def scope_of(
    host: int | None,
    departments: Collection[int],
    *,
    with_external: bool,
    parent_of: Mapping[int, int | None],
) -> EventScope:
    """`departments` are those that take part and those of the people; `parent_of` is the tree of our own.

    Within a department means within one family: under the host, or without a host under one of those named. Where one
    department heads the whole tree it is the company: others under it belong to different departments all the same.
    """
    if with_external:
        return EventScope.EXTERNAL
    involved = {*departments, *([host] if host is not None else [])}
    heads = {host} if host is not None else involved
    families = [below(parent_of, head) for head in heads - _company(parent_of)]
    if len(involved) <= 1 or any(involved <= family for family in families):
        return EventScope.WITHIN
    return EventScope.BETWEEN


def _company(parent_of: Mapping[int, int | None]) -> set[int]:
    """The one head of a tree with departments under it; none where there are several heads."""
    heads = {pk for pk, parent in parent_of.items() if parent is None}
    return heads if len(heads) == 1 and len(parent_of) > 1 else set()
