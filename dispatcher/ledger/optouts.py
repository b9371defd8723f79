"""Who said no, by which address. Ours, kept for good, and heard before any provider is asked.

`opt_out` holds who does not want to be told now; a START takes the row away. `said` keeps every no and every START with
when and by what, and is never changed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, insert, or_, select, tuple_, update

from channels.contract import Kind, Wish
from dispatcher.ledger.columns import fitting, fitting_key
from dispatcher.ledger.reach import to_mask
from dispatcher.ledger.recipients import upserting
from dispatcher.ledger.rowset import TEXT, Rowset
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import ADDRESS, address_taken, attempt, delivery, opt_out, recipient, said


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a person said by themselves. `event` is equal for copies of it."""

    kind: Kind
    address: str
    wish: Wish
    source: str
    words: str
    event: str


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of what people said, and whether the address is opted out now."""

    at: datetime
    kind: Kind
    address: str
    wish: Wish
    source: str
    words: str
    effect: str
    opted_out: bool


def note(tx: Tx, kind: Kind, address: str, *, source: str, at: datetime | None = None) -> None:
    """Keep that this address does not want to be told, and take it from whoever has it. Twice changes nothing.

    No later message is planned for the address; what is planned already is dropped when it would be sent.
    `at` is when it was said, when that was not just now.
    """
    moment, address = at or now(), _same(kind, address)
    new, taken = _refuse(tx, kind, address, source, moment)
    if new or taken:
        line = insert(said).values(
            at=moment, kind=kind, address=address, wish=Wish.STOP, source=source[:200], effect=_REFUSED
        )
        key: int = tx.execute(line.returning(said.c.id)).scalar_one()
        _remember(tx, key, taken)


_REFUSED = "nothing more is sent to this address"


def hear(tx: Tx, spoken: Spoken) -> bool:
    """Keep what a person said, and do it: STOP as `note`, START lifts an earlier no. A copy changes nothing.

    Answers whether it was new.
    """
    moment = now()
    address = fitting(_same(spoken.kind, spoken.address), said.c.address) or ""
    source = fitting(spoken.source, said.c.source) or ""
    into = upserting(tx)(said).values(
        at=moment,
        kind=spoken.kind,
        address=address,
        wish=spoken.wish,
        source=source,
        words=fitting(spoken.words, said.c.words),
        event=fitting_key(spoken.event, said.c.event),
    )
    once = into.on_conflict_do_nothing(index_elements=["event"]).returning(said.c.id)
    key = tx.execute(once).scalar_one_or_none()
    if key is None:
        return False
    match spoken.wish:
        case Wish.STOP:
            new, taken = _refuse(tx, spoken.kind, address, source, moment)
            _remember(tx, key, taken)
            effect = _REFUSED if new else "they had said no before"
        case Wish.START:
            effect = _lift(tx, spoken.kind, address, key)
        case _:
            effect = "kept for people to read"
    tx.execute(update(said).where(said.c.id == key).values(effect=effect))
    return True


def _same(kind: Kind, address: str) -> str:
    """One form for what is one address: mail systems take capitals for small letters, whoever may write which."""
    return address.lower() if kind is Kind.EMAIL else address


def _refuse(tx: Tx, kind: Kind, address: str, source: str, moment: datetime) -> tuple[bool, list[int]]:
    """Whether it is new, and from whom the address was taken."""
    into = upserting(tx)(opt_out).values(kind=kind, address=address, at=moment, source=source[:200])
    new = tx.execute(into.on_conflict_do_nothing().returning(opt_out.c.kind)).scalar_one_or_none() is not None
    column = recipient.c[ADDRESS[kind]]
    theirs = or_(column == address, func.lower(column) == address) if kind is Kind.EMAIL else column == address
    taken = tx.execute(
        update(recipient)
        .where(theirs)
        .values(
            {
                column: None,
                recipient.c.reach: recipient.c.reach - to_mask([kind]),
                recipient.c.refused: recipient.c.refused.bitwise_or(to_mask([kind])),
                recipient.c.updated_at: now(),
            }
        )
        .returning(recipient.c.id)
    )
    return new, list(taken.scalars())


def _remember(tx: Tx, key: int, taken: Sequence[int]) -> None:
    if taken:
        tx.execute(insert(address_taken), [{"said_id": key, "recipient_id": one} for one in taken])


def _lift(tx: Tx, kind: Kind, address: str, key: int) -> str:
    """Take a no back, and give the address to whom it was taken from. Answers what that came to, in words."""
    gone = tx.execute(delete(opt_out).where(opt_out.c.kind == kind, opt_out.c.address == address)).rowcount
    if not gone:
        return "there was no earlier no to take back"
    here = (said.c.kind == kind, said.c.address == address, said.c.id < key)
    before = select(func.coalesce(func.max(said.c.id), 0)).where(*here, said.c.wish == Wish.START).scalar_subquery()
    owners = (
        select(address_taken.c.recipient_id)
        .join(said, said.c.id == address_taken.c.said_id)
        .where(*here, said.c.wish == Wish.STOP, said.c.id > before)
    )
    column = recipient.c[ADDRESS[kind]]
    back = tx.execute(
        update(recipient)
        # Who has been given another address since keeps that.
        .where(recipient.c.id.in_(owners), column.is_(None))
        .values(
            {column: address, recipient.c.reach: recipient.c.reach + to_mask([kind]), recipient.c.updated_at: now()}
        )
    ).rowcount
    if back:
        return "the earlier no is taken back; they are told again"
    return "the earlier no is taken back; nobody here has the address, so import it again"


def lifted_since(tx: Tx, kind: Kind, address: str, moment: datetime) -> bool:
    """Whether a START was heard from this address after a moment."""
    found = select(said.c.id).where(
        said.c.kind == kind, said.c.address == address, said.c.wish == Wish.START, said.c.at > moment
    )
    return tx.execute(found.limit(1)).first() is not None


def remarks(tx: Tx, wishes: Sequence[Wish], limit: int) -> list[Remark]:
    """What people said, the newest first.

    A no that a release before this table kept has no line of its own; it is listed from what holds now.
    """
    standing = (opt_out.c.kind == said.c.kind) & (opt_out.c.address == said.c.address)
    rows = tx.execute(
        select(said, opt_out.c.kind.is_not(None).label("opted_out"))
        .outerjoin(opt_out, standing)
        .where(said.c.wish.in_(list(wishes)))
        .order_by(said.c.id.desc())
        .limit(limit)
    )
    found = [
        Remark(row.at, Kind(row.kind), row.address, Wish(row.wish), row.source, row.words, row.effect, row.opted_out)
        for row in rows
    ]
    if Wish.STOP in wishes:
        silent = ~select(said.c.id).where(standing, said.c.wish == Wish.STOP).exists()
        older = tx.execute(select(opt_out).where(silent).order_by(opt_out.c.at.desc()).limit(limit))
        found += [Remark(row.at, Kind(row.kind), row.address, Wish.STOP, row.source, "", "", True) for row in older]
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def of_person(tx: Tx, recipient_id: int, addresses: Sequence[tuple[Kind, str]]) -> list[Remark]:
    """What was said by a person's addresses, those included that a no has taken from them. The oldest first."""
    taken = select(address_taken.c.said_id).where(address_taken.c.recipient_id == recipient_id)
    pairs = select(said.c.kind, said.c.address).where(said.c.id.in_(taken))
    mine = [(kind.value, form) for kind, address in addresses for form in {address, _same(kind, address)}]
    theirs = tuple_(said.c.kind, said.c.address)
    rows = tx.execute(
        select(said, opt_out.c.kind.is_not(None).label("opted_out"))
        .outerjoin(opt_out, (opt_out.c.kind == said.c.kind) & (opt_out.c.address == said.c.address))
        .where(or_(theirs.in_(pairs), theirs.in_(mine)) if mine else theirs.in_(pairs))
        .order_by(said.c.id)
    )
    return [
        Remark(row.at, Kind(row.kind), row.address, Wish(row.wish), row.source, row.words, row.effect, row.opted_out)
        for row in rows
    ]


