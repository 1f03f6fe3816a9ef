"""The foundation's tables."""

from convenor.base.models.audit import AuditEntry
from convenor.base.models.mail import AddressTrouble, RateCount, ReceivedMail
from convenor.base.models.users import User
from convenor.base.models.work import Job, OutboxMessage, PeriodicRun, WorkerBeat

__all__ = [
    "AddressTrouble",
    "AuditEntry",
    "Job",
    "OutboxMessage",
    "PeriodicRun",
    "RateCount",
    "ReceivedMail",
    "User",
    "WorkerBeat",
]
