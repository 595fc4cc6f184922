"""Every column of the database that holds text: on which page people read it, or why nobody ever does.

A column that stands in neither list turns `test_text_fields.py` red. What stands in SHOWN is filled with texts that
want to become program and must be seen on the screen of that page by `tests/browser/test_payloads.py`;
in the source of the page is not enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import JSON, Column, String, Text

from database.schema import metadata
from database.sealed import Sealed

EVENT, DESK, RATES, WARNINGS, ENTRY, SOURCES = "/event", "/desk", "/evaluation", "/warnings", "/entry", "/sources"
REVIEW, DECISIONS, SCREENS, INDICATOR = "/review", "/decisions", "/screens", "/indicator"
ACCOUNTS, AUDIT = "/admin/accounts", "/audit"

SHOWN: Mapping[str, str] = {
    "area_crossings.name": "/map",
    "appeals.note": RATES,
    "appeals.reason": RATES,
    "assignments.task": EVENT,
    "attachments.added_by": EVENT,
    "attachments.name": EVENT,
    "audit.actor": AUDIT,
    "audit.detail": AUDIT,
    "audit.object": AUDIT,
    "call_rows.raw": INDICATOR,
    "calls.actor": SOURCES,
    "calls.error": SOURCES,
    "calls.origin": INDICATOR,
    "desk_viewers.name": DESK,
    "duty_files.held": "/duty",
    "duty_files.name": "/duty",
    "duty_shifts.allowed_by": "/duty",
    "duty_shifts.said": "/duty",
    "entries.entered_by": ENTRY,
    "entries.note": ENTRY,
    "entries.review_note": ENTRY,
    "entries.reviewed_by": ENTRY,
    "events.description": EVENT,
    "events.place": EVENT,
    "events.reasons": EVENT,
    "events.reporter_address": EVENT,
    "events.reporter_name": EVENT,
    "events.reporter_phone": EVENT,
    "events.title": DESK,
    "forecasts.reason": INDICATOR,
    "handover_items.words": DESK,
    "identities.subject": ACCOUNTS,
    "ledger.actor": EVENT,
    "ledger.note": EVENT,
    "ledger.said": EVENT,
    "quarantine.raw": SOURCES,
    "quarantine.reasons": SOURCES,
    "requests.note": EVENT,
    "response_steps.actor": "/response",
    "response_steps.basis_words": "/response",
    "response_steps.reason": "/response",
    "review_measures.done_note": REVIEW,
    "review_measures.words": REVIEW,
    "review_versions.actor": REVIEW,
    "review_versions.lessons": REVIEW,
    "review_versions.note": REVIEW,
    "review_versions.problems": REVIEW,
    "scenarios.name": DECISIONS,
    "screen_views.by": SCREENS,
    "snapshots.path": "/snapshots",
    "snapshots.title": "/snapshots",
    "devices.name": "/map",
    "watched_areas.name": "/map",
    "source_states.last_error": SOURCES,
    "tokens.name": "/admin/screens",
    "users.shown": ACCOUNTS,
    "warning_silences.reason": WARNINGS,
    "warning_steps.by": WARNINGS,
    "warning_steps.note": WARNINGS,
    "warnings.comment": WARNINGS,
    "warnings.name": WARNINGS,
    "warnings.owner": WARNINGS,
    "warnings.verdict_note": WARNINGS,
}

REVEALED = frozenset({"events.reporter_name", "events.reporter_phone", "events.reporter_address"})
"""Of these a character, four digits or a street is shown until somebody reveals them: they are looked for where that
is done, in full."""

POPPED = frozenset({"devices.name"})
"""Only in popups of the map, opened one by one."""

_KEY = "a key of the catalogue, of roles.yaml or of a list in the program; anything else is refused on the way in"
_PROOF = "a hash, a seal or a number made by the program; never shown as text of somebody"
_MADE = "put together by the program from keys, numbers and words of the catalogue"
_NAME = "the name of an account or its display name, which is shown at its own column (users.shown) and filled there"
_INSIDE = "read by programs alone; no page shows it"

NEVER: Mapping[str, str] = {
    column: reason
    for reason, columns in (
        ("only letters of a name or digits are taken on the way in (dispatch/duty_acts.py)", """
            duty_shifts.name duty_shifts.office duty_shifts.mobile
        """),
        (_KEY, """
            area_crossings.world area_crossings.way area_crossings.region area_crossings.department area_crossings.quiet
            devices.world devices.kind devices.region devices.provenance snapshots.world watched_areas.world
            watched_areas.shape watched_areas.ground watched_areas.wants watched_areas.centre
            duty_files.world duty_files.unit duty_files.region duty_notices.world duty_notices.unit duty_notices.post
            duty_notices.region duty_shifts.world duty_shifts.unit duty_shifts.region duty_shifts.department
            duty_shifts.post duty_shifts.origin response_steps.world response_steps.plan response_steps.region
            response_steps.act response_steps.basis_kind response_steps.role
            appeals.department appeals.measure appeals.outcome assignments.department assignments.part assignments.ended
            attachments.kind attachments.mime audit.role audit.region audit.action audit.result audit.algorithm
            audit_reviews.kind calls.source calls.door calls.outcome crew_choices.world crew_choices.suggested
            crew_choices.chosen demo_truth.kind demo_truth.indicator demo_truth.region desk_viewers.role
            digests.world digests.region digests.theme digests.day digests.rules
            entries.indicator entries.region entries.dim entries.period entries.state escalations.rung
            event_counts.world event_counts.day event_links.kind events.world events.state events.category
            events.region events.county events.holder events.referred_from events.placed events.lead events.origin
            events.provenance findings.world findings.model findings.subject findings.region findings.period
            forecast_models.world forecast_models.indicator forecast_models.region forecast_scores.world
            forecast_scores.indicator forecast_scores.region forecasts.world forecasts.indicator forecasts.region
            forecasts.origin forecasts.model gaps.world gaps.region gaps.indicator gaps.dim gaps.period
            handover_items.kind handover_items.ref handovers.world handovers.region heartbeats.engine
            hook_messages.source inbox.recipient
            latest.world latest.region latest.dim latest.indicator latest.period latest.basis latest.provenance
            latest.quality latest.source leases.name ledger.action ledger.state ledger.effect ledger.role
            ledger.department observations.period observations.basis observations.provenance observations.quality
            observations.source outbox.department outbox.channel outbox.state page_views.day page_views.page
            page_views.role plan_steps.plan plan_steps.department published_figures.indicator
            published_figures.region published_figures.period published_figures.basis quarantine.source
            quarantine.basis quarantine.quality quarantine.state requests.action requests.outcome
            review_measures.department review_measures.due_on review_versions.act review_versions.role
            reviews.state reviews.world routings.world
            routings.model routings.category routings.runner_up routings.department routings.standing
            scenarios.world scenarios.region series.world series.indicator series.region series.dim
            source_states.source source_states.newest_period source_states.freshness tokens.kind tokens.role
            tokens.rights tokens.regions tokens.department topics.topic users.name users.name_key users.home
            users.department users.origin warning_courses.world warning_courses.rule warning_courses.region
            warning_courses.period warning_edits.rule warning_silences.world warning_silences.rule
            warning_silences.region warning_steps.act warnings.world warnings.rule warnings.indicator warnings.theme
            warnings.region warnings.family warnings.measure warnings.verdict warnings.event grants.role
            grants.region grants.department grants.origin identities.issuer once.purpose sessions.role
            sessions.department sessions.pending sessions.means screen_views.path events.number desk_viewers.number
        """),
        (_PROOF, """
            snapshots.id snapshots.sha256 snapshots.release
            duty_files.digest duty_shifts.ref
            attachments.sha256 audit.request_id audit.previous audit.hash audit_checkpoints.hash
            audit_checkpoints.seal audit_heads.hash audit_heads.seal calls.digest hook_messages.signature
            idempotency_keys.digest old_passwords.password_hash once.token_hash quarantine.fingerprint
            sessions.token_hash tokens.token_hash tokens.tail users.password_hash users.totp_sealed
            warning_courses.digest case_facts.mark
        """),
        (_MADE, """
            area_crossings.evidence area_crossings.event snapshots.look snapshots.regions
            snapshots.departments snapshots.rights
            audit.address audit_reviews.finding crew_choices.offered crew_choices.reasons digests.body
            escalations.told findings.body
            forecast_models.recent forecasts.steps gaps.absent gaps.bare heartbeats.words latest.history ledger.data
            requests.data case_facts.facts routings.words scenarios.supposed sessions.address warning_courses.course
            warning_edits.changes warnings.evidence warnings.quiet
        """),
        (_NAME, """
            area_crossings.acknowledged_by snapshots.account snapshots.made_by snapshots.role_name watched_areas.owner
            watched_areas.owner_name watched_areas.ended_by
            duty_files.by duty_shifts.entered_by duty_shifts.gone_by response_steps.account
            appeals.asked_by appeals.decided_by audit.account crew_choices.by desk_viewers.account
            entries.entered_account grants.given_by handover_items.seen_by handovers.from_actor handovers.to_actor
            inbox.read_by
            ledger.account once.made_by requests.asked_by plan_steps.done_by quarantine.decided_by requests.decided_by
            review_measures.done_by review_versions.account reviews.begun_by reviews.signed_by
            routings.settled_by satisfactions.by scenarios.by tokens.created_by tokens.revoked_by users.created_by
            warning_edits.by warning_silences.by warning_silences.ended_by warnings.acknowledged_by
            warnings.verdict_by
        """),
        (_INSIDE, """
            area_crossings.subject area_crossings.comment area_presences.device devices.key devices.unit
            duty_shifts.gone_why response_steps.basis_ref
            dead_letters.topic dead_letters.payload dead_letters.error
            demo_truth.episode demo_truth.cause events.origin_id events.episode failures.subject
            idempotency_keys.actor idempotency_keys.key inbox.title inbox.body leases.holder ledger.key
            outbox.payload outbox.error quarantine.note satisfactions.note warning_edits.reason
        """),
        ("bytes of panels that were escaped when they were drawn, refused when they differ from their hash", """
            snapshots.body snapshots.parts
        """),
        ("figures of the plan and of published books, kept in files of the repository", """
            plan_steps.words published_figures.title published_figures.unit published_figures.source_title
            published_figures.source_url published_figures.fragment published_figures.publisher
            published_figures.note published_figures.file
        """),
        ("shown within quarantine.raw, as the source sent it, and filled there", """
            quarantine.indicator quarantine.region quarantine.dim quarantine.period
        """),
    )
    for column in columns.split()
}  # fmt: skip


def text_columns() -> Iterator[Column[Any]]:
    """Every column that may hold text."""
    for table in metadata.sorted_tables:
        yield from (one for one in table.columns if isinstance(one.type, String | Text | JSON | Sealed))


def name_of(column: Column[Any]) -> str:
    """As in the lists above."""
    return f"{column.table.name}.{column.name}"
