"""What one look found: well, doubtful or broken, in a sentence, with the way to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """`remedy` is empty when nothing needs mending."""

    check: str
    state: State
    sentence: str
    remedy: str = ""


def ok(check: str, sentence: str) -> Finding:
    return Finding(check, State.OK, sentence)


def warning(check: str, sentence: str, remedy: str) -> Finding:
    return Finding(check, State.WARNING, sentence, remedy)


def fault(check: str, sentence: str, remedy: str) -> Finding:
    return Finding(check, State.FAULT, sentence, remedy)
