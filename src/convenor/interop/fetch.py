"""Fetching a calendar that somebody else publishes, without becoming a door into the own network.

Every hop, redirects included, goes through `checked_network`. Size, time and expansion are bounded while the answer streams in.
"""

from __future__ import annotations

import ipaddress
import re
import ssl
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

import httpcore
from django.utils.translation import gettext, gettext_noop

from convenor.interop.checked_network import CheckedBackend, Deadline, PrivateAddress, UnknownHost

SCHEMES = {"http": "http", "https": "https", "webcal": "https", "webcals": "https"}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LONGEST_URL = 2_000
LONGEST_TAG = 1_000
IN_PATH = (
    "/%:@!$&'()*+,;=~[]"  # letters beyond ASCII, as people paste them, are percent-encoded (RFC 3987 §3.1)
)
USER_AGENT = "Convenor calendar subscription"


class FetchCode(StrEnum):
    """Why a calendar was not fetched; the sentence is in `SENTENCES`."""

    BAD_URL = "bad_url"
    BAD_SCHEME = "bad_scheme"
    CREDENTIALS = "credentials"
    UNKNOWN_HOST = "unknown_host"
    PRIVATE_ADDRESS = "private_address"
    UNREACHABLE = "unreachable"
    BAD_CERTIFICATE = "bad_certificate"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BAD_REDIRECT = "bad_redirect"
    BAD_STATUS = "bad_status"
    NO_ACCESS = "no_access"
    BAD_ANSWER = "bad_answer"
    WEB_PAGE = "web_page"
    NO_CALENDAR = "no_calendar"


SENTENCES: Mapping[FetchCode, str] = {
    FetchCode.BAD_URL: gettext_noop("“%(url)s” is not an address that a calendar can be fetched from."),
    FetchCode.BAD_SCHEME: gettext_noop(
        "Only http, https and webcal addresses can be fetched, not “%(scheme)s”."
    ),
    FetchCode.CREDENTIALS: gettext_noop(
        "The address holds a user name or password; use a secret address without one."
    ),
    FetchCode.UNKNOWN_HOST: gettext_noop("There is no computer named “%(host)s”."),
    FetchCode.PRIVATE_ADDRESS: gettext_noop(
        "“%(host)s” lies in a private network (%(address)s), which the settings don't allow."
    ),
    FetchCode.UNREACHABLE: gettext_noop("“%(host)s” can't be reached."),
    FetchCode.BAD_CERTIFICATE: gettext_noop(
        "“%(host)s” can't prove who it is: its certificate is not valid."
    ),
    FetchCode.TOO_SLOW: gettext_noop("“%(host)s” did not answer within %(seconds)s seconds."),
    FetchCode.TOO_LARGE: gettext_noop("The calendar is larger than %(limit)s bytes."),
    FetchCode.TOO_MANY_REDIRECTS: gettext_noop("The address redirects more than %(limit)s times."),
    FetchCode.BAD_REDIRECT: gettext_noop("“%(host)s” redirects to nowhere."),
    FetchCode.BAD_STATUS: gettext_noop("“%(host)s” answered with the error %(status)s."),
    FetchCode.NO_ACCESS: gettext_noop(
        "“%(host)s” doesn't give this calendar to everyone (error %(status)s); use its secret address."
    ),
    FetchCode.BAD_ANSWER: gettext_noop("“%(host)s” gave an answer that can't be read."),
    FetchCode.WEB_PAGE: gettext_noop(
        "The address leads to a web page, not to a calendar; look there for an address in iCal format."
    ),
    FetchCode.NO_CALENDAR: gettext_noop("What the address leads to is not a calendar."),
}


