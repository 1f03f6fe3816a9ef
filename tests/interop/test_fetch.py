"""Fetching from a real server on loopback, and all the ways in which it must not be fetched."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from convenor.interop.checked_network import PrivateAddress, UnknownHost, is_public, resolve
from convenor.interop.fetch import (
    SENTENCES,
    FetchCode,
    Fetched,
    FetchLimits,
    FetchRefused,
    NotModified,
    fetch_calendar,
)

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
SMALL = FetchLimits(bytes=10_000, redirects=5)


class Publisher(BaseHTTPRequestHandler):
    """A publisher with one path for each habit."""

    def do_GET(self) -> None:
        getattr(self, f"get_{self.path.partition('?')[0].strip('/').replace('-', '_')}")()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        pass

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def get_plain(self) -> None:
        tag, date = '"v1"', "Mon, 02 Mar 2026 09:00:00 GMT"
        if self.headers["If-None-Match"] == tag or self.headers["If-Modified-Since"] == date:
            self.send_response(304)
            self.end_headers()
        else:
            self.answer(CALENDAR, ETag=tag, Last_Modified=date)

    def get_echo(self) -> None:
        self.answer(
            CALENDAR + b"".join(f"X-{key}: {value}\r\n".encode() for key, value in self.headers.items())
        )

    def get_packed(self) -> None:
        self.answer(gzip.compress(CALENDAR), Content_Encoding="gzip")

    def get_bomb(self) -> None:
        self.answer(gzip.compress(CALENDAR + b"\0" * 50_000_000), Content_Encoding="gzip")

    def get_half_packed(self) -> None:
        self.answer(gzip.compress(CALENDAR * 9)[:-20], Content_Encoding="gzip")

    def get_brotli(self) -> None:
        self.answer(CALENDAR, Content_Encoding="br")

    def get_large(self) -> None:
        self.answer(CALENDAR + b"x" * 20_000)

    def get_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(CALENDAR * 100)
        except OSError:
            return

    def get_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"B")
                self.wfile.flush()
                time.sleep(0.2)
        except OSError:
            return

    def get_cut(self) -> None:
        self.answer(CALENDAR, Content_Length="5000")
        self.close_connection = True

    def get_page(self) -> None:
        self.answer(b"<!doctype html><html><title>Sign in</title></html>")

    def get_text(self) -> None:
        self.answer(b"not here")

    def get_empty(self) -> None:
        self.answer(b"")

    def get_utf16(self) -> None:
        self.answer(CALENDAR.decode().encode("utf-16"))

    def get_secret(self) -> None:
        self.answer(b"", status=403)

    def get_broken(self) -> None:
        self.answer(b"", status=500)

    def get_gibberish(self) -> None:
        self.wfile.write(b"SMTP 220 hello\r\n\r\n")

    def get_moved(self) -> None:
        self.answer(b"", status=302, Location="plain")

    def get_loop(self) -> None:
        self.answer(b"", status=302, Location="/loop")

    def get_nowhere(self) -> None:
        self.answer(b"", status=302)

    def get_askew(self) -> None:
        self.answer(b"", status=302, Location="http://[")

    def get_to(self) -> None:
        self.answer(b"", status=301, Location=self.path.partition("?")[2])


@pytest.fixture(scope="module")
def publisher() -> Iterator[str]:
    """The root of a running publisher."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(url: str, **options: str) -> Fetched | NotModified:
    return fetch_calendar(url, allow_private=True, limits=SMALL, **options)


def refusal(url: str, *, allow_private: bool = True) -> FetchRefused:
    with pytest.raises(FetchRefused) as caught:
        fetch_calendar(url, allow_private=allow_private, limits=SMALL)
    assert caught.value.message
    return caught.value


