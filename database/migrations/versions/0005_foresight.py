"""The tables of foresight: forecasts and their record, warnings, findings, scenarios, heartbeats."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table('findings',
    sa.Column('world', sa.String(length=8), nullable=False),
    sa.Column('model', sa.String(length=40), nullable=False, comment='attribution, monitoring, transmission, nowcast …'),
    sa.Column('subject', sa.String(length=64), nullable=False, comment='indicator, branch or edge the finding is about'),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False, comment='JSON the page draws from'),
    sa.PrimaryKeyConstraint('world', 'model', 'subject', 'region', name=op.f('pk_findings'))
    )
    op.create_table('forecast_models',
    sa.Column('world', sa.String(length=8), nullable=False),
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('switched_off', sa.Boolean(), server_default='0', nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=True, comment='when it was switched off or on again'),
    sa.Column('recent', sa.Text(), nullable=False, comment='JSON: [period, error, naive error] of the last outcomes'),
    sa.PrimaryKeyConstraint('world', 'indicator', 'region', name=op.f('pk_forecast_models'))
    )
    op.create_table('forecast_scores',
    sa.Column('world', sa.String(length=8), nullable=False),
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('lead', sa.Integer(), autoincrement=False, nullable=False, comment='steps ahead, from 1'),
    sa.Column('outcomes', sa.Integer(), nullable=False),
    sa.Column('error', sa.Float(), nullable=False, comment='sum of absolute errors'),
    sa.Column('naive_error', sa.Float(), nullable=False, comment='the same of the naive forecast'),
    sa.Column('smape', sa.Float(), nullable=False, comment='sum of symmetric per cent errors'),
    sa.Column('naive_smape', sa.Float(), nullable=False),
    sa.Column('inside80', sa.Integer(), nullable=False, comment='outcomes within the 80 % interval'),
    sa.Column('inside95', sa.Integer(), nullable=False),
    sa.Column('abstained', sa.Integer(), server_default='0', nullable=False, comment='of these, made without a model'),
    sa.PrimaryKeyConstraint('world', 'indicator', 'region', 'lead', name=op.f('pk_forecast_scores'))
    )
    op.create_table('forecasts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('world', sa.String(length=8), nullable=False),
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('origin', sa.String(length=20), nullable=False, comment='the newest period it knew'),
    sa.Column('issued_at', sa.BigInteger(), nullable=False),
    sa.Column('model', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True, comment='why only the naive forecast is given; NULL if the model speaks'),
    sa.Column('steps', sa.Text(), nullable=False, comment='JSON: [period, mean, lo80, hi80, lo95, hi95, naive] for each lead'),
    sa.Column('scored', sa.Integer(), server_default='0', nullable=False, comment='leads whose outcome has been entered'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forecasts'))
    )
    with op.batch_alter_table('forecasts', schema=None) as batch_op:
        batch_op.create_index('ix_forecasts_issued_at', ['issued_at'], unique=False)
        batch_op.create_index('uq_forecasts_origin', ['world', 'indicator', 'region', 'origin'], unique=True)

    op.create_table('heartbeats',
    sa.Column('engine', sa.String(length=40), nullable=False, comment='warnings, forecasts, models'),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('promised', sa.Float(), nullable=False, comment='seconds until the next beat'),
    sa.Column('words', sa.Text(), server_default='', nullable=False, comment='what it did, or what went wrong'),
    sa.PrimaryKeyConstraint('engine', name=op.f('pk_heartbeats'))
    )
    op.create_table('scenarios',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('world', sa.String(length=8), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('supposed', sa.Text(), nullable=False, comment='JSON: supposed change by indicator'),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('forgotten_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scenarios'))
    )
    op.create_table('warning_courses',
    sa.Column('world', sa.String(length=8), nullable=False),
    sa.Column('rule', sa.String(length=63), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('course', sa.Text(), nullable=False, comment='JSON of decisions/warning_course.py'),
    sa.Column('period', sa.String(length=20), nullable=False, comment='the newest period it has seen'),
    sa.Column('warning', sa.BigInteger(), nullable=True, comment='the warning in force'),
    sa.Column('digest', sa.String(length=16), nullable=False, comment='of the history it has seen: late data change it'),
    sa.PrimaryKeyConstraint('world', 'rule', 'region', name=op.f('pk_warning_courses'))
    )
    op.create_table('warning_edits',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('rule', sa.String(length=63), nullable=False),
    sa.Column('changes', sa.Text(), nullable=False, comment='JSON: keys that differ from warnings.yaml; {} takes an edit back'),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_warning_edits'))
    )
    with op.batch_alter_table('warning_edits', schema=None) as batch_op:
        batch_op.create_index('ix_warning_edits_rule', ['rule'], unique=False)

    op.create_table('warning_silences',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('world', sa.String(length=8), nullable=False),
    sa.Column('rule', sa.String(length=63), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=True, comment='NULL: everywhere within the rights of who set it'),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('begins_at', sa.BigInteger(), nullable=False),
    sa.Column('ends_at', sa.BigInteger(), nullable=False),
    sa.Column('ended_by', sa.String(length=120), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_warning_silences'))
    )
    op.create_table('warning_steps',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('warning', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('act', sa.String(length=16), nullable=False, comment='raised, lowered, lifted, acknowledged, judged, event, expired …'),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.Column('value', sa.Float(), nullable=True),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_warning_steps'))
    )
    with op.batch_alter_table('warning_steps', schema=None) as batch_op:
        batch_op.create_index('ix_warning_steps_warning', ['warning'], unique=False)

    op.create_table('warnings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('world', sa.String(length=8), nullable=False),
    sa.Column('rule', sa.String(length=63), nullable=False),
    sa.Column('name', sa.Text(), nullable=False, comment='of the rule when it was raised'),
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('theme', sa.String(length=63), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('family', sa.String(length=63), server_default='', nullable=False, comment='shown as one within a region'),
    sa.Column('measure', sa.String(length=12), nullable=False),
    sa.Column('level', sa.Integer(), nullable=True, comment='1 red to 4 blue; NULL once lifted'),
    sa.Column('peak_level', sa.Integer(), nullable=False),
    sa.Column('peak', sa.Float(), nullable=True, comment='the worst value so far'),
    sa.Column('bound', sa.Float(), nullable=True, comment='the bound of the level in force'),
    sa.Column('began_at', sa.BigInteger(), nullable=False, comment='instant of the value that raised it'),
    sa.Column('known_at', sa.BigInteger(), nullable=False, comment='when the engine saw that value'),
    sa.Column('turned_at', sa.BigInteger(), nullable=False, comment='last change of level'),
    sa.Column('lifted_at', sa.BigInteger(), nullable=True),
    sa.Column('is_late', sa.Boolean(), server_default='0', nullable=False, comment='from late data: nobody was alarmed'),
    sa.Column('quiet', sa.Text(), nullable=True, comment='why it stays quiet: inhibited by a cause, or a silence; NULL if it speaks'),
    sa.Column('evidence', sa.Text(), nullable=False, comment='JSON: what the rule saw, with provenance and sources'),
    sa.Column('owner', sa.String(length=63), nullable=False),
    sa.Column('acknowledged_by', sa.String(length=120), nullable=True),
    sa.Column('acknowledged_at', sa.BigInteger(), nullable=True),
    sa.Column('comment', sa.Text(), nullable=True),
    sa.Column('keep_until', sa.BigInteger(), nullable=True, comment='an acknowledgement ends at the handover of the shift'),
    sa.Column('verdict', sa.String(length=12), nullable=True, comment='confirmed or false, said by a person'),
    sa.Column('verdict_by', sa.String(length=120), nullable=True),
    sa.Column('verdict_at', sa.BigInteger(), nullable=True),
    sa.Column('verdict_note', sa.Text(), nullable=True),
    sa.Column('event', sa.String(length=40), nullable=True, comment='number of the event opened from it'),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_warnings'))
    )
    with op.batch_alter_table('warnings', schema=None) as batch_op:
        batch_op.create_index('ix_warnings_open', ['world', 'lifted_at', 'level'], unique=False)
        batch_op.create_index('ix_warnings_rule', ['world', 'rule', 'began_at'], unique=False)

