"""The timetable: a table of jobs, each on a thread of its own, done by one process at a time.

Run it beside the pages: `python schedule.py`. It ends within three seconds of SIGTERM on a calm machine.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

import launch
import message_jobs
from access import sealing
from access.accounts import disable_unused
from access.actor import TIMETABLE
from access.anchor import EVERY_SECONDS as ANCHOR_SECONDS
from access.anchor import AnchorFile, anchor
from access.audit import record
from access.audit_retention import let_go
from access.audit_verify import review
from access.rules import Rules
from access.territory import Territory
from database import changes
from database.engine import give_way, open_engine, writing
from database.lease import Lease, LeaseLost, acquire, release, renew
from database.migrate import DatabaseNewer, migrate
from datasources.mqtt import Broker, Listener, Message, listen
from decisions import digest_round, notices
from decisions.area_engine import EVERY_SECONDS as AREA_SECONDS
from decisions.area_engine import AreaEngine
from decisions.area_telling import forget as forget_crossings
from decisions.live_rules import LiveRules
from decisions.night import is_due as night_is_due
from decisions.warning_engine import EVERY_SECONDS, WarningEngine
from demo_city import SEED, live
from demo_city.doors import Addresses
from demo_city.events import EVERY_SECONDS as DEMO_EVENTS_SECONDS
from demo_city.events import EventFeeder
from demo_city.pass_token import PassToken
from demo_city.readiness import EVERY_SECONDS as READINESS_SECONDS
from demo_city.readiness import ReadinessFeeder
from demo_city.rounds import EVERY_SECONDS as ROUND_SECONDS
from demo_city.rounds import RoundFeeder
from dispatch import duty_gaps, escalation, facts_store, fallback, figures, outbox, present_figures
from dispatch.alarms import Alarms, is_alarm
from dispatch.intake import forget_keys
from dispatch.rulebook import Rulebook, rulebook
from dispatch.working_calendar import load as load_calendar
from indicators.catalogue import CatalogueErrors
from indicators.drop import DropFolder
from indicators.live_catalogue import LiveCatalogue
from indicators.live_rules import LiveRules as AccountRules
from indicators.refresh import Refresher
from indicators.retention import forget
from indicators.roles_file import load as load_roles
from indicators.snapshots import forget as forget_snapshots
from indicators.sources import sweep
from indicators.stream import Stream
from settings import Settings, SettingsRefused, from_environment

log = logging.getLogger("schedule")

LEASE = "timetable"
"""The lease of the one that works; /readyz looks for this name."""
BEAT_EVERY = timedelta(seconds=5)
BEAT_LASTS = timedelta(seconds=15)
"""After so long without a heartbeat another timetable takes over."""
TOLD_EVERY = 60.0
"""Seconds between two log lines about the same trouble."""
STUCK_AFTER = 900.0
"""Seconds after which a job that has not come back ends the process; whoever started it starts it again."""


@dataclass
class Job:
    """One line of the timetable: what is done every so many seconds while this process leads."""

    name: str
    every: float
    what: Callable[[], object]
    begun: float | None = None
    """Monotonic seconds, while it runs."""
    trouble: str = ""
    told: float = 0.0

    def run(self) -> None:
        """Do it once. What goes wrong is logged, at most once a minute, and tried again next time."""
        self.begun = time.monotonic()
        try:
            self.what()
            self.trouble = ""
        except Exception as error:  # one job's trouble must not stop the others
            self._tell(f"{type(error).__name__}: {error}")
        finally:
            self.begun = None

    def _tell(self, trouble: str) -> None:
        if trouble != self.trouble or time.monotonic() - self.told > TOLD_EVERY:
            log.exception("%s", self.name)
            self.told = time.monotonic()
        self.trouble = trouble

    @property
    def is_stuck(self) -> bool:
        """True if it has been running for longer than any job should."""
        begun = self.begun
        return begun is not None and time.monotonic() - begun > STUCK_AFTER


@dataclass
class Timetable:
    """Runs the jobs while it holds the lease; of two timetables one works and the other waits."""

    engine: Engine
    jobs: list[Job]
    now: Callable[[], datetime]
    holder: str = field(default_factory=lambda: f"{socket.gethostname()[:40]}:{os.getpid()}:{time.monotonic_ns()}")
    when_lost: Callable[[], None] = lambda: None
    leading: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)
    lease: Lease | None = None

    def run(self) -> int:
        """Work until `stopping` is set; the exit code: 1 if a job got stuck."""
        for job in self.jobs:
            threading.Thread(target=self._serve, args=(job,), name=job.name, daemon=True).start()
        stuck: list[str] = []
        while not self.stopping.is_set() and not stuck:
            self.beat()
            self.stopping.wait(BEAT_EVERY.total_seconds())
            stuck = [job.name for job in self.jobs if job.is_stuck]
        self.stopping.set()
        if stuck:
            log.critical("stuck: %s", ", ".join(stuck))
        self._leave()
        return 1 if stuck else 0

    def beat(self) -> None:
        """Prolong the lease, or try to get it. While the database is down the lease runs out by itself."""
        try:
            self.lease = self._prolonged()
        except LeaseLost:
            self.lease = None
        except SQLAlchemyError as error:
            log.warning("no heartbeat: %s", str(error).partition("\n")[0])
            if self.lease is not None and self.lease.until <= self.now():
                self.lease = None
        self._follow()

    def _prolonged(self) -> Lease | None:
        if self.lease is not None:
            return renew(self.engine, self.lease, lasting=BEAT_LASTS, now=self.now())
        return acquire(self.engine, LEASE, self.holder, lasting=BEAT_LASTS, now=self.now())

    def _follow(self) -> None:
        if self.lease is not None and not self.leading.is_set():
            log.info("leading as %s", self.holder)
            self.leading.set()
        elif self.lease is None and self.leading.is_set():
            log.warning("no longer leading")
            self.leading.clear()
            self.when_lost()

    def _serve(self, job: Job) -> None:
        while not self.stopping.is_set():
            if self.leading.wait(0.2):
                job.run()
                self.stopping.wait(job.every)

    def _leave(self) -> None:
        self.leading.clear()
        self.when_lost()
        if self.lease is not None:
            try:
                release(self.engine, self.lease, now=self.now())
            except SQLAlchemyError:  # it runs out by itself
                log.warning("the lease was not given back")


@dataclass
class Listening:
    """The connection to the broker, kept while this process leads."""

    stream: Stream
    url: str
    alarms: Alarms
    listener: Listener | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self) -> None:
        """Listen, if not listening already; the listener itself comes back after every loss of the broker."""
        with self.lock:
            if self.listener is None:
                self.listener = listen(Broker(self.url), self.take)

    def take(self, batch: Sequence[Message]) -> None:
        """Readings into the readings, alarms into the events; acknowledged when both are stored."""
        for wanted, take in ((False, self.stream.take), (True, self.alarms.take)):
            part = [message for message in batch if is_alarm(message) is wanted]
            if part:
                take(part)

    def end(self) -> None:
        """Stop listening. The broker keeps what was not acknowledged."""
        with self.lock:
            listener, self.listener = self.listener, None
        if listener is not None:
            listener.stop(patience=2.0)


def timetable_of(settings: Settings, engine: Engine) -> Timetable:
    """Everything the product does by itself, and how often (seconds)."""
    catalogue = LiveCatalogue(settings.catalogue_folder)
    now = settings.now
    refresher = Refresher(engine, lambda: catalogue.current, now)
    drop = DropFolder(settings.data_folder / "drop", engine, lambda: catalogue.current, now)
    jobs = [
        Job("catalogue", 5, lambda: reload(engine, catalogue, now())),
        Job("refresh", 5, refresher.start_due),
        Job("drop folder", 5, drop.scan),
        Job("freshness", 10, lambda: sweep(engine, catalogue.current, now())),
        Job("forget", 3600, lambda: forget(engine, now())),
        *_audit_jobs(settings, engine),
        *_account_jobs(settings, engine, catalogue),
        *_foresight_jobs(settings, engine, catalogue),
        *_dispatch_jobs(settings, engine, catalogue),
        *(
            Job(*line)
            for line in message_jobs.lines(engine, catalogue, settings.catalogue_folder, settings.data_folder, now)
        ),
    ]
    if catalogue.current.demo_city:
        events = EventFeeder(engine, lambda: catalogue.current, SEED)
        jobs.append(Job("demo events", DEMO_EVENTS_SECONDS, lambda: events.tick(now())))
        ready = ReadinessFeeder(engine, lambda: catalogue.current, SEED)
        jobs.append(Job("demo readiness", READINESS_SECONDS, lambda: ready.tick(now())))
        devices = RoundFeeder(engine, lambda: catalogue.current)
        jobs.append(Job("demo rounds", ROUND_SECONDS, lambda: devices.tick(now())))
        feeder = live.Feeder(
            lambda: catalogue.current, SEED, _demo_doors(settings, engine, catalogue), settings.data_folder
        )
        jobs.append(Job("demo city", live.EVERY_SECONDS, lambda: feeder.tick(now())))
    if not settings.mqtt_url:
        return Timetable(engine, jobs, now)
    alarms = Alarms(engine, lambda: rulebook(catalogue.current, settings.catalogue_folder), now)
    listening = Listening(Stream(engine, lambda: catalogue.current, now), settings.mqtt_url, alarms)
    jobs.append(Job("mqtt", 5, listening.keep))
    return Timetable(engine, jobs, now, when_lost=listening.end)


def _foresight_jobs(settings: Settings, engine: Engine, catalogue: LiveCatalogue) -> list[Job]:
    """Early warning in this process; forecasts in one of their own, which gives its memory back."""
    rules = LiveRules(settings.catalogue_folder, lambda: catalogue.current)
    is_workday = load_calendar(settings.catalogue_folder).is_workday
    warner = WarningEngine(
        engine, lambda: catalogue.current, rules.current, settings.now, is_workday,
        events=lambda: rulebook(catalogue.current, settings.catalogue_folder),
    )  # fmt: skip
    digests = digest_round.DigestRound(engine, lambda: catalogue.current)
    return [
        Job("warnings", EVERY_SECONDS, warner.run),
        Job("areas", AREA_SECONDS, AreaEngine(engine, lambda: catalogue.current, settings.now).run),
        Job("old snapshots", 3600, lambda: forget_snapshots(engine, settings.now())),
        Job("old crossings", 86_400, lambda: forget_crossings(engine, settings.now())),
        Job("digests", digest_round.EVERY_SECONDS, lambda: digests.tick(settings.now())),
        Job("forecasts ahead", 1800, lambda: launch.aside("foresee", "--ahead")),
        Job("night", 600, lambda: launch.aside("foresee") if night_is_due(engine, settings.now()) else None),
    ]


def _dispatch_jobs(settings: Settings, engine: Engine, catalogue: LiveCatalogue) -> list[Job]:
    """The events: time limits told by the ladder, deliveries sent and tried again, old idempotency keys dropped."""

    def rules() -> Rulebook:
        return rulebook(catalogue.current, settings.catalogue_folder)

    def forget_old() -> None:
        with writing(engine) as connection:
            forget_keys(connection, settings.now())

    ladder, announced = escalation.Escalator(engine, rules), notices.NoticeRound(engine, rules)
    gaps = duty_gaps.GapWatch(engine, rules)
    keeper = facts_store.FactsKeeper(engine, rules)
    daily, present = figures.Figures(engine, rules), present_figures.Present(engine, rules)
    return [
        Job("escalation", escalation.EVERY_SECONDS, lambda: ladder.tick(settings.now())),
        Job("notices", notices.EVERY_SECONDS, lambda: announced.tick(settings.now())),
        Job("second ways", fallback.EVERY_SECONDS, lambda: fallback.tell_again(engine, rules(), now=settings.now())),
        Job("deliveries", outbox.EVERY_SECONDS, lambda: outbox.deliver(engine, rules(), now=settings.now())),
        Job("facts of cases", facts_store.EVERY_SECONDS, lambda: keeper.tick(settings.now())),
        Job("figures of events", figures.EVERY_SECONDS, lambda: daily.tick(settings.now())),
        Job("events now", present_figures.EVERY_SECONDS, lambda: present.tick(settings.now())),
        Job("duty gaps", duty_gaps.EVERY_SECONDS, lambda: gaps.tick(settings.now())),
        Job("idempotency keys", 3600, forget_old),
    ]


def _audit_jobs(settings: Settings, engine: Engine) -> list[Job]:
    """The audit record: pinned outside the database, looked through, and old rows let go where a setting says so."""
    ring, file, now = settings.keyring(), AnchorFile(settings.audit_anchor), settings.now
    jobs = [
        Job("audit anchor", ANCHOR_SECONDS, lambda: anchor(engine, file, ring, now())),
        Job("audit review", 3600, lambda: review(engine, ring, file, now())),
    ]
    if settings.audit_days:
        keep = timedelta(days=settings.audit_days)
        jobs.append(Job("audit retention", 86_400, lambda: let_go(engine, ring, keep=keep, by=TIMETABLE, now=now())))
    return jobs


def _account_jobs(settings: Settings, engine: Engine, catalogue: LiveCatalogue) -> list[Job]:
    """Accounts nobody signed in to for long are closed."""
    unused, rules = timedelta(days=settings.people.unused_days), _account_rules(settings, catalogue)

    def close() -> None:
        with writing(engine) as connection:
            disable_unused(connection, rules.current, unused=unused, by=TIMETABLE, now=settings.now())

    return [Job("unused accounts", 3600, close)] if unused else []


def _account_rules(settings: Settings, catalogue: LiveCatalogue) -> AccountRules:
    territory = Territory.of(catalogue.current)
    return AccountRules(catalogue, Rules(load_roles(settings.catalogue_folder, territory), territory))


def _demo_doors(settings: Settings, engine: Engine, catalogue: LiveCatalogue) -> Addresses:
    """The demo city comes in as real sources do: pushed to our own server with a token, by the broker, as files."""
    rules = _account_rules(settings, catalogue)
    token = PassToken(engine, lambda: rules.current, settings.now)
    return Addresses(settings.near_url, settings.data_folder / "drop", settings.mqtt_url, token)


def reload(engine: Engine, catalogue: LiveCatalogue, now: datetime) -> None:
    """Take up a changed catalogue, or its errors, and tell every page."""
    if catalogue.refresh():
        with writing(engine) as connection:
            changes.bump(connection, [changes.CATALOGUE])
            _record_reload(connection, catalogue, now)


def _record_reload(connection: Connection, catalogue: LiveCatalogue, now: datetime) -> None:
    """Which version is in force, and how many problems keep a newer one from it."""
    faults = len(catalogue.problems)
    record(
        connection, by=TIMETABLE, action="catalogue.reload", object=f"catalogue {catalogue.current.version[:16]}",
        result="failed" if faults else "ok", detail={"problems": faults}, now=now,
    )  # fmt: skip


def main() -> int:
    """Run until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        settings = from_environment()
        sealing.use(settings.keyring())
        engine = open_engine(settings.database_url)
        give_way(engine)
        migrate(engine)
        timetable = timetable_of(settings, engine)
    except (CatalogueErrors, SettingsRefused, DatabaseNewer, SQLAlchemyError) as refused:
        log.critical("cannot start: %s", refused)
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: timetable.stopping.set())
    code = timetable.run()
    engine.dispose()
    return code


if __name__ == "__main__":
    sys.exit(main())
