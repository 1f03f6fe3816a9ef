"""Where a finding, a refusal or a task leads: addresses of what `registry.Ref` names."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from convenor.events.registry import Ref

PAGES: dict[str, tuple[str, str]] = {
    "event": ("event", ""),
    "event.edit": ("event.edit", ""),
    "event.people": ("event.people", ""),
    "event.contacts": ("event.people", "contacts"),
    "meeting": ("meeting", ""),
    "occurrence": ("occurrence", ""),
    "person": ("person", ""),
    "room": ("room", ""),
}
"""By kind: the URL's name, which takes `pk`, and the place on the page. Each family adds its own."""


def href_of(ref: Ref | None) -> str:
    """The address; "" for nothing and for a kind that has no page."""
    if ref is None or ref.kind not in PAGES:
        return ""
    name, anchor = PAGES[ref.kind]
    return reverse(name, args=[ref.pk]) + (f"#{anchor}" if anchor else "")


def add_pages(pages: Mapping[str, tuple[str, str]]) -> None:
    """For families of screens whose pages a `Ref` may name."""
    PAGES.update(pages)
