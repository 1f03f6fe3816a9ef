"""Jobs: with the change that wants them, once, and never lost."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from django_tasks import default_task_backend
from django_tasks.base import TaskResultStatus
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist, TaskResultMismatch

from convenor.base import clock, leases
from convenor.base.actions import cancel_job, retry_job
from convenor.base.actor import Actor, Refused
from convenor.base.enums import WorkState
from convenor.base.models import Job, OutboxMessage, PeriodicRun, WorkerBeat
from convenor.base.queries import jobs_for, progress_for, workers_alive
from convenor.base.rules import retry_delay
from convenor.base.tasks import periodic
from convenor.base.tasks.backend import enqueue_for, enqueue_once
from convenor.base.tasks.execution import MOST_ATTEMPTS, execute
from convenor.base.tasks.housekeeping import tidy
from convenor.base.tasks.progress import Progress, report, watched
from convenor.base.tasks.worker import Worker
from tests import child
from tests.base import cast, working

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LEASE = timedelta(seconds=60)


def work() -> int:
    return Worker(threading.Event()).drain()


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for another process; the time is a limit, not a measure."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def no_rounds() -> None:
    """Periodic work is not due, so that a worker process finds the test's jobs only."""
    tomorrow = clock.now() + timedelta(days=1)
    PeriodicRun.objects.bulk_create(PeriodicRun(name=name, next_at=tomorrow) for name in periodic._registered)


@pytest.mark.django_db
def test_a_task_runs_later_and_its_result_can_be_read() -> None:
    result = working.add.enqueue(2, b=3)
    assert result.status == TaskResultStatus.READY
    assert work() == 1
    result.refresh()
    assert (result.status, result.return_value, result.attempts) == (TaskResultStatus.SUCCESSFUL, 5, 1)
    assert result.started_at is not None
    assert working.add.get_result(result.id).return_value == 5
    with pytest.raises(TaskResultMismatch):
        working.fail.get_result(result.id)


@pytest.mark.django_db
@pytest.mark.parametrize("id_", ["999999", "x", "", "-1"])
def test_a_result_that_is_not_there(id_: str) -> None:
    with pytest.raises(TaskResultDoesNotExist):
        default_task_backend.get_result(id_)


@pytest.mark.django_db(transaction=True)
def test_a_job_joins_the_transaction_that_wants_it() -> None:
    with transaction.atomic():
        working.add.enqueue(1, 1)
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    process = child.start("tests.base.working:enqueue_and_die", jobs=3)
    assert process.wait(timeout=60) == -signal.SIGKILL
    process.communicate()
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_priority_then_time_and_nothing_before_its_time() -> None:
    with time_machine.travel(NOW, tick=False) as moment:
        for name, priority, wait in (
            ("low", -5, 0),
            ("old", 0, 1),
            ("new", 0, 2),
            ("high", 7, 3),
            ("later", 9, 60),
        ):
            run_after = NOW + timedelta(minutes=wait)
            working.fail.using(priority=priority, run_after=run_after).enqueue(name)
        moment.shift(timedelta(minutes=3))
        assert work() == 4
        tried = Job.objects.exclude(attempts=0).order_by("tried_at", "id")
        assert {job.arguments["args"][0] for job in tried} == {"low", "old", "new", "high"}
    Job.objects.all().delete()
    order: list[str] = []
    with time_machine.travel(NOW, tick=False):
        for name, priority in (("low", -5), ("first", 0), ("second", 0), ("high", 7)):
            working.fail.using(priority=priority).enqueue(name)
        while (job := leases.claim(Job, now=NOW, order=("-priority",))) is not None:
            order.append(job.arguments["args"][0])
    assert order == ["high", "first", "second", "low"]


@pytest.mark.django_db
def test_a_failure_is_tried_again_with_growing_pauses_and_then_given_up() -> None:
    with time_machine.travel(NOW, tick=False) as moment:
        result = working.fail.enqueue("no luck")
        pauses = []
        for _ in range(MOST_ATTEMPTS):
            assert work() == 1
            job = Job.objects.get()
            pauses.append(job.run_at - clock.now())
            assert work() == 0  # not before its time
            moment.move_to(max(job.run_at, clock.now()))
        assert (job.state, job.attempts) == (WorkState.DEAD, MOST_ATTEMPTS)
        assert pauses[:-1] == [retry_delay(n, f"job:{job.pk}") for n in range(1, MOST_ATTEMPTS)]
        assert pauses[:-1] == sorted(pauses[:-1])
        result.refresh()
        assert result.status == TaskResultStatus.FAILED
        assert result.errors[0].exception_class is ValueError
        assert "ValueError: no luck" in result.errors[0].traceback
        retry_job(actor=cast.carol(), job=job)
        assert work() == 1
        assert Job.objects.get().attempts == 1


