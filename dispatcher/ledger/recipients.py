"""People: written by imports, counted by class for planning."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    delete,
    func,
    insert,
    literal_column,
    not_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from channels.contract import Kind
from dispatcher.ledger.reach import from_mask, to_mask
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import ADDRESS, consent, mail_domain, recipient, recipient_tag
from dispatcher.model import quiet
from dispatcher.model.config import Audience
from dispatcher.model.recipient import Consent, PeopleClass, Recipient

_CHUNK = 400  # keeps a statement under SQLite's limit of 32,766 parameters


#: Where the mailbox is, for those who have one: the others are not told apart by where it once was.
_MAILBOX_AT = case(
    (recipient.c[ADDRESS[Kind.EMAIL]].is_not(None), recipient.c.mail_vendor), else_=literal_column("''")
).label("mail_vendor")
#: What planning tells people apart by.
ALIKE = (recipient.c.locale, recipient.c.reach, _MAILBOX_AT)

#: Everything about a person that an import may change, by the names of its columns.
EVERYTHING = frozenset({"name", "locale", "tags", "quiet", *(kind.value for kind in Kind)})


def upsert(tx: Tx, people: Sequence[Recipient], *, change: Collection[str] = EVERYTHING) -> None:
    """Write people by their `ref`, each ref once. All of them, or on an error none.

    Args:
        tx: A transaction.
        people: Whom to write.
        change: What is changed of those who are there already: `name`, `locale`, `tags`, `quiet`, or a kind of address.

    How people agreed is kept with their addresses whenever it is given, and never taken away by an import without it.
    """
    moment = now()
    _keep_consents(tx, people)
    for start in range(0, len(people), _CHUNK):
        chunk = people[start : start + _CHUNK]
        rows = [
            {
                "ref": person.ref,
                "name": person.name,
                "locale": person.locale,
                **{column: person.addresses.get(kind) for kind, column in ADDRESS.items()},
                "quiet": str(person.quiet or ""),
                "refused": to_mask(person.refused),
                "created_at": moment,
                "updated_at": moment,
            }
            for person in chunk
        ]
        into = upserting(tx)(recipient)
        names = [
            "updated_at",
            *({"name", "locale", "quiet"} & set(change)),
            *(ADDRESS[kind] for kind in Kind if kind in change),
        ]
        changed: dict[str, Any] = {name: into.excluded[name] for name in names}
        # A no stays known whatever a file says; where there is an address all the same, it says nothing.
        changed["refused"] = recipient.c.refused.bitwise_or(into.excluded["refused"])
        write = into.on_conflict_do_update(index_elements=["ref"], set_=changed)
        saved = tx.execute(write.returning(recipient.c.ref, recipient.c.id), rows)
        ids = {row.ref: row.id for row in saved}
        everyone = list(ids.values())
        reach_now(tx, everyone)
        if "tags" not in change:
            continue
        tx.execute(delete(recipient_tag).where(recipient_tag.c.recipient_id.in_(everyone)))
        tags = [{"tag": tag, "recipient_id": ids[person.ref]} for person in chunk for tag in person.tags]
        if tags:
            tx.execute(insert(recipient_tag), tags)


def _keep_consents(tx: Tx, people: Sequence[Recipient]) -> None:
    # An address may be two people's; within one statement it may stand once.
    given = {
        (kind, address): person.consent
        for person in people
        if person.consent is not None
        for kind, address in person.addresses.items()
    }
    keep_consents(tx, given)


def keep_consents(tx: Tx, given: Mapping[tuple[Kind, str], Consent]) -> None:
    """Keep how the owners of these addresses agreed to be told; what was known of them before gives way."""
    moment = now()
    listed = [
        {"kind": kind, "address": address, "source": agreed.source[:200], "at": agreed.at, "noted_at": moment}
        for (kind, address), agreed in given.items()
    ]
    for start in range(0, len(listed), _CHUNK):
        into = upserting(tx)(consent).values(listed[start : start + _CHUNK])
        changed = {name: into.excluded[name] for name in ("source", "at", "noted_at")}
        tx.execute(into.on_conflict_do_update(index_elements=["kind", "address"], set_=changed))


def consents(tx: Tx, addresses: Collection[tuple[Kind, str]]) -> dict[tuple[Kind, str], Consent]:
    """How the owners of these addresses agreed to be told; those of whom nothing is known are missing."""
    if not addresses:
        return {}
    wanted = [(kind.value, address) for kind, address in addresses]
    rows = tx.execute(select(consent).where(tuple_(consent.c.kind, consent.c.address).in_(wanted)))
    return {(Kind(row.kind), row.address): Consent(row.source, row.at) for row in rows}


def find(tx: Tx, ref: str) -> tuple[int, Recipient] | None:
    """The person with this ref, with their number in the ledger."""
    row = tx.execute(select(recipient).where(recipient.c.ref == ref)).one_or_none()
    if row is None:
        return None
    tags = tx.execute(select(recipient_tag.c.tag).where(recipient_tag.c.recipient_id == row.id)).scalars()
    columns = {kind: getattr(row, column) for kind, column in ADDRESS.items()}
    addresses = {kind: address for kind, address in columns.items() if address is not None}
    return row.id, Recipient(row.ref, row.name, row.locale, addresses, frozenset(tags), quiet=quiet.read(row.quiet))


def reach_now(tx: Tx, ids: Collection[int]) -> None:
    """Say of these people which addresses they have now, and who hosts their mailbox, for planning."""
    tx.execute(update(recipient).where(recipient.c.id.in_(ids)).values(reach=_reach(), mail_vendor=vendor_of_mail(tx)))


def vendor_of_mail(tx: Tx) -> ColumnElement[str]:
    """Who hosts a person's mailbox as far as is known (`ledger.mailboxes`), for a statement on `recipient`."""
    known = select(mail_domain.c.vendor).where(mail_domain.c.domain == domain_of_mail(tx)).scalar_subquery()
    return func.coalesce(known, "")


