"""Check-in with a camera, without a network, and back: in a real browser, on a real server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from convenor.demo.workforce import PASSWORD
from tests.e2e.behind import behind, open_door, seats_at
from tests.e2e.conftest import COORDINATOR, QUIET, Server, chromium_path
from tests.e2e.test_every_screen import faults_of

WIDTH, HEIGHT, FRAMES = 640, 480, 4
PEOPLE = ("Ștefan Țurcanu", "Maria Pop", "Dan Ionescu", "Ana Marin")
KEPT = "caches.open('check-in-1').then((cache) => cache.match(location.href)).then(Boolean)"
UNREACHABLE = re.compile("ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource")

pytestmark = pytest.mark.e2e


def film_of(code: str, file: Path) -> Path:
    """What a camera sees of a badge with the code: a film that Chromium shows instead of a camera's (YUV4MPEG2)."""
    made = segno.make_qr(code, error="m")
    rows = [[255 if not dark else 0 for dark in row] for row in made.matrix_iter(border=4)]
    size = len(rows)
    badge = Image.new("L", (size, size))
    badge.putdata([light for row in rows for light in row])
    picture = Image.new("L", (WIDTH, HEIGHT), 160)
    edge = size * (360 // size)
    picture.paste(
        badge.resize((edge, edge), Image.Resampling.NEAREST), ((WIDTH - edge) // 2, (HEIGHT - edge) // 2)
    )
    colours = bytes([128]) * (WIDTH * HEIGHT // 2)
    with file.open("wb") as film:
        film.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(FRAMES):
            film.write(b"FRAME\n" + picture.tobytes() + colours)
    return file


@pytest.fixture
def door(own_server: Server) -> tuple[str, str]:
    """The address of the check-in of an event that is on now, and the first person's code."""
    (line,) = behind(own_server, open_door, json.dumps(PEOPLE))
    event, code = line.split()
    return f"/events/{event}/check-in/", code


@pytest.fixture
def seeing(door: tuple[str, str], tmp_path: Path) -> Iterator[Browser]:
    """A browser whose camera sees the first person's badge. The session's other browser runs in this thread already."""
    film = film_of(door[1], tmp_path / "badge.y4m")
    flags = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=[*QUIET, *flags])
        yield chromium
        chromium.close()


def on_phone(browser: Browser, server: Server) -> Page:
    context = browser.new_context(
        base_url=server.url,
        locale="en",
        viewport={"width": 390, "height": 844},
        timezone_id="Europe/Bucharest",
    )
    context.grant_permissions(["camera"], origin=server.url)
    page = context.new_page()
    page.goto("/account/login/")
    page.fill("input[name=login]", COORDINATOR)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{server.url}/")
    return page


def seen(page: Page, name: str) -> str:
    return page.locator(f"[data-check-in={name}]").inner_text()


def check_in(page: Page, name: str) -> None:
    page.locator("[data-check-in=search]").fill(name.split(maxsplit=1)[0].lower())
    page.locator("[data-check-in=found] li", has_text=name).locator("button").click()


def test_a_badge_a_dead_network_and_back(own_server: Server, door: tuple[str, str], seeing: Browser) -> None:
    address, _code = door
    page = on_phone(seeing, own_server)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    assert faults_of(page, address, said) == []
    page.evaluate("navigator.serviceWorker.ready")

    scan_with_camera(page)
    assert seats_of(own_server, address) == {PEOPLE[0]: "checked_in"} | dict.fromkeys(PEOPLE[1:], "confirmed")

    page.context.set_offline(True)
    go_on_without_network(page)
    assert seats_of(own_server, address)[PEOPLE[1]] == "confirmed"  # nothing has reached the server

    page.context.set_offline(False)
    expect(page.locator("[data-check-in=waiting]")).to_be_hidden(timeout=20_000)
    expect(page.locator("[data-check-in=came]")).to_have_text("4")
    came = dict.fromkeys((*PEOPLE[:3], "Walked In"), "checked_in")
    assert seats_of(own_server, address) == came | {PEOPLE[3]: "confirmed"}

    page.goto("/evacuation/")
    expect(page.locator(".evacuation-list li")).to_have_count(4)
    page.locator(".evacuation-list input").first.check()
    expect(page.locator("[data-evacuation-safe]")).to_have_text("1 safe")
    assert [each for each in said if not UNREACHABLE.search(each)] == []
    page.context.close()


def scan_with_camera(page: Page) -> None:
    answer = page.locator("[data-check-in=answer]")
    page.locator("[data-check-in=camera]").click()
    expect(answer).to_contain_text("Checked in")
    expect(answer).to_contain_text(PEOPLE[0])
    expect(page.locator("[data-check-in=came]")).to_have_text("1")
    page.locator("[data-check-in=camera]").click()


def go_on_without_network(page: Page) -> None:
    """One by search, then the page loaded again, another by search, and somebody who isn't on the list."""
    waiting = page.locator("[data-check-in=waiting]")
    check_in(page, PEOPLE[1])
    expect(page.locator("[data-check-in=answer]")).to_contain_text(PEOPLE[1])
    expect(waiting).to_have_text("1 waiting")
    page.wait_for_function(KEPT)
    page.reload()
    expect(waiting).to_have_text("1 waiting")
    expect(page.locator("[data-check-in=came]")).to_have_text("2")
    check_in(page, PEOPLE[2])
    walk_in(page, "Walked In")
    expect(waiting).to_have_text("3 waiting")
    expect(page.locator("[data-check-in=offline]")).to_be_visible()


def test_what_was_cancelled_meanwhile_is_shown_and_signing_out_wipes(
    own_server: Server, door: tuple[str, str], seeing: Browser
) -> None:
    address, _code = door
    page = on_phone(seeing, own_server)
    page.goto(address)
    expect(page.locator("[data-check-in=expected]")).to_have_text("4")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    check_in(page, PEOPLE[1])
    expect(page.locator("[data-check-in=waiting]")).to_have_text("1 waiting")
    behind(own_server, seats_at, address.split("/")[2], PEOPLE[1])  # somebody cancels
    page.context.set_offline(False)
    trouble = page.locator("[data-check-in=troubles] li")
    expect(trouble).to_contain_text("Cancelled", timeout=20_000)
    trouble.locator("button", has_text="Let in").click()
    expect(page.locator("[data-check-in=answer]")).to_contain_text("Checked in")
    assert seats_of(own_server, address)[PEOPLE[1]] == "checked_in"

    page.evaluate("document.querySelector('form[data-check-in-waiting]').requestSubmit()")
    page.wait_for_url("**/account/login/**")
    assert page.evaluate("indexedDB.databases()") == []
    assert page.evaluate("caches.keys()") == []
    page.context.close()


def test_without_javascript(own_server: Server, door: tuple[str, str], browser: Browser) -> None:
    context = browser.new_context(base_url=own_server.url, locale="en", java_script_enabled=False)
    page = context.new_page()
    page.goto("/account/login/")
    page.fill("input[name=login]", COORDINATOR)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.goto(door[0])
    page.fill("#id_q", "turcanu")
    page.press("#id_q", "Enter")
    page.locator("[data-check-in=found] button").click()
    expect(page.locator("#toasts")).to_contain_text(f"{PEOPLE[0]}: Checked in.")
    assert seen(page, "came") == "1"
    context.close()


def walk_in(page: Page, name: str) -> None:
    form = page.locator("form[data-check-in=walk-in]")
    page.locator("details:has(form[data-check-in=walk-in]) > summary").click()
    form.locator("input[name=name]").fill(name)
    form.locator("button").click()


def seats_of(server: Server, address: str) -> dict[str, str]:
    (line,) = behind(server, seats_at, address.split("/")[2], "")
    found: dict[str, str] = json.loads(line)
    return found
