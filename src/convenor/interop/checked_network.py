"""A way to the open internet that can't be turned inwards: names are looked up once, every address is checked, and the connection goes to
exactly the one that was checked, so that a name can't be re-pointed in between.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass

import httpcore
from httpcore import SyncBackend

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# IPv6 addresses that carry an IPv4 one: NAT64 (RFC 6052, RFC 8215).
NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


class UnknownHost(Exception):
    """There is no such name."""

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(host)


class PrivateAddress(Exception):
    """The name, or number, leads to an address that is not the open internet's."""

    def __init__(self, host: str, address: Address) -> None:
        self.host = host
        self.address = address
        super().__init__(f"{host}: {address}")


@dataclass(slots=True)
class Deadline:
    """One time limit for everything: a slow drip of bytes must not keep a worker for hours."""

    seconds: float
    end: float = 0.0

    def __post_init__(self) -> None:
        self.end = time.monotonic() + self.seconds

    def left(self) -> float:
        """Seconds left. Raises `httpcore.ReadTimeout` when there are none."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - httpcore asks for it; the deadline is one for all
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - httpcore asks for it; the deadline is one for all
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - as above
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Looks a name up once and connects to an address that was checked; TLS still asks for the name."""

    def __init__(self, deadline: Deadline, *, allow_private: bool) -> None:
        self._deadline = deadline
        self._allow_private = allow_private
        self._backend = SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - httpcore asks for it; the deadline is one for all
        local_address: str | None = None,  # noqa: ARG002 - httpcore asks for it; the deadline is one for all
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - httpcore asks for it; the deadline is one for all
    ) -> httpcore.NetworkStream:
        failed: Exception | None = None
        for address in resolve(host, port, allow_private=self._allow_private)[:3]:
            try:
                stream = self._backend.connect_tcp(str(address), port, timeout=self._deadline.left())
            except httpcore.ConnectError as error:
                failed = error
                continue
            return _TimedStream(stream, self._deadline)
        raise failed or httpcore.ConnectError(host)

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002 - httpcore asks for it; the deadline is one for all
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - httpcore asks for it; the deadline is one for all
    ) -> httpcore.NetworkStream:
        raise httpcore.UnsupportedProtocol(path)


def resolve(host: str, port: int, *, allow_private: bool) -> list[Address]:
    """All addresses of a host, in the system's order. Raises `UnknownHost` when there are none, and `PrivateAddress` when one
    of them is not public: a name that points both in and out is not to be trusted. Numbers in any spelling ("2130706433", "0177.1") are addresses too.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnknownHost(host) from None
    addresses = [ipaddress.ip_address(str(info[4][0]).partition("%")[0]) for info in found]
    for address in addresses:
        if not allow_private and not is_public(address):
            raise PrivateAddress(host, address)
    return list(dict.fromkeys(addresses))


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet's: not private, loopback, link-local, shared (CGNAT), reserved or multicast, neither
    itself nor the IPv4 address inside of it.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_private or address.is_link_local
    )


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, compatible, 6to4, Teredo, NAT64."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in NAT64) or (int(address) >> 32 == 0 and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
