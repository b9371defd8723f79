"""All checks. A test module that does this is a complete one:

    from channels.testkit.checks import *

    CHANNELS = ["sms/acme"]  # left out, every installed channel is tried

Every function `test_...` of every module in this folder is a check; nobody has to list them.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

_NAMES = sorted(f"{__name__}.{module.name}" for module in iter_modules(__path__))
pytest.register_assert_rewrite(*_NAMES)  # before they are imported, so that a failure shows its values

from channels.testkit.checks.running import parametrise as pytest_generate_tests  # noqa: E402 - see above

_checks: dict[str, object] = {}
for _name in _NAMES:
    for _test, _value in vars(import_module(_name)).items():
        if _test.startswith("test_"):
            if _test in _checks:
                raise ImportError(f"two checks are called {_test}")
            _checks[_test] = _value
globals().update(_checks)
__all__ = ["pytest_generate_tests", *_checks]  # noqa: PLE0604 - names of functions are strings