def test_a_calendar_and_what_to_ask_next_time(publisher: str) -> None:
    url = f"{publisher}/plain"
    first = fetch(url)
    assert first == Fetched(CALENDAR, url, '"v1"', "Mon, 02 Mar 2026 09:00:00 GMT")
    assert fetch(url, etag='"v1"') == NotModified(url)
    assert fetch(url, last_modified="Mon, 02 Mar 2026 09:00:00 GMT") == NotModified(url)
    assert fetch(url, etag='"v0"') == first


def test_a_redirect_is_followed_and_told(publisher: str) -> None:
    found = fetch(f"{publisher}/moved")
    assert isinstance(found, Fetched)
    assert (found.url, found.data) == (f"{publisher}/plain", CALENDAR)


def test_letters_beyond_ascii_are_asked_for_in_percents(publisher: str) -> None:
    found = fetch(f"{publisher}/to?/plain?ședință=%C8%99")
    assert isinstance(found, Fetched)
    assert found.url == f"{publisher}/plain?%C8%99edin%C8%9B%C4%83=%C8%99"


def test_packed_and_utf_16_calendars(publisher: str) -> None:
    for path in ("packed", "utf16"):
        found = fetch(f"{publisher}/{path}#fragment")
        assert isinstance(found, Fetched)
    assert found.url == f"{publisher}/utf16"


def test_the_request_names_itself_and_carries_nothing_else(publisher: str) -> None:
    found = fetch(f"{publisher}/echo")
    assert isinstance(found, Fetched)
    text = found.data.decode()
    assert "X-User-Agent: Convenor" in text
    assert "Cookie" not in text
    assert "Authorization" not in text


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("large", FetchCode.TOO_LARGE),
        ("endless", FetchCode.TOO_LARGE),
        ("bomb", FetchCode.TOO_LARGE),
        ("half-packed", FetchCode.BAD_ANSWER),
        ("brotli", FetchCode.BAD_ANSWER),
        ("cut", FetchCode.BAD_ANSWER),
        ("gibberish", FetchCode.BAD_ANSWER),
        ("page", FetchCode.WEB_PAGE),
        ("text", FetchCode.NO_CALENDAR),
        ("empty", FetchCode.NO_CALENDAR),
        ("secret", FetchCode.NO_ACCESS),
        ("broken", FetchCode.BAD_STATUS),
        ("loop", FetchCode.TOO_MANY_REDIRECTS),
        ("nowhere", FetchCode.BAD_REDIRECT),
        ("askew", FetchCode.BAD_REDIRECT),
        ("to?ftp://example.org/x.ics", FetchCode.BAD_SCHEME),
        ("to?file:///etc/passwd", FetchCode.BAD_SCHEME),
        ("to?http://me:secret@example.org/x.ics", FetchCode.CREDENTIALS),
    ],
)
def test_what_a_publisher_may_not_do(publisher: str, path: str, code: FetchCode) -> None:
    assert refusal(f"{publisher}/{path}").code is code


