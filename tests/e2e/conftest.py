"""A real server on the demo organisation, and a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from convenor.demo.workforce import PASSWORD

Theme = Literal["light", "dark"]
SignIn = Callable[..., Page]
COORDINATOR = "ioana.marinescu@danubia.example"
READY_SECONDS = 60
# Chromium must not look for anything beyond this machine
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MAKE_DEMO = "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0); from convenor.demo.load import load; load()"


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    data: Path
    environment: dict[str, str]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(data: Path) -> Iterator[Server]:
    """`convenor serve` on the demo organisation, in a data folder of its own."""
    port = free_port()
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CONVENOR_", "DATABASE_URL"))
    }
    address = f"http://127.0.0.1:{port}"
    environment = plain | {
        "CONVENOR_DATA": str(data),
        "CONVENOR_URL": address,
        "DJANGO_SETTINGS_MODULE": "convenor.settings",
    }
    subprocess.run([sys.executable, "-c", MAKE_DEMO], env=environment, check=True)
    command = [str(Path(sys.executable).with_name("convenor")), "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment)
    try:
        _wait_for(address)
        yield Server(address, data, environment)
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests that only look, or that keep to themselves."""
    with serving(tmp_path_factory.mktemp("data")) as started:
        yield started


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """For a test that must find the demo as it was made."""
    with serving(tmp_path) as started:
        yield started


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{address}/healthz") as answer:
                if answer.status == 200:
                    return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def chromium_path() -> str | None:
    """The system's Chromium; None: Playwright's own. Without either the tests fail, they aren't skipped."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def sign_in(browser: Browser) -> Iterator[SignIn]:
    """A page of the server on which somebody is signed in."""
    contexts = []

    def enter(
        server: Server,
        email: str = COORDINATOR,
        *,
        language: str = "en",
        width: int = 1280,
        theme: Theme = "light",
    ) -> Page:
        context = browser.new_context(
            base_url=server.url,
            locale=language,
            viewport={"width": width, "height": 900},
            timezone_id="Europe/Bucharest",
            color_scheme=theme,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/account/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{server.url}/")
        return page

    yield enter
    for context in contexts:
        context.close()
