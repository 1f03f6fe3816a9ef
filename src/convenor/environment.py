"""Typed readers for the environment: every setting of Convenor comes through here.

A value that can't be read is refused with the variable's name, at once, before anything runs; a
variable beginning with ``CONVENOR_`` that nobody reads is refused too, so that a typing error
can't silently leave a default in force.
"""

from __future__ import annotations

import difflib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

PREFIX = "CONVENOR_"
FILE_SUFFIX = "_FILE"
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
SECRET_KEY_BYTES = 50
SECRET_KEY_LEAST = 32


class BadSetting(ValueError):
    """A variable of the environment that can't be used; the message names it."""


@dataclass(slots=True)
class Environment:
    """The environment's variables, with a record of the names that were asked for."""

    values: Mapping[str, str]
    known: set[str] = field(default_factory=set)

    def text(self, name: str, default: str = "") -> str:
        self.known.add(name)
        return self.values.get(name, default)

    def secret(self, name: str, default: str = "") -> str:
        """The variable, or the content of the file that ``<name>_FILE`` points at."""
        self.known.update({name, name + FILE_SUFFIX})
        path = self.values.get(name + FILE_SUFFIX)
        if path is None:
            return self.values.get(name, default)
        if name in self.values:
            raise BadSetting(f"{name} and {name}{FILE_SUFFIX} are both set; keep one of them.")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"{name}{FILE_SUFFIX}: can't read {path}: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise BadSetting(f"{name}{FILE_SUFFIX}: {path} is not text in UTF-8.") from error

    def flag(self, name: str, *, default: bool) -> bool:
        raw = self.text(name).strip().lower()
        if not raw:
            return default
        if raw in TRUE | FALSE:
            return raw in TRUE
        raise BadSetting(f"{name} is {raw!r}; write true or false.")

    def number(self, name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
        raw = self.text(name).strip()
        if not raw:
            return default
        try:
            value = int(raw)
        except ValueError:
            raise BadSetting(f"{name} is {raw!r}; write a whole number.") from None
        if not least <= value <= most:
            raise BadSetting(f"{name} is {value}; it must be from {least} to {most}.")
        return value

    def listing(self, name: str, default: tuple[str, ...] = ()) -> list[str]:
        raw = self.text(name)
        return [part.strip() for part in raw.split(",") if part.strip()] if raw else list(default)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default) or default
        if value not in choices:
            raise BadSetting(f"{name} is {value!r}; write one of {', '.join(choices)}.")
        return value

    def zone(self, name: str, default: str) -> str:
        """The name of an IANA time zone that this machine has data for."""
        value = self.text(name, default) or default
        try:
            ZoneInfo(value)
        except (ValueError, LookupError, OSError):
            raise BadSetting(f"{name} is {value!r}; write an IANA zone such as {default}.") from None
        return value

    def refuse_unknown(self) -> None:
        unknown = sorted(n for n in self.values if n.startswith(PREFIX) and n not in self.known)
        if not unknown:
            return
        near = difflib.get_close_matches(unknown[0], sorted(self.known), n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise BadSetting(f"{unknown[0]} is not a setting of Convenor.{hint}")


def split_address(name: str, address: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    """The parts of a URL with one of the schemes and a host; its port, if any, is a possible one."""
    refusal = BadSetting(f"{name} must look like {example}.")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:  # brackets that don't close, a port beyond 65,535
        raise refusal from None
    if parts.scheme not in schemes or not parts.hostname or port == 0:
        raise refusal
    return parts


def long_enough(name: str, secret: str) -> str:
    if len(secret) < SECRET_KEY_LEAST:
        raise BadSetting(f"{name} is too short to be safe; give it at least {SECRET_KEY_LEAST} characters.")
    return secret


def kept_secret_key(data: Path) -> str:
    """The installation's secret key, made at first use and readable by its owner alone."""
    path = data / "secret_key"
    try:
        if not path.exists():
            _make_secret_key(path)
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"CONVENOR_DATA: can't keep the secret key in {path}: {error.strerror}.") from error


def _make_secret_key(path: Path) -> None:
    draft = path.with_name(f".secret_key.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(SECRET_KEY_BYTES), encoding="utf-8")
    try:
        path.hardlink_to(draft)  # atomic: two processes at first start agree on one key
    except FileExistsError:
        pass
    finally:
        draft.unlink()
