"""Every screen, as it opens: no error, nothing that axe objects to, nothing wider than the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Server, SignIn, Theme

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SCREENS = (
    "/", "/schedule/?view=week", "/schedule/?view=rooms", "/schedule/?view=people", "/schedule/?view=month",
    "/schedule/?view=list", "/meetings/new/", "/meetings/occurrences/1/", "/rooms/", "/rooms/1/", "/people/", "/people/1/",
    "/conflicts/", "/conflicts/ignored/", "/settings/", "/settings/imports/", "/settings/calendars/", "/settings/feeds/",
    "/search?q=platform",
    "/events/", "/events/board/", "/events/calendar/", "/events/new/", "/events/plan/", "/events/readiness/",
    "/events/classes/", "/events/classes/new/", "/events/classes/conference/", "/events/classes/conference/edit/",
    "/events/classes/conference/versions/", "/tasks/", "/visitors/", "/evacuation/",
)  # fmt: skip
OF_AN_EVENT = (
    "", "edit/", "programme/?by=track", "programme/?by=room", "programme/?by=list", "functions/new/", "show/", "people/",
    "people/seating/", "contacts/", "check-in/", "readiness/", "tasks/", "tasks/new/", "tasks/timeline/", "sheets/", "documents/",
    "history/", "move/", "postpone/", "cancel/", "clone/", "plan/", "class/",
)  # fmt: skip
FOUND_ON = (
    ("programme/?by=list", "main a[href^='/events/functions/']", ("", "edit/")),
    ("tasks/", "main a[href^='/tasks/']", ("", "edit/")),
    ("readiness/", "main a[href^='/events/certificates/']", ("",)),
)
"""A part of an event, a link on it, and what to look at beneath its address; no key is written here."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("width", "theme", "language"), [(390, "light", "ro"), (1280, "dark", "en"), (1920, "light", "en")]
)
def test_every_screen_is_in_order(
    sign_in: SignIn, server: Server, width: int, theme: Theme, language: str
) -> None:
    page = sign_in(server, width=width, theme=theme, language=language)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    screens = [*SCREENS, *screens_of_events(page)]
    faults = {screen: found for screen in screens if (found := faults_of(page, screen, said))}
    assert faults == {}


def screens_of_events(page: Page) -> list[str]:
    """Those of one event that has all there is, of another that waits, and of the reader's own desk."""
    page.goto("/")
    desk = href_of(page, "details.menu a[href^='/desk/']")
    page.goto("/events/?state=postponed")
    waiting = href_of(page, ".event-cell a")
    page.goto("/events/?state=confirmed")
    event = href_of(page, ".event-cell a:has-text('Nordhaven')")  # it has a certificate
    found = [desk, f"{waiting}resume/", *(f"{event}{part}" for part in OF_AN_EVENT)]
    for part, link, beneath in FOUND_ON:
        page.goto(f"{event}{part}")
        found += [f"{href_of(page, link)}{each}" for each in beneath]
    return found


def href_of(page: Page, link: str) -> str:
    """The address that the first such link leads to, without what follows a question mark."""
    return str(page.locator(link).first.get_attribute("href")).partition("?")[0]


def faults_of(page: Page, screen: str, said: list[str]) -> list[str]:
    found = faults_as_it_opens(page, screen, said)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("rules => axe.run(document, rules)", RULES)
    found += [f"axe {each['id']}: {each['nodes'][0]['html'][:120]}" for each in result["violations"]]
    return found


def faults_as_it_opens(page: Page, screen: str, said: list[str]) -> list[str]:
    """What can be seen without axe, which takes its time: the answer, the width, the console."""
    said.clear()
    answer = page.goto(screen)
    page.wait_for_load_state("networkidle")
    found = [] if answer is not None and answer.ok else [f"answered {answer.status if answer else 'nothing'}"]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        found.append("wider than the window")
    return found + list(said)