class FetchRefused(Exception):
    """The calendar was not fetched; `params` fill the sentence."""

    def __init__(self, code: FetchCode, **params: object) -> None:
        self.code = code
        self.params = {key: str(value)[:200] for key, value in params.items()}
        super().__init__(code.value)

    @property
    def message(self) -> str:
        """Why, in the reader's language."""
        return gettext(SENTENCES[self.code]) % self.params


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """`bytes` on the wire and after decompression, `seconds` for everything together, `redirects`."""

    bytes: int = 32 * 1024 * 1024
    seconds: float = 30.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """A new version. `url` is where it was found in the end; `etag` and `last_modified` are for the next time, "" when not given."""

    data: bytes
    url: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """Nothing new since the version that the given ETag or date stands for (RFC 9110 §15.4.5)."""

    url: str


def fetch_calendar(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    allow_private: bool = False,
    limits: FetchLimits | None = None,
) -> Fetched | NotModified:
    """GET a calendar. `etag` and `last_modified` are what the last `Fetched` gave. Raises `FetchRefused`."""
    limits = limits or FetchLimits()
    deadline = Deadline(limits.seconds)
    headers = _headers(etag, last_modified)
    target = _checked_url(url)
    for _ in range(limits.redirects + 1):
        with _connected(target, headers, allow_private=allow_private, deadline=deadline) as answer:
            if answer.status in REDIRECTS:
                target = _next(target, answer)
                continue
            return _outcome(target, answer, limits)
    raise FetchRefused(FetchCode.TOO_MANY_REDIRECTS, limit=limits.redirects)


def clean_url(url: str) -> str:
    """The address as it is kept: https for webcal, without a fragment. Raises `FetchRefused`; asks nobody."""
    return urlunsplit(_checked_url(url))


@contextmanager
def _connected(
    target: SplitResult, headers: list[tuple[bytes, bytes]], *, allow_private: bool, deadline: Deadline
) -> Iterator[httpcore.Response]:
    """The answer to one GET, its body still to come. Whatever goes wrong until it is read becomes a `FetchRefused`."""
    host = target.hostname or ""
    backend = CheckedBackend(deadline, allow_private=allow_private)
    seconds = f"{deadline.seconds:g}"
    try:
        # A pool of its own for each hop: no connection outlives the check of its address.
        with (
            httpcore.ConnectionPool(network_backend=backend, retries=0) as pool,
            pool.stream("GET", urlunsplit(target), headers=headers) as answer,
        ):
            yield answer
    except UnknownHost as error:
        raise FetchRefused(FetchCode.UNKNOWN_HOST, host=error.host) from error
    except PrivateAddress as error:
        raise FetchRefused(FetchCode.PRIVATE_ADDRESS, host=error.host, address=error.address) from error
    except (httpcore.TimeoutException, TimeoutError) as error:
        raise FetchRefused(FetchCode.TOO_SLOW, host=host, seconds=seconds) from error
    except httpcore.ConnectError as error:
        bad = isinstance(error.__context__, ssl.SSLCertVerificationError) or "CERTIFICATE" in str(error)
        raise FetchRefused(FetchCode.BAD_CERTIFICATE if bad else FetchCode.UNREACHABLE, host=host) from error
    except (httpcore.ProtocolError, httpcore.NetworkError, httpcore.UnsupportedProtocol, zlib.error) as error:
        raise FetchRefused(FetchCode.BAD_ANSWER, host=host) from error


def _body(answer: httpcore.Response, limit: int) -> bytes:
    """The decoded body (RFC 9110 §8.4), which never grows beyond the limit, not even while a bomb is being unpacked. Raises `FetchRefused`."""
    encoding = _header(answer, "content-encoding").lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchRefused(FetchCode.BAD_ANSWER, host=encoding)
    unpack = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    data = bytearray()
    on_wire = 0
    for chunk in answer.iter_stream():
        on_wire += len(chunk)
        data += unpack.decompress(chunk, limit + 1 - len(data)) if unpack is not None else chunk
        if len(data) > limit or on_wire > limit:
            raise FetchRefused(FetchCode.TOO_LARGE, limit=limit)
    if unpack is not None and not unpack.eof:
        raise zlib.error("the body ends in the middle")
    return bytes(data)


