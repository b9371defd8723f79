"""Asks DNS where the mailboxes of people's domains are, and keeps the answers."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

import dns.asyncresolver
import dns.exception
import dns.name
import dns.rdtypes.ANY.MX
import dns.resolver

from dispatcher.intake.mailboxes import exchangers, hosted_by
from dispatcher.ledger import mailboxes, now
from dispatcher.ledger.mailboxes import MX, MailDomain
from dispatcher.wiring import Installation

#: Questions at the same time, answers kept in one transaction, and seconds for one question, all its repeats included.
_AT_ONCE = 32
_KEPT_AT_ONCE = 200
_PATIENCE = 6.0


@dataclass(frozen=True, slots=True)
class Server:
    """A DNS server, by its IP address."""

    host: str
    port: int = 53

    @classmethod
    def parse(cls, given: str) -> Server:
        """`127.0.0.1`, `127.0.0.1:5353` or `[::1]:5353`.

        Raises:
            ValueError: it is neither.
        """
        host, _, port = given.rpartition(":") if given.count(":") == 1 or "]:" in given else (given, "", "53")
        try:
            ipaddress.ip_address(host.strip("[]"))
            number = int(port)
        except ValueError:
            number = 0
        if not 0 < number < 65536:
            raise ValueError(
                f"{given!r} is not the address of a DNS server; write it like 192.0.2.53 or 192.0.2.53:5353"
            )
        return cls(host.strip("[]"), number)


def resolver(server: Server | None) -> dns.asyncresolver.Resolver:
    """What asks: the system's servers, or the one given.

    Raises:
        ValueError: the system knows of no server.
    """
    try:
        made = dns.asyncresolver.Resolver(configure=server is None)
    except dns.resolver.NoResolverConfiguration:
        raise ValueError("this system names no DNS server in /etc/resolv.conf; name one with --server") from None
    if server is not None:
        made.nameservers = [server.host]
        made.port = server.port
    made.lifetime = _PATIENCE
    return made


async def ask(domain: str, by: dns.asyncresolver.Resolver, suffixes: dict[str, str]) -> MailDomain:
    """Where the mailboxes of one domain are. Raises for nothing that DNS or a network can do."""
    problem = ""
    records: list[tuple[int, str]] = []
    try:
        # Anything that stands in an address; it may not be a name at all.
        answer = await by.resolve(dns.name.from_text(domain), "MX", search=False)
        records = [(one.preference, one.exchange.to_text()) for one in answer if isinstance(one, dns.rdtypes.ANY.MX.MX)]
    except dns.resolver.NoAnswer:
        pass  # it takes its own mail
    except dns.resolver.NXDOMAIN:
        problem = "there is no such domain"
    except dns.resolver.NoNameservers:
        problem = "no DNS server could say"
    except dns.exception.Timeout:
        problem = f"no answer within {_PATIENCE:g} s"
    except (dns.exception.DNSException, UnicodeError):
        problem = "it is no domain that DNS could know"
    except OSError as error:
        problem = f"DNS cannot be reached ({error.strerror or type(error).__name__})"
    if problem:
        return MailDomain(domain, "", MX, (), None, problem)
    return MailDomain(domain, hosted_by(records, suffixes), MX, exchangers(records, domain), now())


async def ask_all(
    here: Installation,
    domains: Sequence[str],
    by: dns.asyncresolver.Resolver,
) -> list[MailDomain]:
    """Ask about all of them and keep each answer soon after it came, so that whoever stops this loses little."""
    suffixes = {end: name for name, vendor in here.config.vendors.items() for end in vendor.mx}
    waiting = iter(domains)
    found: list[MailDomain] = []
    unkept: list[MailDomain] = []

    async def work() -> None:
        for domain in waiting:  # shared: each takes the next one
            one = await ask(domain, by, suffixes)
            found.append(one)
            unkept.append(one)
            if len(unkept) >= _KEPT_AT_ONCE:
                await asyncio.to_thread(_keep, here, _taken(unkept))

    await asyncio.gather(*(work() for _ in range(_AT_ONCE)))
    await asyncio.to_thread(_keep, here, _taken(unkept))
    return sorted(found, key=lambda one: one.domain)


def _taken(waiting: list[MailDomain]) -> list[MailDomain]:
    group = waiting[:]
    waiting.clear()
    return group


def _keep(here: Installation, group: Sequence[MailDomain]) -> None:
    with here.ledger.write() as tx:
        mailboxes.keep(tx, group)
