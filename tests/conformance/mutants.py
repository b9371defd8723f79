"""Channels that break one promise each, as changes of the example package, and the check that must notice."""

from __future__ import annotations

from dataclasses import dataclass

from tests.example_channel.example_rig import Swap

ADAPTER, WIRE, RECEIPTS, INIT = (f"acme_sms/{name}.py" for name in ("adapter", "wire", "receipts", "__init__"))
SETTINGS, SAMPLES = "acme_sms/settings.py", "acme_sms/samples.py"

_SEND = "    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:\n"
_TRY = "            try:\n                async with self._session.request("
_ANSWER = "            answer = talk.json()\n"
_IMPORTS = "import json\n\nimport aiohttp\n"


@dataclass(frozen=True)
class Mutant:
    """What is wrong with it, which check must fail, how it came to be, and a check that it passes all the same."""

    sin: str
    caught_by: str
    swaps: tuple[Swap, ...]
    spared: str = "test_one_send_is_one_delivering_request"

    def __str__(self) -> str:
        return self.sin.replace(" ", "-")


#: Acme as it would be if it refused the second message with a key, in place of answering as it did the first.
KNOWN_KEY = (
    Swap(
        ADAPTER,
        _ANSWER,
        _ANSWER + '            if talk.status == 409:\n                return Accepted("", duplicate=True)\n',
    ),
    Swap(SAMPLES, "    path=", "    statuses={409: Accepted},\n    path="),
    Swap(SAMPLES, "import Callback, Word", "import Accepted, Callback, Word"),
)

