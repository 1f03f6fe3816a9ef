"""Looking for words as people type them: without case and without accents, so that "stefan" finds "Ștefan".

SQLite's LIKE knows the case of ASCII letters alone, PostgreSQL's ILIKE no accents; both get the same fold here.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Lookup, TextField
from django.db.models.sql.compiler import SQLCompiler

FUNCTION = "convenor_fold"


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """Lower case, letters without their marks: "Țurcanu-Élan" is "turcanu-elan"."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


class Matches(Lookup[Any]):
    """`name__matches="stefan"`: the word is somewhere in the text, whatever the case and the accents."""

    lookup_name = "matches"

    def get_prep_lookup(self) -> str:
        word = folded(str(self.rhs))
        for sign in ("\\", "%", "_"):
            word = word.replace(sign, f"\\{sign}")
        return f"%{word}%"

    def _sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, fold: str) -> Any:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return f"{fold % lhs} LIKE {rhs} ESCAPE '\\'", [*lhs_params, *rhs_params]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return self._sql(compiler, connection, f"{FUNCTION}(%s)")

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        marked, plain = latin_letters()
        return self._sql(compiler, connection, f"translate(lower(%s), '{marked}', '{plain}')")


@cache
def latin_letters() -> tuple[str, str]:
    """The lower-case letters of Europe's Latin alphabets that fold to one plain letter, and those plain letters."""
    pairs = [(chr(code), folded(chr(code))) for code in range(0xC0, 0x250)]
    single = [
        (marked, plain) for marked, plain in pairs if len(plain) == 1 and marked.islower() and plain.isascii()
    ]
    return "".join(marked for marked, _ in single), "".join(plain for _, plain in single)


def teach_sqlite(*, connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Called for every new connection."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(FUNCTION, 1, _folded_or_null, deterministic=True)


def _folded_or_null(text: str | None) -> str | None:
    return None if text is None else folded(str(text))


def register_lookup() -> None:
    CharField.register_lookup(Matches)
    TextField.register_lookup(Matches)
