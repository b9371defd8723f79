"""By which hosts a mailbox is recognised."""

from __future__ import annotations

import pytest

from dispatcher.intake.mailboxes import exchangers, hosted_by

SUFFIXES = {"mail.protection.outlook.com": "microsoft-365", "outlook.com": "other", "google.com": "google-workspace"}


@pytest.mark.parametrize(
    ("records", "vendor"),
    [
        ([(0, "acme-com.mail.protection.outlook.com.")], "microsoft-365"),
        ([(0, "ACME-COM.Mail.Protection.Outlook.COM.")], "microsoft-365"),
        ([(10, "smtp.outlook.com")], "other"),
        ([(1, "aspmx.l.google.com"), (5, "alt1.aspmx.l.google.com")], "google-workspace"),
        # Only who is preferred counts: the other one keeps mail until that is back.
        ([(5, "aspmx.l.google.com"), (1, "acme.mail.protection.outlook.com")], "microsoft-365"),
        # Two alike: the failure of one is none.
        ([(5, "aspmx.l.google.com"), (5, "acme.mail.protection.outlook.com")], ""),
        # Whole labels only.
        ([(0, "notgoogle.com")], ""),
        ([(0, "google.com.evil.example")], ""),
        ([(0, "mx.acme.example")], ""),
        ([], ""),
        ([(0, ".")], ""),
    ],
)
def test_who_hosts_a_mailbox(records: list[tuple[int, str]], vendor: str) -> None:
    assert hosted_by(records, SUFFIXES) == vendor


@pytest.mark.parametrize(
    ("records", "hosts"),
    [
        ([(10, "b.example."), (5, "A.example.")], ("a.example", "b.example")),
        ([], ("acme.example",)),
        ([(0, ".")], ()),
        ([(1, "a.example"), (2, "a.example")], ("a.example",)),
    ],
)
def test_who_takes_the_mail(records: list[tuple[int, str]], hosts: tuple[str, ...]) -> None:
    assert exchangers(records, "acme.example") == hosts
