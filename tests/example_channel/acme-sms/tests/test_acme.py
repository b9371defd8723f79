"""Everything that a channel promises, tried on this one."""

from channels.testkit.checks import *

CHANNELS = ["sms/acme"]
