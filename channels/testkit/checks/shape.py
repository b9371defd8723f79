"""What a channel is before it sends anything."""

from __future__ import annotations

import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from dataclasses import asdict
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from channels.contract import (
    CanAmend,
    CanBeAsked,
    CanEnrol,
    CanProbe,
    CanRetract,
    Channel,
    HearsReceipts,
    Repeat,
    Words,
)
from channels.testkit import sources
from channels.testkit.bench import Bench, no_samples
from channels.testkit.checks.running import Tried, check, even_without_samples
from channels.testkit.samples import announced

_SECRETIVE = ("secret", "token", "password", "key")


@check(even_without_samples)
async def test_it_announces_samples(tried: Tried) -> None:
    assert tried.name in announced(), no_samples(tried.name)
    assert tried.entry is not None


@check()
async def test_abilities_match_what_is_declared(made: Bench) -> None:
    channel, declared = made.channel, made.kind.capabilities
    assert isinstance(channel, Channel)
    assert channel.capabilities == declared
    # A person's own word comes over the host's face, so that not every channel that is heard of hears by itself.
    heard = [name for name, value in asdict(declared).items() if value and name.startswith("hears_")]
    assert heard or not isinstance(channel, HearsReceipts), "declare hears_receipts"
    assert declared.probes == isinstance(channel, CanProbe)
    assert declared.amends == isinstance(channel, CanAmend)
    assert declared.retracts == isinstance(channel, CanRetract)
    assert declared.enrols == isinstance(channel, CanEnrol)
    if declared.repeat is Repeat.LOOKUP:
        assert isinstance(channel, CanBeAsked)
    assert declared.key_lifetime is None or (declared.repeat is Repeat.KEYED and declared.key_lifetime > 0)
    assert declared.kind.value == made.kind.name.partition("/")[0]


@check()
async def test_abilities_have_their_samples(made: Bench) -> None:
    """What a channel can do is tried, or this fails."""
    for ability, samples in {
        HearsReceipts: ("callbacks",),
        CanBeAsked: ("holds",),
        CanAmend: ("amended",),
        CanRetract: ("retracted",),
    }.items():
        if isinstance(made.channel, ability):
            for name in samples:
                given = getattr(made.entry, name, ...)  # a far end without HTTP has no answers to give
                assert given is not None, f"it is a {ability.__name__}: add {name}= to its samples"


@check()
async def test_settings_are_frozen_closed_documented_and_keep_secrets(tried: Tried) -> None:
    settings = tried.kind.settings
    assert issubclass(settings, BaseModel)
    assert settings.model_config.get("frozen")
    assert settings.model_config.get("extra") == "forbid"
    assert settings.model_config.get("hide_input_in_errors")
    for name, field in settings.model_fields.items():
        assert field.description, f"{name} has no description"
        if any(word in name for word in _SECRETIVE) and "public" not in name:
            assert SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ())), f"{name}: SecretStr"


@check()
async def test_settings_survive_being_written_and_read(made: Bench) -> None:
    settings = made.kind.settings.model_validate(made.given)
    assert made.kind.settings.model_validate(settings.model_dump()) == settings


@check()
async def test_wrong_settings_are_refused_without_telling_what_they_hold(made: Bench) -> None:
    wrong: list[dict[str, Any]] = [{**made.given, "no_such_setting": "told-nobody"}]
    wrong += [{**made.given, name: ["told-nobody", *made.secrets]} for name in made.given]
    for given in wrong:
        with pytest.raises(ValidationError) as refused:
            made.kind.settings.model_validate(given)
        for secret in ("told-nobody", *made.secrets):
            assert secret not in str(refused.value)
            assert secret not in repr(refused.value)
    settings = made.kind.settings.model_validate(made.given)
    for secret in made.secrets:
        assert secret not in f"{settings!r} {settings!s}"


@check()
async def test_nothing_in_its_package_sleeps_or_rolls_dice(tried: Tried) -> None:
    found = [place for path in sources.of(tried.kind) for place in sources.waits_and_chance(path)]
    assert not found, "a channel neither waits nor leaves anything to chance: the engine decides when to try again"


@check()
async def test_listing_it_does_not_import_its_adapter(tried: Tried) -> None:
    """Every command lists channels; a provider's SDK may take a second to import."""
    package = sources.package_of(tried.kind)
    code = f"import sys, {package}; print([name for name in sys.modules if name == {package + '.adapter'!r}])"
    asked = await create_subprocess_exec(sys.executable, "-c", code, stdout=PIPE)
    out, _ = await asked.communicate()
    assert asked.returncode == 0
    assert out.decode().strip() == "[]", f"import {package}.adapter inside of build, not above"


@check()
async def test_measuring_needs_no_instance(made: Bench) -> None:
    for words in (made.oversize, made.envelope().words, Words("it’s 🔥 at status.example.com", subject="é")):
        settings = made.kind.settings.model_validate(made.given)
        assert made.kind.measure(words, settings) == made.channel.measure(words)
        assert made.kind.measure(words, None).length >= 0
