"""The foundation's tables."""

from convenor.base.models.audit import AuditEntry
from convenor.base.models.users import User
from convenor.base.models.work import Job, OutboxMessage, PeriodicRun, WorkerBeat

__all__ = ["AuditEntry", "Job", "OutboxMessage", "PeriodicRun", "User", "WorkerBeat"]