def domain_of_mail(tx: Tx) -> ColumnElement[str]:
    """The right half of a person's mail address, in small letters."""
    address = recipient.c[ADDRESS[Kind.EMAIL]]
    if tx.dialect.name == "sqlite":
        return func.lower(func.substr(address, func.instr(address, "@") + 1))
    return func.lower(func.split_part(address, "@", 2))


def _reach() -> ColumnElement[int]:
    """Which addresses a row has, as `reach.to_mask` says it."""
    found = [case((recipient.c[column].is_not(None), to_mask([kind])), else_=0) for kind, column in ADDRESS.items()]
    return reduce(add, found)


def upserting(tx: Tx) -> type[sqlite.Insert] | type[postgresql.Insert]:
    """The dialect's INSERT, which knows `ON CONFLICT` under the same names in both."""
    return sqlite.Insert if tx.dialect.name == "sqlite" else postgresql.Insert


def members(audience: Audience) -> ColumnElement[bool]:
    """The condition on `recipient` that picks the people of an audience."""
    if audience.people == "all":
        return true()
    if audience.people == "none":
        return recipient.c.id < 0
    tagged = select(recipient_tag.c.recipient_id).where(recipient_tag.c.tag.in_(audience.people))
    return recipient.c.id.in_(tagged)


def _itself(vendor: str) -> Collection[str]:
    return (vendor,) if vendor else ()


#: Of which kinds they have no address because they said no.
_REFUSED = recipient.c.refused.bitwise_and(recipient.c.reach.bitwise_not())


def classes(
    tx: Tx,
    audience: Audience,
    rides_on: Callable[[str], Collection[str]] = _itself,
    *,
    quiet_now: Collection[str] | None = None,
) -> list[PeopleClass]:
    """The people of an audience by what planning tells apart; a handful of rows, however many people.

    Args:
        tx: A transaction.
        audience: Whose people.
        rides_on: Answers all whose failure silences a mailbox at a vendor (`Config.mail_rides_on`).
        quiet_now: The quiet hours that it is now (`quiet_hours`). When they are given, people are also told apart by
            them, and by where they said no.
    """
    more: list[ColumnElement[Any]] = []
    if quiet_now is not None:
        more = [_is_quiet(quiet_now).label("quiet_now"), _REFUSED.label("refused_now")]
    alike = (*ALIKE, *more)
    rows = tx.execute(
        select(*alike, func.count().label("people")).where(members(audience)).group_by(*alike).order_by(*alike)
    )
    return [
        PeopleClass(
            row.locale,
            from_mask(row.reach),
            row.people,
            frozenset(rides_on(row.mail_vendor)),
            row.mail_vendor,
            bool(row.quiet_now) if more else None,
            from_mask(row.refused_now) if more else None,
        )
        for row in rows
    ]


def _is_quiet(quiet_now: Collection[str]) -> ColumnElement[int]:
    # A list is never empty: "-" is nobody's hours.
    return case((recipient.c.quiet.in_(sorted(quiet_now) or ["-"]), literal_column("1")), else_=literal_column("0"))


def of_class(who: PeopleClass, quiet_now: Collection[str] = ()) -> ColumnElement[bool]:
    """The condition on `recipient` that picks the people of a class; `quiet_now` as it was given to `classes`."""
    alike = [recipient.c.locale == who.locale, recipient.c.reach == to_mask(who.kinds)]
    if Kind.EMAIL in who.kinds:
        alike.append(recipient.c.mail_vendor == who.mailbox_at)
    if who.refused is not None:
        alike.append(_REFUSED.in_([to_mask(who.refused)]))
    if who.quiet is not None and quiet_now:
        found = recipient.c.quiet.in_(sorted(quiet_now))
        alike.append(found if who.quiet else not_(found))
    return and_(*alike)


def quiet_hours(tx: Tx) -> list[str]:
    """All different quiet hours that anybody has; few, however many people."""
    return list(tx.execute(select(recipient.c.quiet).where(recipient.c.quiet != "").distinct()).scalars())


def with_only(tx: Tx, audience: Audience, kinds: Iterable[Kind], limit: int) -> list[tuple[int, str, str]]:
    """Some people of an audience whose addresses are of just these kinds: id, ref, name."""
    rows = tx.execute(
        select(recipient.c.id, recipient.c.ref, recipient.c.name)
        .where(members(audience), recipient.c.reach == to_mask(kinds))
        .order_by(recipient.c.id)
        .limit(limit)
    )
    return [(key, ref, name) for key, ref, name in rows]


def count(tx: Tx) -> int:
    """How many people there are."""
    return tx.execute(select(func.count()).select_from(recipient)).scalar_one()
