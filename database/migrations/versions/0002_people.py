"""The tables of people: accounts, grants, sessions, tokens, one-time sign-ins, failures, earlier passwords."""

from alembic import op
import sqlalchemy as sa


revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table('failures',
    sa.Column('subject', sa.String(length=160), nullable=False, comment='account:<folded name> or address:<address>'),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.Column('locked_until', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('subject', name=op.f('pk_failures'))
    )
    with op.batch_alter_table('failures', schema=None) as batch_op:
        batch_op.create_index('ix_failures_since', ['since'], unique=False)

    op.create_table('tokens',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False, comment='api or screen'),
    sa.Column('name', sa.String(length=64), nullable=False, comment='what or where it is for'),
    sa.Column('token_hash', sa.String(length=64), nullable=False, comment='SHA-256'),
    sa.Column('tail', sa.String(length=6), nullable=False, comment='its last letters, to tell tokens apart'),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('rights', sa.Text(), nullable=False, comment="joined by spaces; never more than the role's"),
    sa.Column('regions', sa.Text(), nullable=False, comment='joined by spaces, each with everything below it'),
    sa.Column('department', sa.String(length=64), server_default='', nullable=False),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.Column('revoked_at', sa.BigInteger(), nullable=True),
    sa.Column('revoked_by', sa.String(length=120), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tokens'))
    )
    with op.batch_alter_table('tokens', schema=None) as batch_op:
        batch_op.create_index('uq_tokens_token_hash', ['token_hash'], unique=True)

    op.create_table('users',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False, comment='what is typed at sign-in'),
    sa.Column('name_key', sa.String(length=64), nullable=False, comment='the same folded: case, width and spaces do not count'),
    sa.Column('shown', sa.String(length=64), nullable=False, comment="the person's name as colleagues read it"),
    sa.Column('home', sa.String(length=16), nullable=False, comment='region the account belongs to; its administrators manage it'),
    sa.Column('department', sa.String(length=64), server_default='', nullable=False),
    sa.Column('origin', sa.String(length=12), server_default='local', nullable=False, comment='local, machine, oidc or gateway'),
    sa.Column('password_hash', sa.String(length=200), nullable=True, comment='argon2id; NULL: this account has no password'),
    sa.Column('password_set_at', sa.BigInteger(), nullable=True),
    sa.Column('must_change', sa.Boolean(), server_default='0', nullable=False, comment='true: first a new password'),
    sa.Column('disabled_at', sa.BigInteger(), nullable=True),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('signed_in_at', sa.BigInteger(), nullable=True, comment='last sign-in'),
    sa.Column('totp_sealed', sa.Text(), nullable=True, comment='secret of the second factor, sealed'),
    sa.Column('totp_since', sa.BigInteger(), nullable=True, comment='since when it is asked for; NULL while it is being set up'),
    sa.Column('totp_step', sa.BigInteger(), server_default='0', nullable=False, comment='last step used: a code works once'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users'))
    )
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.create_index('uq_users_name_key', ['name_key'], unique=True)

    op.create_table('grants',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('region', sa.String(length=16), nullable=False, comment='with everything below it'),
    sa.Column('department', sa.String(length=64), server_default='', nullable=False, comment="'' for roles without"),
    sa.Column('origin', sa.String(length=12), server_default='local', nullable=False, comment='local, or outside: follows groups'),
    sa.Column('given_by', sa.String(length=120), nullable=False),
    sa.Column('given_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_grants_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grants'))
    )
    with op.batch_alter_table('grants', schema=None) as batch_op:
        batch_op.create_index('uq_grants_what', ['user_id', 'role', 'region', 'department'], unique=True)

    op.create_table('identities',
    sa.Column('issuer', sa.String(length=200), nullable=False, comment="address of the OIDC provider, or 'gateway'"),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('linked_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_identities_user_id_users')),
    sa.PrimaryKeyConstraint('issuer', 'subject', name=op.f('pk_identities'))
    )
    with op.batch_alter_table('identities', schema=None) as batch_op:
        batch_op.create_index('ix_identities_user_id', ['user_id'], unique=False)

    op.create_table('old_passwords',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('set_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_old_passwords_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_old_passwords'))
    )
    with op.batch_alter_table('old_passwords', schema=None) as batch_op:
        batch_op.create_index('ix_old_passwords_user_id', ['user_id'], unique=False)

    op.create_table('once',
    sa.Column('token_hash', sa.String(length=64), nullable=False, comment='SHA-256'),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('purpose', sa.String(length=12), nullable=False, comment='enter, or password: sign in only to set a new one'),
    sa.Column('made_by', sa.String(length=120), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('ends_at', sa.BigInteger(), nullable=False),
    sa.Column('used_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_once_user_id_users')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_once'))
    )
    with op.batch_alter_table('once', schema=None) as batch_op:
        batch_op.create_index('ix_once_user_id', ['user_id'], unique=False)

    op.create_table('sessions',
    sa.Column('token_hash', sa.String(length=64), nullable=False, comment='SHA-256 of what the cookie holds'),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False, comment="the role acted in, '' before any was granted"),
    sa.Column('department', sa.String(length=64), server_default='', nullable=False),
    sa.Column('pending', sa.String(length=20), server_default='', nullable=False, comment='password or second_factor: that first'),
    sa.Column('means', sa.String(length=20), nullable=False, comment='password, once, oidc: how it was opened'),
    sa.Column('address', sa.String(length=64), server_default='', nullable=False),
    sa.Column('opened_at', sa.BigInteger(), nullable=False),
    sa.Column('seen_at', sa.BigInteger(), nullable=False, comment='last act of the person, exact to a minute'),
    sa.Column('ends_at', sa.BigInteger(), nullable=False, comment='at the latest'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_sessions_user_id_users')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_sessions'))
    )
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.create_index('ix_sessions_ends_at', ['ends_at'], unique=False)
        batch_op.create_index('ix_sessions_user_id', ['user_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_index('ix_sessions_user_id')
        batch_op.drop_index('ix_sessions_ends_at')

    op.drop_table('sessions')
    with op.batch_alter_table('once', schema=None) as batch_op:
        batch_op.drop_index('ix_once_user_id')

    op.drop_table('once')
    with op.batch_alter_table('old_passwords', schema=None) as batch_op:
        batch_op.drop_index('ix_old_passwords_user_id')

    op.drop_table('old_passwords')
    with op.batch_alter_table('identities', schema=None) as batch_op:
        batch_op.drop_index('ix_identities_user_id')

    op.drop_table('identities')
    with op.batch_alter_table('grants', schema=None) as batch_op:
        batch_op.drop_index('uq_grants_what')

    op.drop_table('grants')
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_index('uq_users_name_key')

    op.drop_table('users')
    with op.batch_alter_table('tokens', schema=None) as batch_op:
        batch_op.drop_index('uq_tokens_token_hash')

    op.drop_table('tokens')
    with op.batch_alter_table('failures', schema=None) as batch_op:
        batch_op.drop_index('ix_failures_since')

    op.drop_table('failures')