def _check_content(data: bytes) -> None:
    """Not to find out a calendar's faults, which is `ics.read`'s work, but to tell a sign-in page from a calendar. Raises `FetchRefused`."""
    # Without NULs, UTF-16 looks like ASCII.
    start = data[:65_536].replace(b"\0", b"").upper()
    if b"BEGIN:VCALENDAR" in start:
        return
    if b"<HTML" in start or b"<!DOCTYPE" in start:
        raise FetchRefused(FetchCode.WEB_PAGE)
    raise FetchRefused(FetchCode.NO_CALENDAR)


def _header(answer: httpcore.Response, name: str) -> str:
    """The first header of that name, "" when there is none."""
    wanted = name.encode()
    return next(
        (value.decode("latin-1").strip() for key, value in answer.headers if key.lower() == wanted), ""
    )


def _tag(answer: httpcore.Response, name: str) -> str:
    """A validator to be sent back; one too long to keep is worth nothing."""
    value = _header(answer, name)
    return value if len(value) <= LONGEST_TAG and value.isprintable() else ""


def _outcome(target: SplitResult, answer: httpcore.Response, limits: FetchLimits) -> Fetched | NotModified:
    url, host = urlunsplit(target), target.hostname
    if answer.status == 304:
        return NotModified(url)
    if answer.status in (401, 403, 407):
        raise FetchRefused(FetchCode.NO_ACCESS, host=host, status=answer.status)
    if answer.status != 200:
        raise FetchRefused(FetchCode.BAD_STATUS, host=host, status=answer.status)
    data = _body(answer, limits.bytes)
    _check_content(data)
    return Fetched(data, url, _tag(answer, "etag"), _tag(answer, "last-modified"))


def _checked_url(url: str) -> SplitResult:
    """The address in parts, webcal made https, without its fragment."""
    text = url.strip()
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (
            (parts.hostname or "").encode("idna").decode() if not _is_ip(parts.hostname) else parts.hostname
        )
    except (ValueError, UnicodeError):
        raise FetchRefused(FetchCode.BAD_URL, url=text) from None
    if parts.scheme and parts.scheme.lower() not in SCHEMES:
        raise FetchRefused(FetchCode.BAD_SCHEME, scheme=parts.scheme)
    if (
        not parts.scheme
        or not host
        or port == 0
        or len(text) > LONGEST_URL
        or re.search(r"[\x00-\x20\x7f\\]", text)
    ):
        raise FetchRefused(FetchCode.BAD_URL, url=text)
    if parts.username is not None or parts.password is not None:
        raise FetchRefused(FetchCode.CREDENTIALS)
    where = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    path, query = quote(parts.path or "/", safe=IN_PATH), quote(parts.query, safe=IN_PATH + "?")
    return SplitResult(SCHEMES[parts.scheme.lower()], where, path, query, "")


def _is_ip(host: str | None) -> bool:
    try:
        ipaddress.ip_address(host or "")
    except ValueError:
        return False
    return True


def _next(target: SplitResult, answer: httpcore.Response) -> SplitResult:
    location = _header(answer, "location")
    try:
        joined = urljoin(urlunsplit(target), location) if location else ""
    except ValueError:  # brackets that don't close
        joined = ""
    if not joined:
        raise FetchRefused(FetchCode.BAD_REDIRECT, host=target.hostname)
    return _checked_url(joined)


def _headers(etag: str, last_modified: str) -> list[tuple[bytes, bytes]]:
    pairs = [("User-Agent", USER_AGENT), ("Accept", "text/calendar, */*;q=0.5"), ("Accept-Encoding", "gzip")]
    pairs += [("If-None-Match", etag)] if etag else []
    pairs += [("If-Modified-Since", last_modified)] if last_modified else []
    return [(name.encode(), value.encode("latin-1", "ignore")) for name, value in pairs]
