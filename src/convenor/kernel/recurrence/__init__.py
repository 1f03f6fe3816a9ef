"""Recurring meetings (RFC 5545 §3.3.10 and §3.8.5): read a rule, say what is wrong with it, expand it, split it, describe it."""

from convenor.kernel.recurrence.description import Description, Pattern, describe
from convenor.kernel.recurrence.expansion import expand, expand_many, next_after, rule_occurrences
from convenor.kernel.recurrence.occurrences import Occurrence, Occurrences, OccurrenceTable
from convenor.kernel.recurrence.parsing import parse_rule
from convenor.kernel.recurrence.problems import SERIES_MESSAGES, Problem, SeriesProblem, check_series
from convenor.kernel.recurrence.rule import (
    RULE_MESSAGES,
    Frequency,
    Rule,
    RuleError,
    RuleProblem,
    Weekday,
    WeekdayNum,
)
from convenor.kernel.recurrence.series import Series
from convenor.kernel.recurrence.splitting import NotAnOccurrence, split_at

__all__ = [
    "RULE_MESSAGES",
    "SERIES_MESSAGES",
    "Description",
    "Frequency",
    "NotAnOccurrence",
    "Occurrence",
    "OccurrenceTable",
    "Occurrences",
    "Pattern",
    "Problem",
    "Rule",
    "RuleError",
    "RuleProblem",
    "Series",
    "SeriesProblem",
    "Weekday",
    "WeekdayNum",
    "check_series",
    "describe",
    "expand",
    "expand_many",
    "next_after",
    "parse_rule",
    "rule_occurrences",
    "split_at",
]
