"""The whole server's resident memory, after every screen that needs no parameter was asked for many times."""

from __future__ import annotations

import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.measurement import Measurement
from convenor.demo.workforce import PASSWORD

COMMAND = [sys.executable, "-c", "from convenor.cli import main; main()"]
EMAIL = "ioana.marinescu@danubia.example"  # the demo's coordinator
ROUNDS = 50
PATIENCE_SECONDS = 60
# Prints the address of every screen that takes no argument.
ADDRESSES = """
import django; django.setup()
from django.urls import NoReverseMatch, get_resolver, reverse
def walk(patterns):
    for each in patterns:
        yield from walk(each.url_patterns) if hasattr(each, "url_patterns") else [each.name]
for name in sorted({name for name in walk(get_resolver().url_patterns) if name}):
    try: print(reverse(name))
    except NoReverseMatch: pass
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


@contextmanager
def server(environment: dict[str, str], port: int) -> Iterator[psutil.Process]:
    arguments = [*COMMAND, "serve", "--port", str(port)]
    started = subprocess.Popen(
        arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}")
        yield psutil.Process(started.pid)
    finally:
        started.terminate()
        started.wait(PATIENCE_SECONDS)


def signed_in(address: str) -> urllib.request.OpenerDirector:
    """A browser of sorts, with the session's cookie."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(f"{address}/account/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None, "the sign-in page has no form"
    form = {"csrfmiddlewaretoken": token.group(1), "login": EMAIL, "password": PASSWORD, "next": "/healthz"}
    browser.open(f"{address}/account/login/", urllib.parse.urlencode(form).encode()).close()
    return browser


def ask(browser: urllib.request.OpenerDirector, address: str) -> None:
    """One request, whatever the answer: a screen that refuses takes memory too."""
    try:
        browser.open(address, timeout=30).read()
    except urllib.error.HTTPError as refusal:
        refusal.close()


def resident(process: psutil.Process) -> float:
    """Megabytes that the process and its children hold: the kernel's proportional set size, so that a
    page that two of them share, such as Python's own code, counts once. Linux.
    """
    family = [process, *process.children(recursive=True)]
    return float(sum(one.memory_full_info().pss for one in family) / 1e6)


def prepare(environment: dict[str, str]) -> list[str]:
    """The demo organisation; the addresses to ask for."""
    arguments = [*COMMAND, "demo", "--no-serve"]
    subprocess.run(arguments, env=environment, check=True, capture_output=True)
    listing = subprocess.run(
        [sys.executable, "-c", ADDRESSES], env=environment, check=True, capture_output=True, text=True
    )
    return [line for line in listing.stdout.splitlines() if "logout" not in line]


def measure(folder: Path) -> float:
    environment = {**os.environ, "CONVENOR_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "convenor.settings"}
    addresses, port = prepare(environment), free_port()
    with server(environment, port) as process:
        browser = signed_in(f"http://127.0.0.1:{port}")
        for _round in range(ROUNDS):
            for address in addresses:
                ask(browser, f"http://127.0.0.1:{port}{address}")
        return resident(process)


def run() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as folder:
        return [Measurement("server_memory", "schedule", measure(Path(folder)), "MB", 150)]
