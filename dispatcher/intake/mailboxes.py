"""Who hosts the mailboxes of a domain, by its mail exchangers. Pure: what DNS said in, a vendor out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def exchangers(records: Iterable[tuple[int, str]], domain: str) -> tuple[str, ...]:
    """The hosts that take a domain's mail, the preferred first.

    Args:
        records: Preference and host of each MX record.
        domain: Without a record the domain itself takes its mail.
    """
    hosts = [host.rstrip(".").lower() for _, host in sorted(records)]
    if not hosts:
        return (domain,)
    return tuple(dict.fromkeys(host for host in hosts if host))  # the root alone: it takes none


def hosted_by(records: Iterable[tuple[int, str]], suffixes: Mapping[str, str]) -> str:
    """The vendor whose hosts are preferred, "" when that is nobody known, or not one alone.

    Args:
        records: Preference and host of each MX record.
        suffixes: How the names of a vendor's hosts end -> the vendor.
    """
    found = [(preference, host.rstrip(".").lower()) for preference, host in records]
    best = min((preference for preference, _ in found), default=0)
    vendors = {_of_host(host, suffixes) for preference, host in found if preference == best}
    return vendors.pop() if len(vendors) == 1 else ""


def _of_host(host: str, suffixes: Mapping[str, str]) -> str:
    """By the longest end that fits, at whole labels."""
    labels = host.split(".")
    ends = (".".join(labels[start:]) for start in range(len(labels)))
    return next((suffixes[end] for end in ends if end in suffixes), "")