_asked = Rowset("asked", kind=TEXT, address=TEXT)


def _among(*, sqlite: bool) -> Select[str, str]:
    each = _asked.source(sqlite=sqlite)
    return select(opt_out.c.kind, opt_out.c.address).join(
        each, (each.c.kind == opt_out.c.kind) & (each.c.address == opt_out.c.address)
    )


_refused = {"sqlite": _among(sqlite=True), "postgresql": _among(sqlite=False)}


def among(tx: Tx, addresses: Collection[tuple[Kind, str]]) -> set[tuple[Kind, str]]:
    """Which of these addresses said no."""
    if not addresses:
        return set()
    # Older releases kept a no in the letters in which it came.
    forms = {(kind.value, form) for kind, address in addresses for form in (address, _same(kind, address))}
    found = tx.execute(_refused[tx.dialect.name], _asked.bind(tx, forms))
    out = {(Kind(kind), address) for kind, address in found}
    return {one for one in addresses if one in out or (one[0], _same(*one)) in out}


def address_of(tx: Tx, token: str) -> tuple[Kind, str] | None:
    """To which address the attempt with this token went."""
    row = tx.execute(
        select(attempt.c.kind.label("by"), delivery)
        .join(delivery, delivery.c.id == attempt.c.delivery_id)
        .where(attempt.c.token == token)
    ).one_or_none()
    if row is None:
        return None
    kind = Kind(row.by)
    return kind, getattr(row, ADDRESS[kind])
