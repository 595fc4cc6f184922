"""The tables of the readings half: series, observations, latest, calls, quarantine, entries, notices."""

from alembic import op
import sqlalchemy as sa


revision = '0001'
down_revision = None


def upgrade() -> None:
    op.create_table('call_rows',
    sa.Column('call_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('line', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('raw', sa.Text(), nullable=False, comment='the line as it arrived, at most 500 characters; not kept for streams'),
    sa.PrimaryKeyConstraint('call_id', 'line', name=op.f('pk_call_rows')),
    sqlite_with_rowid=False
    )
    op.create_table('calls',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('door', sa.String(length=12), nullable=False, comment='pull, push, mqtt, file, manual, rollup, release, demo'),
    sa.Column('origin', sa.Text(), server_default='', nullable=False, comment='file name, address or topic, no secrets'),
    sa.Column('digest', sa.String(length=64), nullable=True, comment='sha256 of the delivered bytes'),
    sa.Column('actor', sa.String(length=120), nullable=False),
    sa.Column('started_at', sa.BigInteger(), nullable=False),
    sa.Column('ended_at', sa.BigInteger(), nullable=False),
    sa.Column('outcome', sa.String(length=12), nullable=False, comment='taken, unchanged, partial, failed'),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('rows', sa.Integer(), server_default='0', nullable=False),
    sa.Column('taken', sa.Integer(), server_default='0', nullable=False),
    sa.Column('unchanged', sa.Integer(), server_default='0', nullable=False),
    sa.Column('quarantined', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calls'))
    )
    with op.batch_alter_table('calls', schema=None) as batch_op:
        batch_op.create_index('ix_calls_source_started_at', ['source', 'started_at'], unique=False)

    op.create_table('dead_letters',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('topic', sa.Text(), nullable=False),
    sa.Column('payload', sa.Text(), nullable=False, comment='at most 64 KB, undecodable bytes escaped'),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('received_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dead_letters'))
    )
    op.create_table('demo_truth',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('episode', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('starts_at', sa.BigInteger(), nullable=False),
    sa.Column('ends_at', sa.BigInteger(), nullable=False),
    sa.Column('effect', sa.Float(), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('detectable', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_demo_truth'))
    )
    op.create_table('entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('dim', sa.String(length=120), server_default='', nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False),
    sa.Column('value', sa.Float(), nullable=True),
    sa.Column('numerator', sa.Float(), nullable=True),
    sa.Column('denominator', sa.Float(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False, comment='where the figure is from'),
    sa.Column('state', sa.String(length=12), server_default='waiting', nullable=False, comment='waiting, accepted or refused'),
    sa.Column('entered_by', sa.String(length=120), nullable=False),
    sa.Column('entered_at', sa.BigInteger(), nullable=False),
    sa.Column('reviewed_by', sa.String(length=120), nullable=True),
    sa.Column('reviewed_at', sa.BigInteger(), nullable=True),
    sa.Column('review_note', sa.Text(), nullable=True),
    sa.Column('call_id', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entries'))
    )
    op.create_table('gaps',
    sa.Column('world', sa.String(length=8), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('dim', sa.String(length=120), server_default='', nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False, comment='newest period that could not be rolled up'),
    sa.Column('absent', sa.Text(), nullable=False, comment='codes of the parts without a value, joined by spaces'),
    sa.Column('bare', sa.Text(), nullable=False, comment='codes of the parts without numerator and denominator'),
    sa.PrimaryKeyConstraint('world', 'region', 'indicator', 'dim', name=op.f('pk_gaps')),
    sqlite_with_rowid=False
    )
    op.create_table('latest',
    sa.Column('world', sa.String(length=8), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('dim', sa.String(length=120), server_default='', nullable=False),
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('series_id', sa.BigInteger(), nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False),
    sa.Column('observed_at', sa.BigInteger(), nullable=False),
    sa.Column('known_at', sa.BigInteger(), nullable=False),
    sa.Column('value', sa.Float(), nullable=True),
    sa.Column('numerator', sa.Float(), nullable=True),
    sa.Column('denominator', sa.Float(), nullable=True),
    sa.Column('basis', sa.String(length=12), nullable=False),
    sa.Column('provenance', sa.String(length=12), nullable=False),
    sa.Column('quality', sa.String(length=120), server_default='', nullable=False),
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('call_id', sa.BigInteger(), nullable=False),
    sa.Column('touched_by', sa.BigInteger(), server_default='0', nullable=False, comment='the call that last changed this row or its history'),
    sa.Column('history', sa.Text(), nullable=False, comment='JSON [["2026-09", 3.7], …], oldest first, newest last'),
    sa.PrimaryKeyConstraint('world', 'region', 'dim', 'indicator', name=op.f('pk_latest')),
    sqlite_with_rowid=False
    )
    op.create_table('leases',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('holder', sa.String(length=80), nullable=False),
    sa.Column('token', sa.BigInteger(), nullable=False, comment='fencing token, grows with every new holder'),
    sa.Column('until', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_leases'))
    )
    op.create_table('observations',
    sa.Column('series_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False, comment='civil-time label, see datasources/delivery/period.py'),
    sa.Column('known_at', sa.BigInteger(), nullable=False, comment='when we learned it: the vintage'),
    sa.Column('observed_at', sa.BigInteger(), nullable=False, comment='the instant the value speaks of, or the end of its period'),
    sa.Column('value', sa.Float(), nullable=True, comment='NULL only with a quality flag that says why'),
    sa.Column('numerator', sa.Float(), nullable=True),
    sa.Column('denominator', sa.Float(), nullable=True),
    sa.Column('basis', sa.String(length=12), server_default='period', nullable=False, comment='period, ytd or point'),
    sa.Column('provenance', sa.String(length=12), nullable=False),
    sa.Column('quality', sa.String(length=120), server_default='', nullable=False, comment='flags joined by spaces'),
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('call_id', sa.BigInteger(), nullable=False, comment='the source call that brought it'),
    sa.Column('line', sa.Integer(), nullable=True, comment='row of the file or message'),
    sa.PrimaryKeyConstraint('series_id', 'period', 'known_at', name=op.f('pk_observations')),
    sqlite_with_rowid=False
    )
    op.create_table('published_figures',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False, comment='the printed name of the figure'),
    sa.Column('indicator', sa.String(length=32), nullable=True, comment='the catalogue code it feeds, if any'),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False),
    sa.Column('value', sa.Float(), nullable=True),
    sa.Column('unit', sa.String(length=32), nullable=False),
    sa.Column('basis', sa.String(length=32), nullable=False),
    sa.Column('source_title', sa.Text(), nullable=False),
    sa.Column('source_url', sa.Text(), nullable=False),
    sa.Column('fragment', sa.Text(), nullable=False),
    sa.Column('publisher', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('file', sa.String(length=60), nullable=False, comment='the shipped file it stands in'),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_figures'))
    )
    with op.batch_alter_table('published_figures', schema=None) as batch_op:
        batch_op.create_index('uq_published_figures_place', ['file', 'line', 'title'], unique=True)

    op.create_table('quarantine',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('call_id', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('line', sa.Integer(), nullable=True),
    sa.Column('indicator', sa.String(length=64), nullable=True),
    sa.Column('region', sa.String(length=32), nullable=True),
    sa.Column('dim', sa.String(length=120), server_default='', nullable=False),
    sa.Column('period', sa.String(length=40), nullable=True),
    sa.Column('observed_at', sa.BigInteger(), nullable=True),
    sa.Column('value', sa.Float(), nullable=True),
    sa.Column('numerator', sa.Float(), nullable=True),
    sa.Column('denominator', sa.Float(), nullable=True),
    sa.Column('basis', sa.String(length=12), nullable=True),
    sa.Column('quality', sa.String(length=120), server_default='', nullable=False),
    sa.Column('raw', sa.Text(), nullable=False, comment='the row as it arrived, at most 500 characters'),
    sa.Column('reasons', sa.JSON(), nullable=False, comment='[{"check": "jump", "message": "…"}]'),
    sa.Column('state', sa.String(length=12), server_default='held', nullable=False, comment='held, released or rejected'),
    sa.Column('held_at', sa.BigInteger(), nullable=False),
    sa.Column('decided_by', sa.String(length=120), nullable=True),
    sa.Column('decided_at', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='same bad row again: one entry, not many'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarantine'))
    )
    with op.batch_alter_table('quarantine', schema=None) as batch_op:
        batch_op.create_index('ix_quarantine_state_source', ['state', 'source'], unique=False)
        batch_op.create_index('uq_quarantine_fingerprint', ['fingerprint'], unique=True)

    op.create_table('series',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('world', sa.String(length=8), nullable=False, comment='real or demo; the two are never mixed'),
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('dim', sa.String(length=120), server_default='', nullable=False, comment="'' or 'industry=陶瓷'"),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series'))
    )
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.create_index('uq_series_key', ['world', 'region', 'indicator', 'dim'], unique=True)

    op.create_table('source_states',
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('last_call_id', sa.BigInteger(), nullable=True),
    sa.Column('last_success_at', sa.BigInteger(), nullable=True),
    sa.Column('last_failure_at', sa.BigInteger(), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.Column('failures_in_row', sa.Integer(), server_default='0', nullable=False),
    sa.Column('newest_period', sa.String(length=20), nullable=True),
    sa.Column('newest_observed_at', sa.BigInteger(), nullable=True),
    sa.Column('freshness', sa.String(length=8), server_default='dead', nullable=False, comment='as last announced by the timetable'),
    sa.Column('since', sa.BigInteger(), nullable=True, comment='since when it has this freshness'),
    sa.PrimaryKeyConstraint('source', name=op.f('pk_source_states'))
    )
    op.create_table('topics',
    sa.Column('topic', sa.String(length=80), nullable=False, comment='readings:demo, theme:demo:environment, sources, catalogue'),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('topic', name=op.f('pk_topics'))
    )


def downgrade() -> None:
    op.drop_table('topics')
    op.drop_table('source_states')
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.drop_index('uq_series_key')

    op.drop_table('series')
    with op.batch_alter_table('quarantine', schema=None) as batch_op:
        batch_op.drop_index('uq_quarantine_fingerprint')
        batch_op.drop_index('ix_quarantine_state_source')

    op.drop_table('quarantine')
    with op.batch_alter_table('published_figures', schema=None) as batch_op:
        batch_op.drop_index('uq_published_figures_place')

    op.drop_table('published_figures')
    op.drop_table('observations')
    op.drop_table('leases')
    op.drop_table('latest')
    op.drop_table('gaps')
    op.drop_table('entries')
    op.drop_table('demo_truth')
    op.drop_table('dead_letters')
    with op.batch_alter_table('calls', schema=None) as batch_op:
        batch_op.drop_index('ix_calls_source_started_at')

    op.drop_table('calls')
    op.drop_table('call_rows')
