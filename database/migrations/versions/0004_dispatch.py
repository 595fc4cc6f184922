"""The tables of dispatch: events, their ledger, who works on them, what was sent to whom."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table('appeals',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('department', sa.String(length=64), nullable=False),
    sa.Column('measure', sa.String(length=40), nullable=False, comment="the rate it is to be left out of; '*' for all"),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.String(length=120), nullable=False),
    sa.Column('asked_at', sa.BigInteger(), nullable=False),
    sa.Column('outcome', sa.String(length=8), server_default='waiting', nullable=False),
    sa.Column('decided_by', sa.String(length=120), nullable=True),
    sa.Column('decided_at', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeals'))
    )
    with op.batch_alter_table('appeals', schema=None) as batch_op:
        batch_op.create_index('uq_appeals_once', ['event_id', 'department', 'measure'], unique=True)

    op.create_table('assignments',
    sa.Column('event_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('round', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('department', sa.String(length=64), nullable=False),
    sa.Column('part', sa.String(length=8), nullable=False, comment='lead or joint'),
    sa.Column('task', sa.Text(), server_default='', nullable=False),
    sa.Column('given_at', sa.BigInteger(), nullable=False),
    sa.Column('due_at', sa.BigInteger(), nullable=True, comment="a sub-deadline set by the centre; else the category's limit"),
    sa.Column('signed_at', sa.BigInteger(), nullable=True),
    sa.Column('done_at', sa.BigInteger(), nullable=True),
    sa.Column('ended', sa.String(length=12), server_default='', nullable=False, comment='done, returned, transferred, closed'),
    sa.PrimaryKeyConstraint('event_id', 'round', 'department', name=op.f('pk_assignments')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('assignments', schema=None) as batch_op:
        batch_op.create_index('ix_assignments_department', ['department', 'ended'], unique=False)

    op.create_table('attachments',
    sa.Column('event_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False, comment='report, before or after'),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('mime', sa.String(length=60), nullable=False),
    sa.Column('bytes', sa.Integer(), nullable=False),
    sa.Column('lon', sa.Float(), nullable=True),
    sa.Column('lat', sa.Float(), nullable=True),
    sa.Column('metres', sa.Float(), nullable=True, comment="from the event's place; NULL if either place is unknown"),
    sa.Column('added_by', sa.String(length=120), nullable=False),
    sa.Column('added_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('event_id', 'sha256', name=op.f('pk_attachments')),
    sqlite_with_rowid=False
    )
    op.create_table('escalations',
    sa.Column('event_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('rung', sa.String(length=40), nullable=False, comment='stage, round and step of the ladder: handle/1/over'),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('told', sa.String(length=64), nullable=False, comment='who was told'),
    sa.PrimaryKeyConstraint('event_id', 'rung', name=op.f('pk_escalations')),
    sqlite_with_rowid=False
    )
    op.create_table('event_counts',
    sa.Column('world', sa.String(length=8), nullable=False),
    sa.Column('day', sa.String(length=8), nullable=False, comment='civil day 20261122'),
    sa.Column('last', sa.Integer(), nullable=False, comment='newest number given that day'),
    sa.PrimaryKeyConstraint('world', 'day', name=op.f('pk_event_counts')),
    sqlite_with_rowid=False
    )
    op.create_table('event_links',
    sa.Column('event_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('other_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False, comment='merged_into, holds, split_into, split_from'),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('ended_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('event_id', 'other_id', 'kind', name=op.f('pk_event_links')),
    sqlite_with_rowid=False
    )
    op.create_table('events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('world', sa.String(length=8), nullable=False, comment='real or demo; the two are never mixed'),
    sa.Column('number', sa.String(length=24), nullable=False, comment='CZ-20261122-0007; MN-… in the demo city'),
    sa.Column('version', sa.Integer(), nullable=False, comment='grows by one with every move'),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('description', sa.Text(), server_default='', nullable=False, comment='as reported; may hold personal data'),
    sa.Column('category', sa.String(length=16), server_default='', nullable=False, comment='code in departments.yaml'),
    sa.Column('region', sa.String(length=16), nullable=False, comment='the smallest region known'),
    sa.Column('county', sa.String(length=16), nullable=False, comment='county of the region, or the city itself'),
    sa.Column('holder', sa.String(length=16), nullable=False, comment='region of the centre that holds it: city, county, town'),
    sa.Column('referred_from', sa.String(length=16), nullable=True, comment='the centre it came from, until the new one has received it'),
    sa.Column('lon', sa.Float(), nullable=True, comment='WGS84'),
    sa.Column('lat', sa.Float(), nullable=True, comment='WGS84'),
    sa.Column('placed', sa.String(length=12), nullable=False, comment='point, town, county or city: how well the place is known'),
    sa.Column('place', sa.String(length=200), server_default='', nullable=False, comment='the place in words'),
    sa.Column('level', sa.Integer(), nullable=False, comment='1 to 4 as red to blue, 0 everyday; from impact and urgency'),
    sa.Column('impact', sa.Integer(), nullable=False),
    sa.Column('urgency', sa.Integer(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False, comment='why this region, category and level: {"region": "…"}'),
    sa.Column('lead', sa.String(length=64), nullable=True, comment='department now in charge'),
    sa.Column('origin', sa.String(length=24), nullable=False, comment='hotline, grid, sensor, video, open311, cap, desk, warning …'),
    sa.Column('origin_id', sa.String(length=120), nullable=False),
    sa.Column('provenance', sa.String(length=12), nullable=False, comment='live, manual or simulated'),
    sa.Column('must_check', sa.Boolean(), nullable=False, comment='public reports are verified before they are registered'),
    sa.Column('episode', sa.String(length=64), nullable=True, comment='demo city: the planted trouble it belongs to'),
    sa.Column('occurred_at', sa.BigInteger(), nullable=True, comment='when it began, if known'),
    sa.Column('reported_at', sa.BigInteger(), nullable=False),
    sa.Column('received_at', sa.BigInteger(), nullable=False, comment='when we stored it'),
    sa.Column('moved_at', sa.BigInteger(), nullable=False),
    sa.Column('registered_at', sa.BigInteger(), nullable=True),
    sa.Column('closed_at', sa.BigInteger(), nullable=True),
    sa.Column('round', sa.Integer(), server_default='0', nullable=False, comment='grows when the handling clock restarts'),
    sa.Column('callers', sa.Integer(), server_default='1', nullable=False, comment='reports of the same thing, merged too'),
    sa.Column('returns', sa.Integer(), server_default='0', nullable=False, comment='granted returns and referrals given back'),
    sa.Column('reworks', sa.Integer(), server_default='0', nullable=False),
    sa.Column('extensions', sa.Integer(), server_default='0', nullable=False),
    sa.Column('reopenings', sa.Integer(), server_default='0', nullable=False),
    sa.Column('urged', sa.Integer(), server_default='0', nullable=False),
    sa.Column('supervised', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('satisfied', sa.Boolean(), nullable=True, comment='as the caller said when called back'),
    sa.Column('score', sa.Integer(), nullable=True, comment='1 to 5, as evaluated'),
    sa.Column('parent_id', sa.BigInteger(), nullable=True, comment='the event it was merged into'),
    sa.Column('stage_due_at', sa.BigInteger(), nullable=True, comment='derived from the ledger at the last move, for sorting; never the truth'),
    sa.Column('case_due_at', sa.BigInteger(), nullable=True, comment='derived likewise: when the whole case must be closed'),
    sa.Column('reporter_name', sa.Text(), nullable=True, comment='sealed'),
    sa.Column('reporter_phone', sa.Text(), nullable=True, comment='sealed'),
    sa.Column('reporter_address', sa.Text(), nullable=True, comment='sealed'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events'))
    )
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.create_index('ix_events_county', ['world', 'county', 'state'], unique=False)
        batch_op.create_index('ix_events_parent_id', ['parent_id'], unique=False)
        batch_op.create_index('ix_events_queue', ['world', 'state', 'stage_due_at'], unique=False)
        batch_op.create_index('ix_events_reported_at', ['world', 'reported_at'], unique=False)
        batch_op.create_index('uq_events_number', ['number'], unique=True)
        batch_op.create_index('uq_events_twin', ['world', 'origin', 'origin_id'], unique=True)

    op.create_table('handover_items',
    sa.Column('handover_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False, comment='event, source, rule or note'),
    sa.Column('ref', sa.String(length=80), server_default='', nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('seen_by', sa.String(length=120), nullable=True),
    sa.Column('seen_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('handover_id', 'position', name=op.f('pk_handover_items')),
    sqlite_with_rowid=False
    )
    op.create_table('handovers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('world', sa.String(length=8), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('from_actor', sa.String(length=120), nullable=False),
    sa.Column('to_actor', sa.String(length=120), nullable=True),
    sa.Column('drafted_at', sa.BigInteger(), nullable=False),
    sa.Column('taken_at', sa.BigInteger(), nullable=True, comment='when every item was acknowledged'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handovers'))
    )
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.create_index('ix_handovers_region', ['world', 'region', 'drafted_at'], unique=False)

    op.create_table('idempotency_keys',
    sa.Column('actor', sa.String(length=120), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='sha256 of the report'),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('actor', 'key', name=op.f('pk_idempotency_keys')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('idempotency_keys', schema=None) as batch_op:
        batch_op.create_index('ix_idempotency_keys_at', ['at'], unique=False)

    op.create_table('inbox',
    sa.Column('outbox_id', sa.BigInteger(), autoincrement=False, nullable=False, comment='each delivery arrives once'),
    sa.Column('recipient', sa.String(length=64), nullable=False),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('arrived_at', sa.BigInteger(), nullable=False),
    sa.Column('read_at', sa.BigInteger(), nullable=True),
    sa.Column('read_by', sa.String(length=120), nullable=True),
    sa.PrimaryKeyConstraint('outbox_id', name=op.f('pk_inbox')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.create_index('ix_inbox_recipient_read_at', ['recipient', 'read_at'], unique=False)

    op.create_table('ledger',
    sa.Column('event_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 …; equals the event's version"),
    sa.Column('at', sa.BigInteger(), nullable=False, comment='never before the row above'),
    sa.Column('action', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False, comment='after the move'),
    sa.Column('effect', sa.String(length=8), nullable=False, comment='on the handling clock'),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('actor', sa.String(length=120), nullable=False),
    sa.Column('account', sa.String(length=64), server_default='', nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('department', sa.String(length=64), nullable=True, comment='the department concerned'),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('said', sa.String(length=200), nullable=False, comment='what happened in a few words, names as they were then'),
    sa.Column('data', sa.JSON(), nullable=False, comment='what was given with the move: amount, due, joint, reason …'),
    sa.Column('key', sa.String(length=120), nullable=True, comment='idempotency key of the move'),
    sa.Column('audit_id', sa.BigInteger(), nullable=True, comment='row of the hash-chained audit record'),
    sa.PrimaryKeyConstraint('event_id', 'seq', name=op.f('pk_ledger')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('ledger', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_at', ['at'], unique=False)
        batch_op.create_index('uq_ledger_key', ['event_id', 'key'], unique=True)

    op.create_table('outbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('department', sa.String(length=64), nullable=False, comment='recipient; a department, or centre:<region>'),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=8), server_default='waiting', nullable=False, comment='waiting, sent or failed for good'),
    sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('next_at', sa.BigInteger(), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('sent_at', sa.BigInteger(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_state_next_at', ['state', 'next_at'], unique=False)
        batch_op.create_index('uq_outbox_effect', ['event_id', 'seq', 'department', 'channel'], unique=True)

    op.create_table('plan_steps',
    sa.Column('event_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('plan', sa.String(length=64), nullable=False),
    sa.Column('words', sa.String(length=200), nullable=False),
    sa.Column('department', sa.String(length=64), nullable=True, comment='who does it; NULL: the lead'),
    sa.Column('due_at', sa.BigInteger(), nullable=True),
    sa.Column('done_at', sa.BigInteger(), nullable=True),
    sa.Column('done_by', sa.String(length=120), nullable=True),
    sa.PrimaryKeyConstraint('event_id', 'position', name=op.f('pk_plan_steps')),
    sqlite_with_rowid=False
    )
    op.create_table('requests',
    sa.Column('event_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False, comment='ledger row of the request'),
    sa.Column('action', sa.String(length=20), nullable=False, comment='ask_return, ask_extension …'),
    sa.Column('asked_by', sa.String(length=120), nullable=False),
    sa.Column('asked_at', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('outcome', sa.String(length=8), server_default='waiting', nullable=False, comment='waiting, granted or denied'),
    sa.Column('decided_by', sa.String(length=120), nullable=True),
    sa.Column('decided_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('event_id', 'seq', name=op.f('pk_requests')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.create_index('ix_requests_outcome', ['outcome', 'asked_at'], unique=False)

    op.create_table('satisfactions',
    sa.Column('event_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False, comment='ledger row of the call back'),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('satisfied', sa.Boolean(), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('event_id', 'seq', name=op.f('pk_satisfactions')),
    sqlite_with_rowid=False
    )
