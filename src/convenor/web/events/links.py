"""Where a finding, a refusal or a task leads: addresses of what `registry.Ref` names."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import NoReverseMatch, reverse

from convenor.events.rules.findings import Ref

PAGES: dict[str, tuple[str, str]] = {
    "event": ("event", ""),
    "event.edit": ("event.edit", ""),
    "event.people": ("event.people", ""),
    "event.programme": ("event.programme", ""),
    "event.tasks": ("event.tasks", ""),
    "event.readiness": ("event.readiness", ""),
    "event.sheets": ("event.sheets", ""),
    "event.certificate": ("event.certificate", ""),
    "conflict": ("conflicts.ways_out", ""),
    "function": ("function", ""),
    "task": ("task", ""),
    "event.state": ("event", "next-step"),
    "event.contacts": ("event.people", "contacts"),
    "meeting": ("meeting", ""),
    "occurrence": ("occurrence", ""),
    "person": ("person", ""),
    "room": ("room", ""),
    "event.roll": ("event.roll", ""),
    "roll": ("roll", ""),
    "registration": ("registration", ""),
}
"""By kind: the URL's name, which takes `pk`, and the place on the page. Each family adds its own."""


def href_of(ref: Ref | None) -> str:
    """The address; "" for nothing and for a kind that has no page."""
    if ref is None or ref.kind not in PAGES:
        return ""
    name, anchor = PAGES[ref.kind]
    address = preview_href(name, ref.pk)
    return f"{address}#{anchor}" if address and anchor else address


def preview_href(name: str, pk: int) -> str:
    """The page of that name for the row; "" where no installed package has it."""
    try:
        return reverse(name, args=[pk]) if name else ""
    except NoReverseMatch:
        return ""


def add_pages(pages: Mapping[str, tuple[str, str]]) -> None:
    """For families of screens whose pages a `Ref` may name."""
    PAGES.update(pages)
