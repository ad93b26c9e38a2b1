"""PostgreSQL, the second database: how it is reached, and what only it can do.

Chosen by HELDER_DATABASE_URL=postgresql://…; docs/adr/0011 says why and what it costs. Only the
modules that are used with PostgreSQL import this one.
"""

from __future__ import annotations

import hashlib
from typing import Any

import psycopg2
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, make_url

# So many connections of one process, at most: with the two that a gateway keeps for itself, two
# whole stacks stay below the 100 that a server allows by default.
POOL_SIZE, MORE = 5, 5
CONNECT_SECONDS = 5
# A peer that is gone without a word is noticed within half a minute, on both sides.
KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
UNANSWERED_MS = 30_000
LONG_WAIT_MS = 120_000

# What a connection of ours begins with. A commit that was acknowledged survives a power cut,
# whatever the role's or the database's own default is; and no process that hangs half-way through
# a transaction keeps the others waiting for ever.
_SESSION = """
SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit')
           WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false),
       set_config('lock_timeout', %(wait)s, false),
       set_config('statement_timeout', '30000', false),
       set_config('idle_in_transaction_session_timeout', '30000', false),
       set_config('tcp_keepalives_idle', '10', false),
       set_config('tcp_keepalives_interval', '5', false),
       set_config('tcp_keepalives_count', '3', false)
"""


def connect(url: str, wait_ms: int) -> Engine:
    """An engine; whoever waits longer than `wait_ms` for a lock or a connection gets an error."""
    engine = sa.create_engine(
        make_url(url).set(drivername="postgresql+psycopg2"),
        future=True,
        pool_pre_ping=True,
        pool_size=POOL_SIZE,
        max_overflow=MORE,
        pool_timeout=wait_ms / 1000,
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "helder",
            "tcp_user_timeout": UNANSWERED_MS,
            **KEEPALIVES,
        },
    )

    def prepare(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_SESSION, {"wait": str(wait_ms)})
        connection.commit()  # else the pool's own rollback would take it back

    event.listen(engine, "connect", prepare)
    return engine


def reading(engine: Engine) -> Engine:
    """The same engine for read transactions: all of one sees the same moment, and writes nothing.

    They wait for nobody, and PostgreSQL never refuses one for what others write meanwhile.
    https://www.postgresql.org/docs/15/transaction-iso.html#XACT-REPEATABLE-READ
    """
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def session(engine: Engine, *, durable: bool = True) -> Any:
    """A connection of one's own, outside the pool, in which each statement is a transaction.

    One that is not `durable` waits for no disk: for what nobody would miss.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the server cannot be reached.
    """
    raw = engine.raw_connection()
    raw.detach()
    own: Any = raw.dbapi_connection
    own.autocommit = True
    if not durable:
        with own.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
    return own


def lock_number(purpose: str, name: str = "") -> int:
    """The number of an advisory lock: 64 bits of a hash, signed as PostgreSQL wants them."""
    digest = hashlib.sha256(f"helder {purpose}\0{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def wait_for_lock(connection: Connection, purpose: str) -> None:
    """Take an advisory lock that ends with the transaction.

    What only one may do at a time (migrations, the example's rows) takes long: so for this
    transaction waiting is patient, and a statement may take its time.
    """
    for setting, value in (("lock_timeout", LONG_WAIT_MS), ("statement_timeout", 0)):
        connection.exec_driver_sql(f"SET LOCAL {setting} = {value}")
    lock = sa.func.pg_advisory_xact_lock(sa.cast(lock_number(purpose), sa.BigInteger))
    connection.execute(sa.select(lock))


def explain(url: str, error: BaseException) -> str:
    """A sentence for the person who set the address: what is wrong, and what to do."""
    at = make_url(url)
    where = f"{at.host or 'the local socket'}" + (f", port {at.port}" if at.port else "")
    told = str(getattr(error, "orig", error)).strip()
    for words, sentence in (
        (
            ("password authentication failed", "no password supplied", 'role "', "pg_hba.conf"),
            f"PostgreSQL at {where} refuses the user {at.username!r}: check the name and password "
            "in HELDER_DATABASE_URL, and that pg_hba.conf lets this machine in.",
        ),
        (
            (f'database "{at.database}" does not exist',),
            f"There is no database {at.database!r} at {where}: make it, as PostgreSQL's "
            f"administrator, with: createdb --owner={at.username or 'USER'} {at.database}",
        ),
        (
            ("permission denied", "no schema has been selected"),
            f"The user {at.username!r} may not make tables in the database {at.database!r}: make "
            f"it the owner, with: ALTER DATABASE {at.database} OWNER TO {at.username}",
        ),
        (
            ("refused", "could not translate", "No such file", "timeout expired", "No route"),
            f"No PostgreSQL answers at {where}: check that it runs, and HELDER_DATABASE_URL.",
        ),
        (
            ("too many", "remaining connection slots"),
            f"PostgreSQL at {where} has no connection free: raise its max_connections.",
        ),
    ):
        if any(word in told for word in words):
            return sentence
    reason = told.splitlines()[0] if told else type(error).__name__
    return f"The database at {where} cannot be used; check HELDER_DATABASE_URL. It says: {reason}"


FAILURES = (psycopg2.Error, sa.exc.SQLAlchemyError)