@pytest.mark.parametrize("attempt", range(1, 40))
def test_pauses_double_up_to_an_hour_give_or_take_a_fifth(attempt: int) -> None:
    middle = min(10 * 2 ** (attempt - 1), 3600)
    delays = {retry_delay(attempt, f"job:{n}").total_seconds() for n in range(50)}
    assert all(0.8 * middle <= delay <= 1.2 * middle for delay in delays)
    assert len(delays) > 40
    assert retry_delay(attempt, "job:1") == retry_delay(attempt, "job:1")


@pytest.mark.django_db
def test_a_task_that_gives_up_is_not_tried_again() -> None:
    working.give_up.enqueue()
    assert work() == 1
    job = Job.objects.get()
    assert (job.state, job.attempts) == (WorkState.DEAD, 1)
    seen = progress_for(cast.carol(), job.pk)
    assert seen is not None
    assert seen.error == "convenor.base.tasks.execution.GiveUp: the file is gone"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["tests.base.working.nothing", "tests.nowhere.add", "tests.base.working.serve"]
)
def test_a_task_that_this_version_lacks_waits_for_one_that_has_it(path: str) -> None:
    working.add.enqueue(1, 1)
    Job.objects.update(task=path)
    assert work() == 1
    job = Job.objects.get()
    assert (job.state, job.error_class) == (WorkState.READY, "builtins.LookupError")
    assert path in job.last_error


@pytest.mark.django_db
def test_a_task_may_ask_which_attempt_it_is() -> None:
    result = working.attempt.enqueue()
    work()
    result.refresh()
    assert result.return_value == [1, result.id]


@pytest.mark.django_db
def test_arguments_that_are_not_json_are_refused_where_they_are_given() -> None:
    with pytest.raises(TypeError):
        working.add.enqueue(object(), 1)  # type: ignore[arg-type]  # what the test is about
    with pytest.raises(InvalidTaskError):
        working.add.using(queue_name="nobody serves it").enqueue(1, 1)


@pytest.mark.django_db
def test_at_most_one_unfinished_job_has_a_key() -> None:
    for _ in range(3):
        enqueue_once(working.add, 1, 2, key="refresh:7")
    enqueue_once(working.add, 1, 2, key="refresh:8")
    assert work() == 2
    enqueue_once(working.add, 1, 2, key="refresh:7")
    assert work() == 1


@pytest.mark.django_db
def test_progress_is_for_who_asked_and_the_outsider_sees_nothing() -> None:
    alice, carol = cast.alice(), cast.carol()
    id_ = enqueue_for(alice, working.count, 4)
    work()
    for who in (alice, carol):
        seen = progress_for(who, id_)
        assert seen is not None
        assert (seen.done, seen.total, seen.percent, seen.label) == (4, 4, 100, "step 4")
        assert seen.is_finished
    for other in (cast.bob(), cast.charlie(), Actor.nobody()):
        assert progress_for(other, id_) is None
        assert not jobs_for(other).exists()
        with pytest.raises(Refused):
            cancel_job(actor=other, job=Job.objects.get())


@pytest.mark.django_db
def test_a_waiting_job_is_cancelled_at_once() -> None:
    alice = cast.alice()
    enqueue_for(alice, working.count, 4)
    cancel_job(actor=alice, job=Job.objects.get())
    assert work() == 0
    assert Job.objects.get().state == WorkState.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_a_running_job_is_cancelled_at_its_next_report() -> None:
    alice = cast.alice()
    enqueue_for(alice, working.count_until_cancelled)
    process = child.start("tests.base.working:drain", lease_seconds=1)
    until(
        lambda: Job.objects.filter(state=WorkState.LEASED, label="counting").exists()
    )  # the pulse writes it
    cancel_job(actor=alice, job=Job.objects.get())
    assert child.answer(process) == 1
    job = Job.objects.get()
    assert (job.state, job.attempts) == (WorkState.CANCELLED, 1)
    assert job.done > 0


def test_work_outside_a_worker_reports_to_whoever_watches() -> None:
    seen: list[tuple[int, int | None]] = []
    report(done=1)  # nobody watches: nothing happens
    with watched(Progress(listener=lambda p: seen.append((p.done, p.total)))):
        assert working.count.call(3) == 3
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.django_db(transaction=True)
def test_after_kill_9_the_lease_lapses_and_another_worker_takes_over(tmp_path: Path) -> None:
    no_rounds()
    flag = str(tmp_path / "flag")
    result = working.stay.enqueue(flag)
    process = child.start("tests.base.working:serve", lease_seconds=1)
    until(Path(flag + ".running").exists)
    process.send_signal(signal.SIGKILL)
    assert process.wait(timeout=60) == -signal.SIGKILL
    process.communicate()
    assert Job.objects.get().state == WorkState.LEASED
    until(lambda: work() == 1)
    result.refresh()
    assert (result.status, result.return_value) == (TaskResultStatus.SUCCESSFUL, "attempt 2")