MUTANTS = [
    Mutant(
        "tries again by itself",
        "test_nothing_is_waited_for_and_nothing_repeated",
        (
            Swap(
                ADAPTER,
                _SEND,
                "    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:\n"
                "        outcome = await self._once(envelope, timeout=timeout)\n"
                "        if isinstance(outcome, Accepted):\n            return outcome\n"
                "        return await self._once(envelope, timeout=timeout)\n"
                "\n" + _SEND.replace("send", "_once"),
            ),
        ),
    ),
    Mutant(
        "crosses answers",
        "test_concurrent_sends_do_not_cross",
        (
            Swap(
                ADAPTER,
                _ANSWER,
                "            self._talk = talk\n            await asyncio.sleep(0.01)\n"
                "            answer = self._talk.json()\n",
            ),
            Swap(ADAPTER, _IMPORTS, "import asyncio\n" + _IMPORTS),
        ),
    ),
    Mutant(
        "crosses refusals",
        "test_concurrent_refusals_reach_those_they_are_meant_for",
        (
            Swap(
                ADAPTER,
                _ANSWER,
                "            self._talk = talk\n            await asyncio.sleep(0.01)\n            talk = self._talk\n"
                + _ANSWER,
            ),
            Swap(ADAPTER, _IMPORTS, "import asyncio\n" + _IMPORTS),
        ),
    ),
    Mutant(
        "sleeps before it sends",
        "test_nothing_in_its_package_sleeps_or_rolls_dice",
        (
            Swap(WIRE, "from collections.abc", "from asyncio import sleep as pause\nfrom collections.abc"),
            Swap(ADAPTER, _TRY, "            await wire.pause(0.001)\n" + _TRY),
        ),
    ),
    Mutant(
        "waits out a limit without sleeping",
        "test_nothing_is_waited_for_and_nothing_repeated",
        (
            Swap(
                ADAPTER,
                _ANSWER,
                "            if talk.status == 429:\n"
                "                await asyncio.wait([asyncio.ensure_future(asyncio.Event().wait())], timeout=1)\n"
                + _ANSWER,
            ),
            Swap(ADAPTER, _IMPORTS, "import asyncio\n" + _IMPORTS),
        ),
    ),
    Mutant(
        "follows redirects",
        "test_redirects_are_not_followed",
        (
            Swap(
                ADAPTER,
                _ANSWER,
                "            if talk.status in (301, 302, 303):\n"
                '                async with self._session.request("GET", talk.headers["Location"]):\n'
                "                    pass\n" + _ANSWER,
            ),
        ),
    ),
    Mutant(
        "says accepted without reading the answer",
        "test_every_notable_status_with_meaningless_bodies",
        (
            Swap(
                ADAPTER,
                "            if ref is not None:\n                return Accepted(ref, duplicate=talk.status == 200)\n",
                "            if 200 <= (talk.status or 0) < 300:\n                return Accepted(str(ref))\n",
            ),
        ),
    ),
    Mutant(
        "says deferred for a provider that failed",
        "test_every_status",
        (
            Swap(
                ADAPTER,
                _ANSWER,
                "            if (talk.status or 0) >= 500:\n"
                '                return Deferred(Fault(Blame.PROVIDER, "provider-error", "It failed."))\n' + _ANSWER,
            ),
            Swap(ADAPTER, "Callback, Envelope", "Callback, Deferred, Envelope"),
        ),
    ),
    Mutant(
        "says deferred for a connection that was lost",
        "test_a_connection_lost_after_the_request_is_uncertain",
        (
            Swap(
                ADAPTER,
                "                return talk.outcome(error)\n",
                '                return Deferred(Fault(Blame.PATH, "disconnected", "The connection broke."))\n',
            ),
            Swap(ADAPTER, "Callback, Envelope", "Callback, Deferred, Envelope"),
        ),
    ),
    Mutant(
        "says rejected for nobody there",
        "test_nobody_there_is_deferred",
        (
            Swap(
                ADAPTER,
                "                return talk.outcome(error)\n",
                '                return Rejected(Fault(Blame.PATH, "no-connection", "Nobody there."))\n',
            ),
        ),
    ),
    Mutant(
        "tells the token in a fault",
        "test_nothing_secret_and_no_address_is_told",
        (
            Swap(
                ADAPTER,
                'masked(str(answer.get("code", ""))[:60], addresses=[envelope.to], secrets=[token])',
                'str(answer.get("code", ""))',
            ),
        ),
    ),
    Mutant(
        "logs the address",
        "test_nothing_secret_and_no_address_is_told",
        (
            Swap(ADAPTER, _TRY, '            logging.getLogger("acme").debug("to %s", envelope.to)\n' + _TRY),
            Swap(ADAPTER, _IMPORTS, "import logging\n" + _IMPORTS),
        ),
    ),
    Mutant(
        "prints the words",
        "test_nothing_secret_and_no_address_is_told",
        (Swap(ADAPTER, _TRY, "            print(envelope.words.text)\n" + _TRY),),
    ),
    Mutant(
        "ignores the timeout",
        "test_a_far_end_that_hangs_is_uncertain_in_time",
        (Swap(ADAPTER, "exchange(timeout)", "exchange(2.0)"),),
    ),
    Mutant(
        "swallows cancellation",
        "test_cancelling_passes_through",
        (Swap(ADAPTER, "except Exception as error", "except BaseException as error"),),
    ),
    Mutant(
        "has a key for each attempt",
        "test_the_key_is_sent_the_same_by_every_attempt_and_by_no_other_delivery",
        (Swap(ADAPTER, '"Idempotency-Key": envelope.key', '"Idempotency-Key": envelope.key + envelope.token'),),
    ),
    Mutant(
        "has the same key for everybody",
        "test_the_key_is_sent_the_same_by_every_attempt_and_by_no_other_delivery",
        (Swap(ADAPTER, '"Idempotency-Key": envelope.key', '"Idempotency-Key": envelope.thread'),),
    ),
    Mutant(
        "loses how long to wait",
        "test_retry_after",
        (
            Swap(
                ADAPTER,
                _ANSWER,
                "            if talk.status == 429:\n"
                '                limited = Fault(Blame.PROVIDER, "rate-limited", "Less.")\n'
                "                return Deferred(limited, route_wide=True)\n" + _ANSWER,
            ),
            Swap(ADAPTER, "Callback, Envelope", "Callback, Deferred, Envelope"),
        ),
    ),
    Mutant(
        "sends what is too long",
        "test_too_long_is_refused_before_any_request",
        (Swap(ADAPTER, "if size.over:", "if size.over > 5:"),),
    ),
    Mutant(
        "refuses what just fits",
        "test_just_short_enough_is_sent",
        (Swap(WIRE, "Measure(len(words.text), LONGEST", "Measure(len(words.text) + 1, LONGEST"),),
    ),
    Mutant(
        "raises at odd words",
        "test_odd_words_never_raise",
        (Swap(WIRE, "Measure(len(words.text), LONGEST", "Measure(len(words.text.encode()), LONGEST"),),
    ),
    Mutant(
        "sends something else than was looked at",
        "test_its_requests_are_those_of_the_golden_file",
        (Swap(WIRE, '"from": sender', '"sender": sender'),),
    ),
    Mutant(
        "imports its adapter at once",
        "test_listing_it_does_not_import_its_adapter",
        (
            Swap(INIT, "    from acme_sms.adapter import AcmeChannel\n\n", ""),
            Swap(INIT, "from acme_sms.settings", "from acme_sms.adapter import AcmeChannel\nfrom acme_sms.settings"),
        ),
    ),
    Mutant(
        "keeps a secret as plain text",
        "test_settings_are_frozen_closed_documented_and_keep_secrets",
        (
            Swap(SETTINGS, "api_token: SecretStr", "api_token: str"),
            Swap(ADAPTER, "api_token.get_secret_value()", "api_token"),
        ),
    ),
    Mutant(
        "declares what it cannot do",
        "test_abilities_match_what_is_declared",
        (Swap(SETTINGS, "hears_receipts=True,", "hears_receipts=True, retracts=True,"),),
    ),
    Mutant(
        "does not say how it is called back",
        "test_abilities_have_their_samples",
        (Swap(SAMPLES, "    callbacks=Callbacks(", "    callbacks=None and Callbacks("),),
    ),
    Mutant(
        "announces no samples",
        "test_it_announces_samples",
        (Swap("pyproject.toml", '"sms/acme" = "acme_sms.samples:SAMPLES"', ""),),
        spared="",  # whatever else is tried is skipped
    ),
    # hearing
    Mutant(
        "verifies nothing",
        "test_a_callback_without_its_proof_is_forged",
        (Swap(RECEIPTS, "    _verify(callback, secrets)\n", ""),),
        "test_a_genuine_callback_is_read",
    ),
    Mutant(
        "verifies a beginning only",
        "test_a_proof_that_is_nearly_right_is_forged",
        (
            Swap(
                RECEIPTS,
                "hmac.compare_digest(given, signature(secret, stamp, callback.body))",
                "given and signature(secret, stamp, callback.body).startswith(given)",
            ),
        ),
        "test_a_genuine_callback_is_read",
    ),
    Mutant(
        "verifies all but the body",
        "test_a_callback_that_was_changed_is_forged",
        (Swap(RECEIPTS, 'stamp.encode() + b"." + body', "stamp.encode()"),),
        "test_a_genuine_callback_is_read",
    ),
    Mutant(
        "takes an old call for a new one",
        "test_an_old_proof_is_forged_where_proofs_carry_a_time",
        (Swap(RECEIPTS, "if abs(callback.received_at - int(stamp)) > FRESH_FOR:", "if int(stamp) < 0:"),),
        "test_a_genuine_callback_is_read",
    ),
    Mutant(
        "knows one secret only",
        "test_each_of_two_secrets_is_good_while_one_is_being_replaced",
        (
            Swap(
                ADAPTER,
                "receipts.heard(callback, self._signing_secrets)",
                "receipts.heard(callback, self._signing_secrets[:1])",
            ),
        ),
        "test_a_genuine_callback_is_read",
    ),
    Mutant(
        "raises at a word it does not know",
        "test_a_word_nobody_knows_is_kept_as_unknown",
        (Swap(RECEIPTS, "WORDS.get(status, Word.UNKNOWN)", "WORDS[status]"),),
        "test_a_genuine_callback_is_read",
    ),
    Mutant(
        "hears of a message without saying of which attempt",
        "test_a_genuine_callback_is_read",
        (Swap(RECEIPTS, "                token=callback.token,\n", ""),),
        "test_a_word_nobody_knows_is_kept_as_unknown",
    ),
    Mutant(
        "takes a key that is known for a new message",
        "test_every_status",
        (*KNOWN_KEY, Swap(ADAPTER, 'Accepted("", duplicate=True)', 'Accepted("")')),
    ),
    Mutant(
        "takes a conflict for a known key and recognises no keys",
        "test_statuses_of_its_own_are_sane",
        (*KNOWN_KEY, Swap(SETTINGS, "repeat=Repeat.KEYED", "repeat=Repeat.BLIND")),
    ),
    Mutant(
        "takes a repeated event for a new one",
        "test_a_repeated_callback_tells_of_the_same_event_and_another_of_another",
        (Swap(RECEIPTS, "event=event,", 'event=f"{event}{callback.received_at}",'),),
        "test_a_genuine_callback_is_read",
    ),
    Mutant(
        "takes all events of a message for one",
        "test_a_repeated_callback_tells_of_the_same_event_and_another_of_another",
        (Swap(RECEIPTS, "event=event,", "event=ref,"),),
        "test_a_genuine_callback_is_read",
    ),
    Mutant(
        "reads the last of two fields",
        "test_a_body_that_is_no_callback_is_refused_quickly",
        (
            Swap(RECEIPTS, "json_object(callback.body)", "json.loads(callback.body)"),
            Swap(RECEIPTS, "import hmac\n", "import hmac\nimport json\n"),
        ),
        "test_a_genuine_callback_is_read",
    ),
]