def test_a_drip_of_bytes_ends_with_the_time_for_all_of_it(publisher: str) -> None:
    """Each wait is short, but their sum is bounded too."""
    with pytest.raises(FetchRefused) as caught:
        fetch_calendar(f"{publisher}/drip", allow_private=True, limits=FetchLimits(seconds=0.5))
    assert caught.value.code is FetchCode.TOO_SLOW
    assert caught.value.message == "“127.0.0.1” did not answer within 0.5 seconds."


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", FetchCode.BAD_URL),
        ("calendar.ics", FetchCode.BAD_URL),
        ("http://", FetchCode.BAD_URL),
        ("http:///x.ics", FetchCode.BAD_URL),
        ("http://host:99999/", FetchCode.BAD_URL),
        ("http://host:0/", FetchCode.BAD_URL),
        ("http://[::1/", FetchCode.BAD_URL),
        ("http://ho st/", FetchCode.BAD_URL),
        ("http://host/a\r\nX-Evil: 1", FetchCode.BAD_URL),
        ("http://127.0.0.1\\@example.org/", FetchCode.BAD_URL),
        ("http://host/" + "a" * 3_000, FetchCode.BAD_URL),
        ("http://" + "a" * 300 + ".example/", FetchCode.BAD_URL),
        ("ftp://example.org/x.ics", FetchCode.BAD_SCHEME),
        ("file:///etc/passwd", FetchCode.BAD_SCHEME),
        ("javascript:alert(1)", FetchCode.BAD_SCHEME),
        ("gopher://127.0.0.1:25/", FetchCode.BAD_SCHEME),
        ("https://user@example.org/x.ics", FetchCode.CREDENTIALS),
        ("https://user:secret@example.org/x.ics", FetchCode.CREDENTIALS),
    ],
)
def test_addresses_that_are_never_asked(url: str, code: FetchCode) -> None:
    assert refusal(url).code is code


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.8.9.10",
        "localhost",
        "[::1]",
        "[::]",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
    ],
)
@pytest.mark.parametrize("scheme", ["http", "webcal"])
def test_private_addresses_in_every_spelling(scheme: str, host: str) -> None:
    refused = refusal(f"{scheme}://{host}:9/calendar.ics", allow_private=False)
    assert refused.code is FetchCode.PRIVATE_ADDRESS
    assert host.strip("[]")[:4] in refused.message


def test_a_name_that_leads_inside_is_refused_by_where_it_leads(publisher: str) -> None:
    port = publisher.rpartition(":")[2]
    assert refusal(f"http://localhost:{port}/plain", allow_private=False).code is FetchCode.PRIVATE_ADDRESS
    found = fetch(f"http://localhost:{port}/plain")
    assert isinstance(found, Fetched)


def test_a_redirect_goes_through_the_same_gate(publisher: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The network is set up so that the publisher seems to have a public address; what it redirects to has a private one."""
    port = int(publisher.rpartition(":")[2])
    names = {"public.example": "93.184.215.14", "inside.example": "10.0.0.1"}
    lookups: list[str] = []
    dialled: list[str] = []
    look_up, dial = socket.getaddrinfo, socket.create_connection

    def fake_look_up(host: str, *args: Any, **kwargs: Any) -> list[Any]:
        lookups.extend([host] if host in names else [])
        return look_up(names.get(host, host), *args, **kwargs)

    def fake_dial(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
        dialled.append(address[0])
        return dial(("127.0.0.1", address[1]), *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", fake_look_up)
    monkeypatch.setattr(socket, "create_connection", fake_dial)
    refused = refusal(f"http://public.example:{port}/to?http://inside.example/x.ics", allow_private=False)
    assert refused.code is FetchCode.PRIVATE_ADDRESS
    assert refused.params["address"] == "10.0.0.1"
    # Each name is looked up once, and what was checked is what was dialled, as a number.
    assert lookups == ["public.example", "inside.example"]
    assert dialled == ["93.184.215.14"]


def test_one_private_address_among_public_ones_spoils_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))
        for address in ("93.184.215.14", "192.168.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)
    with pytest.raises(PrivateAddress):
        resolve("two-faced.example", 80, allow_private=False)
    assert len(resolve("two-faced.example", 80, allow_private=True)) == 2


def test_unknown_and_unreachable_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert refusal(f"http://127.0.0.1:{port}/").code is FetchCode.UNREACHABLE

    def nobody(*args: object, **kwargs: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(UnknownHost):
        resolve("nobody.invalid", 80, allow_private=True)
    assert refusal("http://nobody.invalid/").code is FetchCode.UNKNOWN_HOST


def test_https_to_something_that_is_not(publisher: str) -> None:
    assert refusal(publisher.replace("http:", "https:") + "/plain").code in (
        FetchCode.UNREACHABLE,
        FetchCode.BAD_ANSWER,
    )


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::808:808"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_every_refusal_has_a_sentence() -> None:
    assert SENTENCES.keys() == set(FetchCode)
