"""The classes that come with the package, as texts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from convenor.events.models import ClassVersion, EventClass

SHIPPED_NOTE = "Shipped with Convenor"
"""The note of a version that nobody in the company wrote; kept as it is, whatever the reader's language."""


@cache
def shipped_texts() -> Mapping[str, str]:
    """The package's own classes by their codes, in the order of the codes."""
    folder = files("convenor.events") / "classes"
    found = {each.name: each for each in folder.iterdir() if each.name.endswith(".toml")}
    return {name.removesuffix(".toml"): found[name].read_text(encoding="utf-8") for name in sorted(found)}


def is_shipped(version: ClassVersion) -> bool:
    """Whether nobody in the company wrote it."""
    return version.created_by_id is None and version.note == SHIPPED_NOTE


def newer_shipped_text(event_class: EventClass) -> str | None:
    """The package's wording of the class where the company, which has edited it, never had that one. 1 query at most."""
    text = shipped_texts().get(event_class.code)
    if text is None or event_class.versions.filter(text=text).exists():
        return None
    return text
