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
)  # fmt: skip
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
    faults = {screen: found for screen in SCREENS if (found := faults_of(page, screen, said))}
    assert faults == {}


def faults_of(page: Page, screen: str, said: list[str]) -> list[str]:
    said.clear()
    answer = page.goto(screen)
    page.wait_for_load_state("networkidle")
    found = [] if answer is not None and answer.ok else [f"answered {answer.status if answer else 'nothing'}"]
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("rules => axe.run(document, rules)", RULES)
    found += [f"axe {each['id']}: {each['nodes'][0]['html'][:120]}" for each in result["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        found.append("wider than the window")
    return found + list(said)
