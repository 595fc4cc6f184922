"""The tables of audit, and the triggers that let their rows only ever get more."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

LANES = 16
KEPT_DAYS = 180


def upgrade() -> None:
    op.create_table(
        'audit',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
        sa.Column('lane', sa.Integer(), nullable=False, comment='which chain'),
        sa.Column('seq', sa.BigInteger(), nullable=False, comment='place in the chain, from 1 without a gap'),
        sa.Column('at', sa.BigInteger(), nullable=False),
        sa.Column('actor', sa.String(length=120), nullable=False, comment='the name of the person or program'),
        sa.Column('account', sa.String(length=64), server_default='', nullable=False, comment='the account it signed in with'),
        sa.Column('role', sa.String(length=40), nullable=False),
        sa.Column('region', sa.String(length=16), server_default='', nullable=False, comment="of the object; '' for the whole city"),
        sa.Column('address', sa.String(length=45), server_default='', nullable=False, comment="network address; '' on this machine"),
        sa.Column('action', sa.String(length=64), nullable=False, comment='entries.review, personal.reveal, …'),
        sa.Column('object', sa.String(length=160), nullable=False, comment='entry 12, source stations, …'),
        sa.Column('result', sa.String(length=16), nullable=False, comment='ok, refused or failed'),
        sa.Column('request_id', sa.String(length=64), server_default='', nullable=False),
        sa.Column('detail', sa.Text(), server_default='{}', nullable=False, comment='JSON with sorted keys, no personal data'),
        sa.Column('algorithm', sa.String(length=8), nullable=False, comment='of the hash: sha256 or sm3'),
        sa.Column('previous', sa.String(length=64), nullable=False, comment="hash of the row before in this chain; '' for the first"),
        sa.Column('hash', sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_audit')),
    )
    op.create_index('uq_audit_place', 'audit', ['lane', 'seq'], unique=True)
    op.create_index('ix_audit_at', 'audit', ['at'])
    op.create_index('ix_audit_object', 'audit', ['object'])
    heads = op.create_table(
        'audit_heads',
        sa.Column('lane', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('seq', sa.BigInteger(), nullable=False, comment='rows this chain has had so far'),
        sa.Column('hash', sa.String(length=64), nullable=False, comment='of its last row'),
        sa.Column('seal', sa.String(length=120), nullable=False, comment="keyed proof of lane, seq and hash; '' before the first row"),
        sa.PrimaryKeyConstraint('lane', name=op.f('pk_audit_heads')),
    )
    op.create_table(
        'audit_checkpoints',
        sa.Column('lane', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False, comment='rows up to here may be gone'),
        sa.Column('hash', sa.String(length=64), nullable=False, comment='of the row at seq: where the chain goes on'),
        sa.Column('up_to', sa.BigInteger(), nullable=False, comment='rows let go were older than this'),
        sa.Column('made_at', sa.BigInteger(), nullable=False),
        sa.Column('seal', sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint('lane', 'seq', name=op.f('pk_audit_checkpoints')),
    )
    op.create_table(
        'audit_reviews',
        sa.Column('kind', sa.String(length=12), nullable=False, comment='anchor or verify'),
        sa.Column('at', sa.BigInteger(), nullable=False),
        sa.Column('rows', sa.BigInteger(), nullable=False, comment='rows covered'),
        sa.Column('finding', sa.Text(), server_default='', nullable=False, comment="what is wrong; '' if nothing"),
        sa.PrimaryKeyConstraint('kind', name=op.f('pk_audit_reviews')),
    )
    op.bulk_insert(heads, [{'lane': lane, 'seq': 0, 'hash': '', 'seal': ''} for lane in range(1, LANES + 1)])
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    for table in ('audit_reviews', 'audit_checkpoints', 'audit_heads', 'audit'):
        op.drop_table(table)
    if op.get_bind().dialect.name == 'postgresql':
        op.get_bind().exec_driver_sql('DROP FUNCTION audit_refuse(), audit_refuse_early(), audit_refuse_jump()')


def _sqlite(name: str, event: str, table: str, condition: str, said: str) -> str:
    when = f'WHEN {condition} ' if condition else ''
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when}"
        f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
    )


_COVERED = 'EXISTS (SELECT 1 FROM audit_checkpoints c WHERE c.lane = OLD.lane AND c.seq >= OLD.seq)'
_SQLITE_OLD = f"OLD.at <= (CAST(strftime('%s', 'now') AS INTEGER) - {KEPT_DAYS} * 86400) * 1000"
_POSTGRES_OLD = f'OLD.at <= (extract(epoch FROM clock_timestamp()) - {KEPT_DAYS} * 86400) * 1000'
_NEVER = 'audit rows are never changed'
_EARLY = f'audit rows are kept for {KEPT_DAYS} days and go only behind a checkpoint'
_JUMP = 'a chain of the audit record grows by one row at a time'

GUARDS = {
    'sqlite': (
        _sqlite('audit_no_update', 'UPDATE', 'audit', '', _NEVER),
        _sqlite('audit_no_delete', 'DELETE', 'audit', f'NOT ({_SQLITE_OLD} AND {_COVERED})', _EARLY),
        _sqlite('audit_heads_step', 'UPDATE', 'audit_heads', 'NEW.lane <> OLD.lane OR NEW.seq <> OLD.seq + 1', _JUMP),
        _sqlite('audit_heads_no_delete', 'DELETE', 'audit_heads', '', _NEVER),
        _sqlite('audit_checkpoints_no_update', 'UPDATE', 'audit_checkpoints', '', _NEVER),
        _sqlite('audit_checkpoints_no_delete', 'DELETE', 'audit_checkpoints', '', _NEVER),
    ),
    'postgresql': (
        f"CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{_NEVER}'; END $$",
        f"CREATE FUNCTION audit_refuse_early() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {_POSTGRES_OLD} AND {_COVERED} THEN RETURN OLD; END IF; RAISE EXCEPTION '{_EARLY}'; END $$",
        f"CREATE FUNCTION audit_refuse_jump() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF NEW.lane = OLD.lane AND NEW.seq = OLD.seq + 1 THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{_JUMP}'; END $$",
        'CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse()',
        'CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse_early()',
        'CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit EXECUTE FUNCTION audit_refuse()',
        'CREATE TRIGGER audit_heads_step BEFORE UPDATE ON audit_heads FOR EACH ROW EXECUTE FUNCTION audit_refuse_jump()',
        'CREATE TRIGGER audit_heads_no_delete BEFORE DELETE ON audit_heads FOR EACH ROW EXECUTE FUNCTION audit_refuse()',
        'CREATE TRIGGER audit_heads_no_truncate BEFORE TRUNCATE ON audit_heads EXECUTE FUNCTION audit_refuse()',
        'CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints '
        'FOR EACH ROW EXECUTE FUNCTION audit_refuse()',
        'CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints '
        'FOR EACH ROW EXECUTE FUNCTION audit_refuse()',
        'CREATE TRIGGER audit_checkpoints_no_truncate BEFORE TRUNCATE ON audit_checkpoints EXECUTE FUNCTION audit_refuse()',
    ),
}
