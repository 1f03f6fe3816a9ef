"""The readiness checks that events bring themselves. Each looks at many events in a fixed number of queries."""

from convenor.events.queries.readiness_checks.looks import CHECKS

__all__ = ["CHECKS"]
