"""Every check of the kit on every channel that is installed."""

from channels.testkit.checks import *  # noqa: F403 - which is how the kit is used
