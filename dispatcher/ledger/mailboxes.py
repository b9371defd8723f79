"""Which vendor hosts the mailboxes of a domain, and of each person: by the lists in the configuration, and by DNS.

Planning groups people by `recipient.mail_vendor`, so it is written when an address is, and again when a
domain is learnt.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update

from channels.contract import Kind
from dispatcher.ledger.recipients import domain_of_mail, members, upserting, vendor_of_mail
from dispatcher.ledger.store import Ledger, Tx, now
from dispatcher.ledger.tables import ADDRESS, mail_domain, recipient
from dispatcher.model.config import Audience

_EMAIL = recipient.c[ADDRESS[Kind.EMAIL]]
_CHUNK = 400
#: People looked at in one transaction: on SQLite nobody else writes meanwhile.
_STEP = 20_000

LIST, MX = "list", "mx"


@dataclass(frozen=True, slots=True)
class MailDomain:
    """What is known of the mailboxes of a domain.

    Attributes:
        domain: The right half of their addresses.
        vendor: Who hosts them, "" when that is nobody we know.
        source: `list` (vendors.yaml) or `mx` (DNS).
        hosts: Its mail exchangers, the preferred first; empty for a listed one.
        asked_at: When that was said, None when nobody has answered yet.
        problem: Why the last question had no answer, "" when it had.
    """

    domain: str
    vendor: str
    source: str
    hosts: tuple[str, ...]
    asked_at: datetime | None
    problem: str = ""


def set_listed(tx: Tx, listed: Mapping[str, str]) -> bool:
    """Keep the configured domain -> vendor. Answers whether that is news; then people are to be told apart anew."""
    rows = tx.execute(select(mail_domain.c.domain, mail_domain.c.vendor).where(mail_domain.c.source == LIST))
    kept = {row.domain: row.vendor for row in rows}
    if kept == dict(listed):
        return False
    gone = [domain for domain in kept if domain not in listed]
    for start in range(0, len(gone), _CHUNK):
        tx.execute(mail_domain.delete().where(mail_domain.c.domain.in_(gone[start : start + _CHUNK])))
    moment = now()
    keep(tx, [MailDomain(domain, vendor, LIST, (), moment) for domain, vendor in sorted(listed.items())])
    return True


def keep(tx: Tx, found: Sequence[MailDomain]) -> None:
    """Write what was learnt. A question without an answer takes nothing away of what an earlier one had."""
    moment = now()
    for start in range(0, len(found), _CHUNK):
        rows = [
            {
                "domain": one.domain,
                "vendor": one.vendor,
                "source": one.source,
                "hosts": " ".join(one.hosts),
                "asked_at": one.asked_at,
                "tried_at": moment,
                "problem": one.problem,
            }
            for one in found[start : start + _CHUNK]
        ]
        for answered in (True, False):
            some = [row for row in rows if (row["asked_at"] is not None) is answered]
            if not some:
                continue
            into = upserting(tx)(mail_domain).values(some)
            learnt = ("vendor", "source", "hosts", "asked_at", "tried_at", "problem")
            names = learnt if answered else ("tried_at", "problem")
            tx.execute(
                into.on_conflict_do_update(
                    index_elements=["domain"], set_={name: into.excluded[name] for name in names}
                )
            )


def unasked(tx: Tx, who: Audience, older_than: datetime) -> list[str]:
    """The mail domains of these people that are in no list, and about which nothing was answered since then."""
    of_people = (
        select(domain_of_mail(tx).label("domain")).where(_EMAIL.is_not(None), members(who)).distinct().subquery()
    )
    stale = or_(
        mail_domain.c.domain.is_(None),
        and_(mail_domain.c.source == MX, or_(mail_domain.c.asked_at.is_(None), mail_domain.c.asked_at < older_than)),
    )
    rows = tx.execute(
        select(of_people.c.domain)
        .outerjoin(mail_domain, mail_domain.c.domain == of_people.c.domain)
        .where(stale)
        .order_by(of_people.c.domain)
    )
    return list(rows.scalars())


def known(tx: Tx, domains: Collection[str]) -> dict[str, MailDomain]:
    """What is known of these domains."""
    found: dict[str, MailDomain] = {}
    listed = sorted(domains)
    for start in range(0, len(listed), _CHUNK):
        rows = tx.execute(select(mail_domain).where(mail_domain.c.domain.in_(listed[start : start + _CHUNK])))
        for row in rows:
            hosts = tuple(row.hosts.split())
            found[row.domain] = MailDomain(row.domain, row.vendor, row.source, hosts, row.asked_at, row.problem)
    return found


def people_at(tx: Tx, who: Audience) -> list[tuple[str, int]]:
    """How many of these people have their mailbox at each vendor; "" for nobody we know. The most first."""
    people = func.count().label("people")
    rows = tx.execute(
        select(recipient.c.mail_vendor, people)
        .where(_EMAIL.is_not(None), members(who))
        .group_by(recipient.c.mail_vendor)
        .order_by(people.desc(), recipient.c.mail_vendor)
    )
    return [(row.mail_vendor, row.people) for row in rows]


def tell_apart(ledger: Ledger) -> int:
    """Say of everybody where their mailbox is, as far as is known now; answers for how many that is new.

    In short transactions, so that nobody is held up; who is imported meanwhile is told apart by the import.
    """
    with ledger.read() as tx:
        last = tx.execute(select(func.max(recipient.c.id))).scalar_one() or 0
    changed = 0
    for start in range(0, last + 1, _STEP):
        with ledger.write() as tx:
            now_at = vendor_of_mail(tx)
            changed += tx.execute(
                update(recipient)
                .where(
                    recipient.c.id.between(start, start + _STEP - 1),
                    _EMAIL.is_not(None),
                    recipient.c.mail_vendor != now_at,
                )
                .values(mail_vendor=now_at)
            ).rowcount
    return changed
