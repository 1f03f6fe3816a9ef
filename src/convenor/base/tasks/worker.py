"""The worker: takes jobs and outgoing messages, one after another, until it is told to stop."""

from __future__ import annotations

import logging
import os
import socket
import threading
import traceback
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.db.models import Q

from convenor.base import clock, leases, request_id, wake
from convenor.base.delivery import Delivery, Undeliverable, deliver
from convenor.base.enums import WorkState
from convenor.base.models import Job, OutboxMessage, WorkerBeat
from convenor.base.rules import retry_delay
from convenor.base.tasks import periodic
from convenor.base.tasks.execution import execute

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
PAUSE_SECONDS = 5.0  # after the database went away
BEAT = timedelta(seconds=10)
MOST_DELIVERIES = 12  # about a day, with retry_delay
STATES = {Delivery.SENT: WorkState.DONE, Delivery.KEPT: WorkState.KEPT}


class Worker:
    """Serves the queues and the outbox in the calling thread.

    Setting `stop` lets it finish what it is doing and leave. Killed outright, it leaves a lease that
    lapses after `lease`, and another worker takes over.
    """

    def __init__(
        self,
        stop: threading.Event,
        *,
        queues: tuple[str, ...] = ("default",),
        lease: timedelta = leases.LEASE,
    ) -> None:
        self.stop, self.queues, self.lease = stop, queues, lease
        self.name = f"{socket.gethostname()}:{os.getpid()}:{threading.get_native_id()}"[:100]
        self.started_at = clock.now()
        self._beat_at = self._periodic_at = datetime.min.replace(tzinfo=self.started_at.tzinfo)

    def run(self) -> None:
        log.info("worker %s begins", self.name)
        try:
            while not self.stop.is_set():
                self._serve_once()
            WorkerBeat.objects.filter(name=self.name).delete()
        finally:
            connection.close()
            log.info("worker %s has stopped", self.name)

    def _serve_once(self) -> None:
        try:
            close_old_connections()
            wake.arrived.clear()
            self._announce(clock.now())
            if not self.work():
                wake.arrived.wait(POLL_SECONDS)
        except (OperationalError, InterfaceError) as error:
            log.warning("worker %s: the database does not answer: %s", self.name, error)
            connection.close()
            self.stop.wait(PAUSE_SECONDS)

    def work(self) -> bool:
        """Send one message and do one job of those that are due; False if there was neither."""
        sent = self._send_one()
        return self._do_one() or sent

    def drain(self) -> int:
        """Do all that is due now in the calling thread, and say in how many steps; for commands and tests."""
        steps = 0
        while not self.stop.is_set() and self.work():
            steps += 1
        return steps

    def _do_one(self) -> bool:
        now = clock.now()
        job = leases.claim(
            Job, now=now, lease=self.lease, among=Q(queue__in=self.queues), order=("-priority",)
        )
        if job is None:
            return False
        execute(job, worker=self.name, lease=self.lease)
        return True

    def _send_one(self) -> bool:
        message = leases.claim(OutboxMessage, now=clock.now(), lease=self.lease)
        if message is None:
            return False
        with request_id.named(message.request_id or f"outbox-{message.pk}"):
            send(message)
        return True

    def _announce(self, now: datetime) -> None:
        """The sign of life that `convenor doctor` looks for, and the rounds of periodic work."""
        if now - self._beat_at < BEAT:
            return
        self._beat_at = now
        WorkerBeat.objects.update_or_create(
            name=self.name,
            defaults={"beat_at": now, "doing": ""},
            create_defaults={
                "beat_at": now,
                "started_at": self.started_at,
                "host": socket.gethostname()[:100],
                "pid": os.getpid(),
            },
        )
        periodic.start_due(now)


def send(message: OutboxMessage) -> None:
    """Deliver a claimed message and write how it ended."""
    try:
        if message.attempts > MOST_DELIVERIES:
            raise Undeliverable(message.last_error or "every worker that tried died of it")
        outcome = deliver(message)
    except Undeliverable as error:
        _give_up(message, str(error))
    except Exception as error:  # noqa: BLE001  # whatever a deliverer raises must not end the worker
        text = "".join(traceback.format_exception(error))
        log.warning("outbox %s %s: attempt %s failed: %r", message.pk, message.kind, message.attempts, error)
        if message.attempts >= MOST_DELIVERIES:
            _give_up(message, text)
        else:
            run_at = clock.now() + retry_delay(message.attempts, f"outbox:{message.pk}")
            leases.put_back(message, run_at=run_at, error=text)
    else:
        leases.finish(message, now=clock.now(), state=STATES[outcome])


def _give_up(message: OutboxMessage, error: str) -> None:
    leases.finish(message, now=clock.now(), state=WorkState.DEAD, error=error)