@pytest.mark.django_db(transaction=True)
def test_a_living_worker_keeps_its_job_and_its_name_for_longer_than_a_lease(tmp_path: Path) -> None:
    no_rounds()
    flag = str(tmp_path / "flag")
    result = working.stay.enqueue(flag)
    process = child.start("tests.base.working:serve", lease_seconds=1)
    until(Path(flag + ".running").exists)
    first = Job.objects.get().leased_until
    assert first is not None
    until(lambda: clock.now() > first)
    assert work() == 0
    until(lambda: [beat.doing for beat in workers_alive(clock.now())] == ["tests.base.working.stay"])
    Path(flag + ".finish").touch()
    process.send_signal(signal.SIGTERM)
    assert child.answer(process) == 1
    result.refresh()
    assert result.return_value == "attempt 1"


@pytest.mark.django_db(transaction=True)
def test_told_to_stop_a_worker_finishes_its_job_and_takes_no_other(tmp_path: Path) -> None:
    no_rounds()
    flag = str(tmp_path / "flag")
    working.stay.enqueue(flag)
    process = child.start("tests.base.working:serve", lease_seconds=30)
    until(Path(flag + ".running").exists)
    working.add.enqueue(1, 1)
    assert [beat.pid for beat in workers_alive(clock.now())] == [process.pid]
    process.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.3)
    Path(flag + ".finish").touch()
    assert child.answer(process) == 1
    assert list(Job.objects.order_by("id").values_list("state", flat=True)) == ["done", "ready"]
    assert workers_alive(clock.now()) == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_several_workers_do_every_job_once() -> None:
    for number in range(40):
        working.add.enqueue(number, 1)
    workers = [child.start("tests.base.working:drain", lease_seconds=60) for _ in range(3)]
    assert sum(child.answer(worker) for worker in workers) == 40
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}
    assert set(Job.objects.values_list("result", flat=True)) == set(range(1, 41))


@pytest.mark.django_db
def test_a_claim_that_lapsed_can_write_nothing_more() -> None:
    working.add.enqueue(1, 1)
    first = leases.claim(Job, now=NOW + timedelta(days=9999), lease=LEASE)
    assert first is not None
    late = first.leased_until
    assert late is not None
    assert leases.claim(Job, now=late - timedelta(seconds=1), lease=LEASE) is None
    second = leases.claim(Job, now=late, lease=LEASE)
    assert second is not None
    assert (second.pk, second.attempts) == (first.pk, 2)
    assert not leases.renew(first, now=late)
    assert not leases.put_back(first, run_at=late, error="")
    assert not leases.finish(first, now=late, state=WorkState.DONE)
    assert leases.finish(second, now=late, state=WorkState.DONE, result=2)
    assert Job.objects.get().result == 2


@pytest.mark.django_db
def test_a_job_that_kills_its_workers_is_given_up() -> None:
    working.add.enqueue(1, 1)
    Job.objects.update(attempts=MOST_ATTEMPTS)
    job = leases.claim(Job, now=clock.now())
    assert job is not None
    execute(job, worker="w", lease=LEASE)
    job.refresh_from_db()
    assert (job.state, job.last_error) == (WorkState.DEAD, "its worker died 5 times while doing it")


@pytest.mark.django_db
def test_periodic_work_starts_once_a_round_however_many_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    # What the apps above have registered is not this test's business.
    monkeypatch.setattr(periodic, "_registered", {"housekeeping": periodic._registered["housekeeping"]})
    with time_machine.travel(NOW, tick=False) as moment:
        assert periodic.start_due(NOW) == ["housekeeping"]
        assert periodic.start_due(NOW) == []
        assert periodic._start("housekeeping", NOW, NOW) is False  # another worker that read the row before
        assert Job.objects.count() == 1
        work()
        assert PeriodicRun.objects.get().next_at == NOW + timedelta(hours=24)
        moment.shift(timedelta(hours=24))
        assert periodic.start_due(clock.now()) == ["housekeeping"]
        moment.shift(timedelta(hours=48))
        assert periodic.start_due(clock.now()) == ["housekeeping"]
        assert (
            Job.objects.filter(state=WorkState.READY).count() == 1
        )  # the round before has not been done yet
    with pytest.raises(ValueError, match="two periodic tasks called housekeeping"):
        periodic.every("housekeeping", timedelta(hours=1), tidy)


@pytest.mark.django_db
def test_housekeeping_clears_the_old_and_keeps_what_was_given_up() -> None:
    old = NOW - timedelta(days=31)
    for state, finished in (("done", old), ("cancelled", old), ("dead", old), ("done", NOW), ("ready", None)):
        Job.objects.create(task="t", queue="default", state=state, finished_at=finished)
        if state != "cancelled":
            OutboxMessage.objects.create(
                kind="mail", key=f"{state}{finished}", payload={}, state=state, finished_at=finished
            )
    WorkerBeat.objects.create(name="gone", host="h", pid=1, started_at=old, beat_at=old)
    with time_machine.travel(NOW, tick=False):
        assert tidy.call() == {"jobs": 2, "messages": 1, "sessions": 0, "workers": 1, "rates": 0, "mail": 0}
    assert sorted(Job.objects.values_list("state", flat=True)) == ["dead", "done", "ready"]
