"""The kit can fail: channels that break one promise each are caught by the check that is there for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conformance.fuller import FULLER, FULLER_MUTANTS
from tests.conformance.mutants import KNOWN_KEY, MUTANTS, Mutant
from tests.example_channel.example_rig import ROOT, Swap, lay_out, renew_golden, run_kit


def _outcomes(said: str) -> dict[str, int]:
    return {what: int(number) for number, what in re.findall(r"(\d+) (passed|failed|error|skipped)", said)}


def test_the_honest_channel_passes_everything(tmp_path: Path) -> None:
    done = run_kit(tmp_path, str(lay_out(tmp_path)))
    found = _outcomes(done.stdout)
    assert done.returncode == 0, done.stdout
    assert set(found) == {"passed", "skipped"}
    assert found["passed"] > 50
    page = (ROOT / "docs" / "channels" / "writing-one.md").read_text(encoding="utf-8")
    assert f"`{found['passed']} passed, {found['skipped']} skipped`" in page


def test_without_samples_one_check_fails_and_says_what_to_add(tmp_path: Path) -> None:
    test = lay_out(tmp_path, [Swap("pyproject.toml", '"sms/acme" = "acme_sms.samples:SAMPLES"', "")])
    done = run_kit(tmp_path, str(test))
    assert _outcomes(done.stdout)["failed"] == 1
    assert "passed" not in _outcomes(done.stdout)
    assert 'add "sms/acme" = "<your package>.samples:SAMPLES" under' in done.stdout


def test_without_a_golden_file_one_check_fails_and_says_how_to_write_it(tmp_path: Path) -> None:
    test = lay_out(tmp_path)
    (tmp_path / "acme_sms" / "golden.txt").unlink()
    done = run_kit(tmp_path, str(test))
    assert _outcomes(done.stdout)["failed"] == 1
    assert "python -m channels.testkit golden sms/acme" in done.stdout


def test_samples_that_cannot_answer_are_told_from_a_channel_that_cannot_send(tmp_path: Path) -> None:
    test = lay_out(tmp_path, [Swap("acme_sms/samples.py", '["to"]', '["recipient"]')])
    done = run_kit(tmp_path, f"{test}::test_one_send_is_one_delivering_request")
    assert "KeyError: 'recipient'" in done.stdout
    assert "the test or the samples could not answer a request" in done.stdout


def test_a_channel_that_is_not_installed_is_named(tmp_path: Path) -> None:
    test = lay_out(tmp_path, [Swap("tests/test_acme.py", "sms/acme", "sms/acne")])
    done = run_kit(tmp_path, str(test))
    assert "unknown channel 'sms/acne'; installed are: " in done.stdout
    assert done.returncode != 0


def test_an_honest_channel_with_every_ability_passes_everything(tmp_path: Path) -> None:
    test = lay_out(tmp_path, FULLER)
    renew_golden(tmp_path)
    done = run_kit(tmp_path, str(test), "-rs")
    assert done.returncode == 0, done.stdout
    assert set(re.findall(r"sms/acme (.*)", done.stdout)) == {"prepares nothing before it sends"}, "all else is tried"


def test_a_conflict_may_say_that_the_key_is_known(tmp_path: Path) -> None:
    done = run_kit(tmp_path, str(lay_out(tmp_path, KNOWN_KEY)))
    assert done.returncode == 0, done.stdout


def _caught(folder: Path, mutant: Mutant, *first: Swap) -> None:
    test = lay_out(folder, (*first, *mutant.swaps))
    spared = [f"{test}::{mutant.spared}"] if mutant.spared else []
    done = run_kit(folder, f"{test}::{mutant.caught_by}", *spared, "-rf")
    assert f"FAILED tests/test_acme.py::{mutant.caught_by}" in done.stdout, done.stdout + done.stderr
    assert _outcomes(done.stdout) == {"failed": 1} | ({"passed": 1} if spared else {}), done.stdout


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_channel_is_caught_that(tmp_path: Path, mutant: Mutant) -> None:
    _caught(tmp_path, mutant)


@pytest.mark.parametrize("mutant", FULLER_MUTANTS, ids=str)
def test_a_channel_of_every_ability_is_caught_that(tmp_path: Path, mutant: Mutant) -> None:
    _caught(tmp_path, mutant, *FULLER)
