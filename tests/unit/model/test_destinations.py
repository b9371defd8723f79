"""What counts as one destination for a pace."""

from __future__ import annotations

import phonenumbers
import pytest

from channels.contract import Kind
from dispatcher.model.destinations import destination_of


@pytest.mark.parametrize(
    ("kind", "address", "destination"),
    [
        (Kind.EMAIL, "ada@customer.example", "customer.example"),
        (Kind.EMAIL, "Ada@Customer.EXAMPLE", "customer.example"),
        (Kind.EMAIL, "ada+alerts@customer.example.", "customer.example"),
        (Kind.EMAIL, '"a@b"@mail.customer.example', "mail.customer.example"),
        (Kind.EMAIL, "ada@bücher.example", "bücher.example"),
        (Kind.EMAIL, "nobody", "nobody"),
        (Kind.SMS, "+12025550142", "+1"),
        (Kind.SMS, "+16135550142", "+1"),
        (Kind.SMS, "+4915123456789", "+49"),
        (Kind.SMS, "+442071838750", "+44"),
        (Kind.SMS, "+35312345678", "+353"),
        (Kind.SMS, "+77011234567", "+7"),
        (Kind.SMS, "+2125550142", "+212"),
        (Kind.SMS, "+999123", "+999123"),
        (Kind.SMS, "+", "+"),
        (Kind.SMS, "32665", "32665"),
        (Kind.CHAT, "C0STATUS", "C0STATUS"),
        (Kind.CHAT, "U0ADA", "U0ADA"),
        (Kind.CHAT, "c0status", "c0status"),
        (Kind.SOCIAL, "@northwind", "@northwind"),
        (Kind.INAPP, "ada@customer.example", "ada@customer.example"),
        (Kind.PUSH, '{"endpoint":"https://push.example/x"}', '{"endpoint":"https://push.example/x"}'),
    ],
)
def test_what_counts_as_one(kind: Kind, address: str, destination: str) -> None:
    assert destination_of(kind, address) == destination


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_every_country_is_told_by_its_calling_code(region: str) -> None:
    number = phonenumbers.format_number(phonenumbers.example_number(region), phonenumbers.PhoneNumberFormat.E164)
    assert destination_of(Kind.SMS, number) == f"+{phonenumbers.country_code_for_region(region)}"
