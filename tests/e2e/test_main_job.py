"""The main job, as a coordinator does it: bring in a real calendar, find a time, book, drag, mend; in both languages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Server, SignIn

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
PEOPLE, CALENDAR = SHARED / "kubernetes-people.csv", SHARED / "kubernetes-meetings.ics"
CHAIRS = ("Person 005", "Person 009", "Person 013", "Person 017", "Person 022", "Person 030")

pytestmark = pytest.mark.e2e


def pick(page: Page, field: str, names: tuple[str, ...]) -> None:
    """Choose people in a combobox by typing their names."""
    box = page.locator(f"#{field}")
    for name in names:
        box.fill(name)
        page.get_by_role("option", name=name).first.click()


def import_file(page: Page, kind: str, file: Path) -> None:
    """Upload, look at what would change, apply."""
    page.goto("/settings/imports/")
    form = page.locator(f"form[data-import={kind}]")
    form.locator("input[type=file]").set_input_files(file)
    form.locator("button[name=step][value=preview]").click()
    page.locator("button[name=step][value=apply]").click()
    page.wait_for_selector("[data-import-done]", timeout=120_000)


def book(page: Page, title: str, people: tuple[str, ...], *, start: datetime | None = None) -> datetime:
    """Book at a time, or at the best of those found; returns the local start."""
    page.goto("/meetings/new/")
    page.fill("#id_title", title)
    pick(page, "id_attendees", people)
    if start is None:
        page.locator("#slots .slot input").first.wait_for()
        page.wait_for_load_state("networkidle")
        page.locator("#slots .slot").first.click()
        assert page.input_value("#id_room_id"), "the best slot brings a room"
        start = datetime.fromisoformat(page.input_value("#id_local_start"))
    else:
        page.fill("#id_local_start", start.strftime("%Y-%m-%dT%H:%M"))
    page.locator("#meeting-form .button-primary").click()
    page.wait_for_url(re.compile(r"/meetings/(occurrences/)?\d+/"))
    expect(page.locator("h1")).to_contain_text(title)
    return start


def drawn(page: Page, title: str) -> Locator:
    return page.locator(".ec-event", has_text=title)


def drag(page: Page, title: str, onto: str) -> None:
    """Take one event by its upper edge and let it go at the upper edge of another."""
    taken, goal = drawn(page, title).bounding_box(), drawn(page, onto).bounding_box()
    assert taken is not None
    assert goal is not None
    page.mouse.move(taken["x"] + taken["width"] / 2, taken["y"] + 8)
    page.mouse.down()
    for share in (0.3, 0.6, 0.9, 1):
        page.mouse.move(taken["x"] + taken["width"] / 2, taken["y"] + 8 + (goal["y"] - taken["y"]) * share)
        page.wait_for_timeout(60)
    expect(page.locator(".fit-chip[data-fits=no]")).to_be_visible()  # it says so before the drop
    page.mouse.up()


@pytest.mark.parametrize("language", ["en", "ro"])
def test_the_main_job(sign_in: SignIn, own_server: Server, language: str) -> None:
    page = sign_in(own_server, language=language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    import_file(page, "people", PEOPLE)
    import_file(page, "calendar", CALENDAR)

    review, call = f"Chairs review {language}", f"Chairs call {language}"
    start = book(page, review, CHAIRS)
    book(page, call, CHAIRS[:1], start=start + timedelta(hours=2))

    page.goto(f"/schedule/?view=day&date={start.date()}")
    drag(page, call, onto=review)  # the call has no room that could be taken
    expect(page.locator("#toasts .toast")).to_be_visible()

    page.goto("/conflicts/?severity=3")
    row = page.locator(".conflict-row", has_text=review).filter(has_text=call).first
    row.locator(".row-link").click()
    row.locator(".way button").first.click()
    expect(page.locator("#toasts .toast.success")).to_be_visible()
    expect(page.locator(".conflict-row", has_text=review).filter(has_text=call)).to_have_count(0)


def test_the_schedule_is_an_address(sign_in: SignIn, server: Server) -> None:
    """What is shown can be sent to somebody."""
    page = sign_in(server)
    page.goto("/schedule/")
    page.locator("[data-schedule-view=month]").click()
    expect(page.locator("[data-schedule-view=month]")).to_have_attribute("aria-current", "true")
    assert parse_qs(urlsplit(page.url).query)["view"] == ["month"]
