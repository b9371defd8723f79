"""What the tables share, and those of people: who they are, how they agreed, and who said no.

Changing one means a migration beside it (`ledger/migrations`). Others find them in `ledger.tables`, beside the rest.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, text

from channels.contract import Kind
from dispatcher.ledger.columns import Id, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: The column that holds a person's or delivery's address of each kind.
ADDRESS = {kind: f"to_{kind.value}" for kind in Kind}


#: Any address. A push subscription is one with two keys behind it. SQLite looks at no length, so it keeps the old one.
ANY_ADDRESS = String(1500).with_variant(String(320), "sqlite")


def addresses() -> list[Column[str]]:
    return [Column(name, ANY_ADDRESS if kind is Kind.PUSH else String(320)) for kind, name in ADDRESS.items()]


recipient = Table(
    "recipient",
    metadata,
    Column("id", Id, primary_key=True),
    #: The importer's own key for the person; a second import of the same ref changes the row.
    Column("ref", String(200), nullable=False, unique=True),
    Column("name", String(200), nullable=False, server_default=""),
    Column("locale", String(10), nullable=False, server_default="en"),
    *addresses(),
    #: Which kinds have an address, one bit for each (`ledger.reach`): what planning groups people by.
    Column("reach", Integer, nullable=False, server_default="0"),
    #: Who hosts the mailbox (`mail_domain`); "" for nobody we know. Without a mail address it means nothing.
    Column("mail_vendor", String(64), nullable=False, server_default=""),
    #: When they are not to be woken (`model.quiet`); "" for never.
    Column("quiet", String(80), nullable=False, server_default=""),
    #: Of which kinds an address was left out or taken because its owner said no, one bit for each, like `reach`.
    Column("refused", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    #: The few different quiet hours are asked for before every plan.
    Index("ix_recipient_quiet", "quiet", sqlite_where=text("quiet <> ''"), postgresql_where=text("quiet <> ''")),
    #: Whoever subscribes to push is found by the app user they are, and whoever had the same device by its address.
    *(
        Index(
            f"ix_recipient_{name}",
            name,
            sqlite_where=text(f"{name} IS NOT NULL"),
            postgresql_where=text(f"{name} IS NOT NULL"),
        )
        for name in (ADDRESS[Kind.INAPP], ADDRESS[Kind.PUSH])
    ),
)

recipient_tag = Table(
    "recipient_tag",
    metadata,
    Column("tag", String(64), primary_key=True),
    Column("recipient_id", Id, ForeignKey("recipient.id", ondelete="CASCADE"), primary_key=True, index=True),
)

mail_domain = Table(
    "mail_domain",
    metadata,
    #: The right half of mail addresses, in small letters.
    Column("domain", String(255), primary_key=True),
    #: Who hosts the mailboxes, "" for nobody we know.
    Column("vendor", String(64), nullable=False, server_default=""),
    #: `list`: it stands in vendors.yaml. `mx`: DNS said so.
    Column("source", String(10), nullable=False),
    #: The mail exchangers, the preferred first, separated by spaces.
    Column("hosts", Text, nullable=False, server_default=""),
    #: When that was answered; empty when nobody has answered yet.
    Column("asked_at", Instant),
    Column("tried_at", Instant, nullable=False),
    #: Why the last question had no answer, "" when it had.
    Column("problem", Text, nullable=False, server_default=""),
)

opt_out = Table(
    "opt_out",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("address", ANY_ADDRESS, primary_key=True),
    Column("at", Instant, nullable=False),
    #: Where it was heard: a link in a mail, a provider's answer.
    Column("source", String(200), nullable=False),
)

#: Every no and every START wherever it was heard, and what else people wrote back. `opt_out` is what holds now.
said = Table(
    "said",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("address", ANY_ADDRESS, nullable=False),
    #: stop, start, help or other.
    Column("wish", String(10), nullable=False),
    #: Where it was heard: a link in a mail, a route with what was written, a provider's answer.
    Column("source", String(200), nullable=False),
    #: What they wrote, "" when nothing was written.
    Column("words", Text, nullable=False, server_default=""),
    #: Equal for copies of one event; the second copy is not kept. Empty where there are no copies.
    Column("event", String(300), unique=True),
    #: What it changed, in words.
    Column("effect", Text, nullable=False, server_default=""),
    Index("ix_said_kind_address", "kind", "address"),
)

#: From whom a no took the address; a later START gives it back to them.
address_taken = Table(
    "address_taken",
    metadata,
    Column("said_id", Id, ForeignKey("said.id", ondelete="CASCADE"), primary_key=True),
    Column("recipient_id", Id, ForeignKey("recipient.id", ondelete="CASCADE"), primary_key=True, index=True),
)

consent = Table(
    "consent",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("address", ANY_ADDRESS, primary_key=True),
    #: How they agreed to be told, in the importer's words.
    Column("source", String(200), nullable=False),
    #: When they did, if that was said.
    Column("at", Instant),
    Column("noted_at", Instant, nullable=False),
)
