"""The shipped examples: applied by the command to a server's data, then looked at on its screens."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from convenor.base import clock
from convenor.events.enums import Confidentiality
from tests.e2e.behind import ROOT, behind, sheet_links
from tests.e2e.conftest import Server, SignIn
from tests.e2e.test_every_screen import faults_as_it_opens, faults_of

EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
TITLE = re.compile(r'^title = "(.+)"$', re.MULTILINE)
PARTS = ("", "programme/", "people/", "tasks/", "tasks/timeline/", "readiness/", "sheets/", "show/")

DAY = re.compile(r"(?<!\d)20\d\d-\d\d-\d\d(?!\d)")
MARGIN, YEAR = timedelta(days=21), timedelta(weeks=52)

pytestmark = pytest.mark.e2e


def test_the_examples_apply_and_show(
    sign_in: SignIn, browser: Browser, server: Server, tmp_path: Path
) -> None:
    page = sign_in(server)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    faults = {}
    for file in (ahead(each, tmp_path) for each in EXAMPLES):
        assert plan(server, "apply", file)
        assert plan(server, "diff", file)
        event = found_by_title(page, file)
        faults.update(
            {
                each: found
                for part in PARTS
                if (found := faults_as_it_opens(page, each := f"{event}{part}", said))
            }
        )
    assert faults == {}
    assert len(EXAMPLES) == 3

    stranger = browser.new_context(base_url=server.url, locale="en").new_page()
    stranger.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    conference = found_by_title(page, ROOT / "examples" / "conference.toml")
    look_at_public_programme(page, stranger, conference, said)
    look_at_sheets(page, stranger, server, found_by_title(page, EXAMPLES[0]), said)
    stranger.context.close()


def ahead(file: Path, folder: Path) -> Path:
    """The file as it is while its days are to come; later a copy of it, whole years of weeks on."""
    text = file.read_text(encoding="utf-8")
    first = min(date.fromisoformat(each) for each in DAY.findall(text))
    years = max(0, (clock.now().date() + MARGIN - first) // YEAR + 1)
    moved = DAY.sub(lambda day: (date.fromisoformat(day[0]) + years * YEAR).isoformat(), text)
    copy = folder / file.name
    copy.write_text(moved, encoding="utf-8")
    return copy


def plan(server: Server, verb: str, file: Path) -> bool:
    """Whether `convenor plan` did as it was asked; a `diff` says with 0 that nothing is different."""
    command = [str(Path(sys.executable).with_name("convenor")), "plan", verb, str(file)]
    return (
        subprocess.run(command, check=False, env=server.environment, stdout=subprocess.PIPE).returncode == 0
    )


def found_by_title(page: Page, file: Path) -> str:
    """The event's address, as the list leads there."""
    title = TITLE.search(file.read_text(encoding="utf-8"))
    assert title is not None
    page.goto(f"/events/?q={title[1].split(':')[0]}")
    return str(page.locator(".event-cell a", has_text=title[1]).first.get_attribute("href"))


def look_at_public_programme(page: Page, stranger: Page, event: str, said: list[str]) -> None:
    """Nobody without an account reads it before it is published; then everybody with the address does."""
    publish(page, event)
    expect(page.locator("#toasts .toast.error")).to_be_visible()  # it is for the company's own people
    page.goto(f"{event}edit/")
    page.select_option("#id_confidentiality", str(int(Confidentiality.OPEN)))
    page.locator("form.form .form-actions .button-primary").click()
    page.locator("#next-step form:has(input[name=to][value=planning]) button").click()
    expect(page.locator("#toasts .toast.success")).to_be_visible()
    publish(page, event)
    address = page.locator("a.secret")
    expect(address).to_be_visible()
    public = urlsplit(str(address.get_attribute("href"))).path
    assert faults_of(stranger, public, said) == []
    expect(stranger.locator("h1")).to_be_visible()
    calendar = page.locator("a[href*='.ics']").get_attribute("href")
    assert "BEGIN:VEVENT" in stranger.request.get(str(calendar)).text()
    assert urlsplit(stranger.goto(event).url).path.startswith("/account/login/")  # type: ignore[union-attr]  # it answers


def publish(page: Page, event: str) -> None:
    page.goto(f"{event}programme/")
    page.locator(f"form[action='{event}programme/publish/'] button").click()


def look_at_sheets(page: Page, stranger: Page, server: Server, event: str, said: list[str]) -> None:
    """The page of one function's sheets, and the same as its reader without an account opens it."""
    page.goto(f"{event}sheets/")
    page.locator(f"form[action='{event}sheets/issue/'] .button-primary").click()
    sheet = page.locator("table.sheets th a").first
    expect(sheet).to_be_visible()
    assert faults_of(page, str(sheet.get_attribute("href")), said) == []
    assert faults_of(stranger, behind(server, sheet_links)[0], said) == []
