"""The tables of the ledger. Changing one means a migration beside it (`ledger/migrations`)."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from dispatcher.ledger.columns import Id, Instant, Json
from dispatcher.ledger.tables_asking import confirmation
from dispatcher.ledger.tables_people import (
    ADDRESS,
    address_taken,
    addresses,
    consent,
    mail_domain,
    metadata,
    opt_out,
    recipient,
    recipient_tag,
    said,
)
from dispatcher.ledger.tables_upkeep import break_glass, pulse

#: Handed on from `tables_asking`, `tables_people` and `tables_upkeep`.
__all__ = [
    "ADDRESS",
    "address_taken",
    "break_glass",
    "confirmation",
    "consent",
    "mail_domain",
    "metadata",
    "opt_out",
    "pulse",
    "recipient",
    "recipient_tag",
    "said",
]


def _reference(column: str, table: str) -> ForeignKeyConstraint:
    """To a row that the same statement or transaction has just written. SQLite checks it in passing; PostgreSQL would
    run a query of its own for each of a million deliveries, so there it is left out."""
    return ForeignKeyConstraint([column], [f"{table}.id"], info={"only": "sqlite"}).ddl_if(dialect="sqlite")


incident = Table(
    "incident",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title", String(300), nullable=False),
    Column("playbook", String(64), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("severity", String(20), nullable=False),
    Column("vendors", Json, nullable=False),
    Column("audience", String(64), nullable=False),
    Column("facts", Json, nullable=False),
    Column("source", String(200), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("resolve_offered_at", Instant),
)

incident_update = Table(
    "incident_update",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident_id", Id, ForeignKey("incident.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("facts", Json, nullable=False),
    Column("author", String(200), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_update_at", Instant),
    UniqueConstraint("incident_id", "number"),
)

broadcast = Table(
    "broadcast",
    metadata,
    Column("id", Id, primary_key=True),
    #: Random and never reused, also between ledgers: the stem of every delivery's idempotency key.
    Column("uid", String(32), nullable=False, unique=True),
    Column("update_id", Id, ForeignKey("incident_update.id"), nullable=False, unique=True),
    Column("incident_id", Id, ForeignKey("incident.id"), nullable=False, index=True),
    Column("audience", String(64), nullable=False),
    #: As the incident's was when it was accepted: how hard to try depends on it. Empty where an older release wrote it.
    Column("severity", String(20)),
    Column("status", String(20), nullable=False),
    Column("valid_until", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("planned_at", Instant),
    #: When nothing of it could be sent any more; from then on the sweep does not look at it.
    Column("closed_at", Instant),
    #: When its deliveries went into an archive file; `totals` is what they had come to.
    Column("archived_at", Instant),
    Column("totals", Json),
    Column("author", String(200), nullable=False),
    #: When somebody halted it, who, and why; nothing more of it is sent, as if a newer one had taken its place.
    Column("stopped_at", Instant),
    Column("stopped_by", String(200)),
    Column("stopped_why", Text),
    #: Why somebody sent it past a failed check, "" when nothing was overridden.
    Column("override", Text, nullable=False, server_default=""),
    Index(
        "ix_broadcast_unplanned",
        "id",
        sqlite_where=text("status = 'accepted'"),
        postgresql_where=text("status = 'accepted'"),
    ),
    Index(
        "ix_broadcast_open",
        "valid_until",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

words = Table(
    "words",
    metadata,
    Column("id", Id, primary_key=True),
    Column("broadcast_id", Id, ForeignKey("broadcast.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("locale", String(10), nullable=False),
    #: Differs from `locale` when there is no text in that language: the fallback stays visible.
    Column("used_locale", String(10), nullable=False),
    Column("template", String(300), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    UniqueConstraint("broadcast_id", "kind", "locale"),
)

plan_class = Table(
    "plan_class",
    metadata,
    Column("id", Id, primary_key=True),
    Column("broadcast_id", Id, ForeignKey("broadcast.id"), nullable=False, index=True),
    Column("leg", String(64), nullable=False),
    Column("people", Integer, nullable=False),
    #: The chain and what was left out, each with its reason, as written before the first attempt.
    Column("chain", Json, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Id, primary_key=True),
    Column("broadcast_id", Id, nullable=False),
    Column("update_id", Id, nullable=False),
    Column("incident_id", Id, nullable=False),
    Column("leg", String(64), nullable=False),
    #: Whom it is for: `r<recipient id>` or `d:<destination>`.
    Column("subject", String(80), nullable=False),
    Column("recipient_id", Id),
    Column("name", String(200), nullable=False, server_default=""),
    Column("locale", String(10), nullable=False),
    Column("class_id", Id, nullable=False),
    *addresses(),
    Column("status", String(20), nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    #: Which places of the chain have had their turn (`model.turns`); "" where it stands at its beginning, and where an
    #: older release came along in order.
    Column("turns", Text, nullable=False, server_default=""),
    Column("route", String(64), nullable=False, server_default=""),
    Column("kind", String(10), nullable=False, server_default=""),
    #: Attempts on this route since the chain came to it.
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("lookups", Integer, nullable=False, server_default="0"),
    Column("failovers", Integer, nullable=False, server_default="0"),
    Column("on_route_since", Instant, nullable=False),
    Column("next_attempt_at", Instant),
    #: Until when a receipt is waited for, while a provider has it; null where none is expected.
    Column("confirm_by", Instant),
    #: How many of its attempts are `silent_at` and have no final word since.
    Column("silent", Integer, nullable=False, server_default="0"),
    Column("deadline", Instant, nullable=False),
    #: The attempt under way or last made; a worker's hold is proven by it and by `lease_owner`.
    Column("attempt_id", Id),
    Column("lease_owner", String(64)),
    Column("lease_until", Instant),
    #: Why it stands as it stands, in words.
    Column("reason", Text, nullable=False, server_default=""),
    #: True once a provider may have been given it twice on one route; the report names it.
    Column("maybe_twice", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", Instant, nullable=False),
    Column("first_attempt_at", Instant),
    Column("accepted_at", Instant),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("update_id", "leg", "subject"),
    _reference("broadcast_id", "broadcast"),
    _reference("class_id", "plan_class"),
    Index(
        "ix_delivery_due",
        "route",
        "next_attempt_at",
        # A broadcast's deliveries are all due at the same moment: without the id, each claim would sort all of them.
        "id",
        sqlite_where=text("status IN ('pending', 'uncertain')"),
        postgresql_where=text("status IN ('pending', 'uncertain')"),
    ),
    #: The same for each broadcast, where several share a route.
    Index(
        "ix_delivery_shared",
        "route",
        "broadcast_id",
        "next_attempt_at",
        "id",
        sqlite_where=text("status IN ('pending', 'uncertain')"),
        postgresql_where=text("status IN ('pending', 'uncertain')"),
    ),
    Index(
        "ix_delivery_leased",
        "lease_until",
        sqlite_where=text("status IN ('sending', 'asking')"),
        postgresql_where=text("status IN ('sending', 'asking')"),
    ),
    Index(
        "ix_delivery_unheard",
        "confirm_by",
        sqlite_where=text("confirm_by IS NOT NULL AND status IN ('accepted', 'sent')"),
        postgresql_where=text("confirm_by IS NOT NULL AND status IN ('accepted', 'sent')"),
    ),
    Index("ix_delivery_broadcast_status", "broadcast_id", "status"),
    Index("ix_delivery_incident_id", "incident_id", "id"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Id, primary_key=True),
    Column("delivery_id", Id, nullable=False, index=True),
    Column("route", String(64), nullable=False),
    Column("kind", String(10), nullable=False),
    #: Unguessable; the way back for this attempt's receipts.
    Column("token", String(40), nullable=False, unique=True),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    #: Empty while the request may be under way: the intent is committed before the request leaves.
    Column("outcome", String(20)),
    Column("blame", String(20)),
    Column("code", String(64)),
    Column("provider_code", String(64)),
    Column("detail", Text),
    #: What was decided upon it, in words.
    Column("decision", Text),
    Column("lookup", Text),
    Column("ref", String(300)),
    Column("receipt_word", String(20)),
    Column("receipt_at", Instant),
    #: When it was clear that no receipt had come in time, and what was decided upon it.
    Column("silent_at", Instant),
    Column("silence", Text),
    _reference("delivery_id", "delivery"),
)

receipt = Table(
    "receipt",
    metadata,
    Column("id", Id, primary_key=True),
    Column("received_at", Instant, nullable=False),
    Column("route", String(64), nullable=False),
    Column("token", String(64), nullable=False),
    Column("ref", String(300), nullable=False),
    #: Equal for copies of one event; the second copy is not stored.
    Column("event", String(300), nullable=False, unique=True),
    Column("word", String(20), nullable=False),
    Column("fault", Json),
    Column("raw", Json, nullable=False),
    Column("folded_at", Instant),
    #: Empty after folding when nobody knows the attempt.
    Column("attempt_id", Id, index=True),
    #: What it changed, in words.
    Column("effect", Text),
    Index(
        "ix_receipt_unfolded", "id", sqlite_where=text("folded_at IS NULL"), postgresql_where=text("folded_at IS NULL")
    ),
    #: Heard of attempts nobody knows: counted by /metrics, looked through when a break-glass ledger is merged.
    Index(
        "ix_receipt_unknown",
        "token",
        sqlite_where=text("attempt_id IS NULL AND folded_at IS NOT NULL"),
        postgresql_where=text("attempt_id IS NULL AND folded_at IS NOT NULL"),
    ),
)

route_state = Table(
    "route_state",
    metadata,
    Column("route", String(64), primary_key=True),
    Column("paused_until", Instant),
    Column("reason", Text, nullable=False, server_default=""),
    Column("updated_at", Instant, nullable=False),
    #: Its breaker (`model.circuit`); null is one that never opened. Only the state and `probe_at` are compared.
    Column("breaker", String(10)),
    Column("breaker_cause", Text),
    Column("breaker_since", Instant),
    Column("breaker_times", Integer),
    Column("probe_at", Instant),
    #: What is spent of its pace (`model.pace`); null where it has none or was not used.
    Column("free_at", Instant),
    Column("spent_day", String(10)),
    Column("spent", Integer),
)

vendor_word = Table(
    "vendor_word",
    metadata,
    Column("id", Id, primary_key=True),
    Column("vendor", String(64), nullable=False, index=True),
    #: What an operator says it is; empty takes back what was said before. The last word about a vendor holds.
    Column("state", String(10), nullable=False),
    Column("author", String(200), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Instant, nullable=False),
    #: When it ends by itself; empty for not.
    Column("until", Instant),
)

vendor_feed = Table(
    "vendor_feed",
    metadata,
    Column("vendor", String(64), primary_key=True),
    #: From where it was read; what was read elsewhere says nothing any more.
    Column("url", String(500), nullable=False),
    #: What it said when it was read last, since when that is so, and when it was read.
    Column("state", String(10), nullable=False, server_default=""),
    Column("why", Text, nullable=False, server_default=""),
    Column("since", Instant),
    Column("seen_at", Instant),
    #: When somebody looks next; whoever moves it on looks.
    Column("next_at", Instant, nullable=False),
    Column("tried_at", Instant),
    #: By which its server knows whether it has changed.
    Column("etag", String(200), nullable=False, server_default=""),
    Column("modified", String(200), nullable=False, server_default=""),
    #: Why the last look failed, "" when it did not.
    Column("problem", Text, nullable=False, server_default=""),
)

inbox = Table(
    "inbox",
    metadata,
    #: The number a client remembers (`Last-Event-ID`); it only grows.
    Column("seq", Id, primary_key=True),
    Column("app_user", String(320), nullable=False),
    Column("key", String(200), nullable=False, unique=True),
    Column("token", String(40), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("useful_until", Instant, nullable=False),
    Column("read_at", Instant),
    #: What it is about: a later one with the same thread takes its place. Null where an older release wrote it.
    Column("thread", String(200)),
    #: Whether it shall be noticed at once; null, where an older release wrote it, means so.
    Column("notable", Boolean),
    Index("ix_inbox_app_user_seq", "app_user", "seq"),
    sqlite_autoincrement=True,
)

alert = Table(
    "alert",
    metadata,
    #: Source and fingerprint of the alert, or of the group it belongs to.
    Column("key", String(300), primary_key=True),
    Column("incident_id", Id, ForeignKey("incident.id"), nullable=False, index=True),
    #: The incident's grouping: a second alert of the same group joins the open incident.
    Column("group_key", String(300), nullable=False, index=True),
    Column("firing", Boolean, nullable=False),
    Column("times", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("scope", String(100), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("response", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
)
