"""The example package with everything that a channel may be able to do, and mutants of that."""

from __future__ import annotations

from tests.conformance.mutants import ADAPTER, SAMPLES, SETTINGS, Mutant
from tests.example_channel.example_rig import Swap

_ABILITIES = """    async def look_up(self, envelope: Envelope, *, timeout: float) -> LookUp:
        talk, failure = await self._ask("GET", f"messages?key={envelope.key}", timeout)
        found = talk.json().get("found")
        if failure is not None or not isinstance(found, list):
            return CannotTell((failure or talk.outcome()).fault)
        refs = [one["id"] for one in found if one["key"] == envelope.key]
        return Found(refs[0]) if refs else Absent()

    async def amend(self, ref: str, envelope: Envelope, *, timeout: float) -> Outcome:
        talk, failure = await self._ask("PUT", f"messages/{ref}", timeout)
        changed = talk.json().get("id") == ref
        return failure or (Accepted(ref) if changed else talk.outcome())

    async def retract(self, ref: str, envelope: Envelope, *, timeout: float) -> Outcome:
        talk, failure = await self._ask("DELETE", f"messages/{ref}", timeout)
        if talk.status == 404 and talk.json().get("code") == "gone":
            return Accepted(ref, duplicate=True)
        return failure or (Accepted(ref) if talk.json().get("id") == ref else talk.outcome())

    async def probe(self, *, timeout: float) -> Probed | Fault:
        talk, failure = await self._ask("GET", "account", timeout)
        name = talk.json().get("name")
        if failure is not None or not isinstance(name, str):
            return (failure or talk.outcome()).fault
        return Probed(name)

    async def _ask(self, method, what, timeout):
        with exchange(timeout, posts=0) as talk:
            try:
                async with self._session.request(method, f"{self._settings.base_url}/v1/{what}"):
                    pass
            except Exception as error:
                return talk, talk.outcome(error)
            return talk, None if talk.status == 200 else talk.outcome()

"""
_HEAR = "    def hear(self"

_ANSWERS = """def named(request: Request) -> Reply:
    return Reply(200, json.dumps({"id": request.target.rpartition("/")[2]}).encode())


def holds(request, sent):
    found = [] if sent is None else [{"key": sent.key, "id": "m" + sent.to}]
    return Reply(200, json.dumps({"found": found}).encode())


CHANGE = Change(done=named, gone=lambda request: Reply(404, b\'{"code": "gone"}\'))
SAMPLES = Http(
    holds=holds,
    amended=CHANGE,
    retracted=CHANGE,
"""

FULLER = (
    Swap(SETTINGS, "hears_receipts=True,", "hears_receipts=True, amends=True, retracts=True, probes=True,"),
    Swap(ADAPTER, "import Accepted, Blame, Callback, Envelope,", "import Accepted, Blame, Callback, Envelope, LookUp,"),
    Swap(
        ADAPTER, "import aiohttp\n", "import aiohttp\nfrom channels.contract import Absent, CannotTell, Found, Probed\n"
    ),
    Swap(ADAPTER, _HEAR, _ABILITIES + _HEAR),
    Swap(SAMPLES, "import Callbacks, Example, Http", "import Callbacks, Change, Example, Http"),
    Swap(SAMPLES, "SAMPLES = Http(\n", _ANSWERS),
)

_DELETES = '        talk, failure = await self._ask("DELETE", f"messages/{ref}", timeout)\n'

FULLER_MUTANTS = [
    Mutant(
        "says absent when it could not ask",
        "test_a_provider_that_cannot_be_asked_cannot_tell",
        (Swap(ADAPTER, "return CannotTell((failure or talk.outcome()).fault)", "return Absent()"),),
        "test_a_message_that_is_not_there_is_absent",
    ),
    Mutant(
        "takes an error for an empty list",
        "test_a_provider_that_answers_anything_else_cannot_tell",
        (Swap(ADAPTER, 'found = talk.json().get("found")', 'found = talk.json().get("found", [])'),),
        "test_a_message_that_is_not_there_is_absent",
    ),
    Mutant(
        "takes another message for its own",
        "test_another_message_is_not_taken_for_ours",
        (Swap(ADAPTER, 'for one in found if one["key"] == envelope.key]', "for one in found]"),),
        "test_a_message_that_is_not_there_is_absent",
    ),
    Mutant(
        "finds it by another name than it was sent by",
        "test_a_message_that_is_there_is_found_by_the_reference_of_its_send",
        (Swap(ADAPTER, "Found(refs[0])", "Found(envelope.key)"),),
        "test_a_message_that_is_not_there_is_absent",
    ),
    Mutant(
        "says it is changed whatever came",
        "test_every_status_of_a_change",
        (Swap(ADAPTER, "return failure or (Accepted(ref) if changed else talk.outcome())", "return Accepted(ref)"),),
        "test_a_change_is_one_request",
    ),
    Mutant(
        "is not content that it is gone",
        "test_what_is_gone_cannot_be_changed_and_need_not_be_taken_back",
        (Swap(ADAPTER, "if talk.status == 404 and", "if talk.status == 410 and"),),
        "test_a_change_is_one_request",
    ),
    Mutant(
        "takes whatever comes for a good account",
        "test_a_probe_that_is_not_answered_well_is_a_fault",
        (Swap(ADAPTER, "if failure is not None or not isinstance(name, str):", "if failure is not None:"),),
        "test_a_probe_of_nobody_is_a_fault",
    ),
    Mutant(
        "takes it back twice to be sure",
        "test_a_change_is_one_request",
        (Swap(ADAPTER, _DELETES, _DELETES + _DELETES),),
        "test_what_was_sent_can_be_changed_or_taken_back_and_that_again",
    ),
]
