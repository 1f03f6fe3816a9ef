"""Public holidays by country and subdivision, from the `holidays` library: a country's laws are not ours to keep.

Names come in the language in use where the library has it, otherwise in the country's own. A year of a country is worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays
from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext

from convenor.kernel.instants import Span, ZoneName
from convenor.kernel.weekly_hours import days_span, local_days


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """One public holiday; `span` is the whole local day in the zone that was asked for."""

    day: date
    name: str
    span: Span


def public_holidays(country: str, subdivision: str, zone: ZoneName, within: Span) -> list[Holiday]:
    """The holidays whose day touches the span, in order; none for a country that the library doesn't know.

    Raises `UnknownZone`.
    """
    days = local_days(zone, within)
    language = (get_language() or "en")[:2]
    return [
        Holiday(day, name, days_span(day, day, zone))
        for year in range(days[0].year, days[-1].year + 1)
        for day, name in _holidays_of_year(country, subdivision, year, language)
        if days[0] <= day <= days[-1]
    ]


def validate_place(country: str, subdivision: str) -> None:
    """Raise ValidationError for a code that is no ISO 3166-1 country, or no part of it that has holidays of its own."""
    if country not in country_codes():
        raise ValidationError(
            {
                "country": gettext("“%(code)s” is not a country's two-letter code, such as RO.")
                % {"code": country}
            }
        )
    known = _parts().get(country, ())
    if subdivision and known and subdivision not in known:
        sentence = gettext(
            "“%(code)s” is not a part of %(country)s with holidays of its own. Those are: %(known)s."
        )
        raise ValidationError(
            {"subdivision": sentence % {"code": subdivision, "country": country, "known": ", ".join(known)}}
        )


def country_names() -> list[tuple[str, str]]:
    """Pairs of code and name, sorted by name in the language in use."""
    names = Locale.parse((get_language() or "en")[:2]).territories
    return sorted(((code, names.get(code, code)) for code in country_codes()), key=lambda pair: pair[1])


@cache
def country_codes() -> frozenset[str]:
    """ISO 3166-1 alpha-2."""
    named = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in named if len(code) == 2 and code.isalpha()) - {"EU", "EZ", "UN", "ZZ"}


@cache
def _parts() -> dict[str, tuple[str, ...]]:
    return {code: tuple(parts) for code, parts in holidays.list_supported_countries().items()}


@cache
def _holidays_of_year(
    country: str, subdivision: str, year: int, language: str
) -> tuple[tuple[date, str], ...]:
    parts = _parts().get(country)
    if parts is None:
        return ()
    calendar = holidays.country_holidays(
        country,
        subdiv=subdivision if subdivision in parts else None,
        years=year,
        language=_language(country, language),
    )
    return tuple(sorted((day, str(name)) for day, name in calendar.items()))


@cache
def _language(country: str, wanted: str) -> str | None:
    """The library's own code of the wanted language for the country; None is the country's own."""
    offered = holidays.country_holidays(country).supported_languages
    return next((code for code in sorted(offered) if code[:2] == wanted), None)
