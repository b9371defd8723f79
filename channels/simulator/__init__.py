"""One server that speaks every provider's wire shapes, with faults on demand.

It knows nothing of this project's adapters: whatever talks to it must speak as the providers document it.
"""

from channels.simulator.accounts import Accounts
from channels.simulator.callbacks import signature as twilio_signature
from channels.simulator.control import complaint
from channels.simulator.faults import PROVIDERS, TEXTS, Provider, Rule, read_rules
from channels.simulator.journey import Pace
from channels.simulator.push import subscription as push_subscription
from channels.simulator.server import Addresses, Simulator, serve
from channels.simulator.slack_wire import interaction as slack_interaction
from channels.simulator.slack_wire import signature as slack_signature
from channels.simulator.texts import Text

__all__ = [
    "PROVIDERS",
    "TEXTS",
    "Accounts",
    "Addresses",
    "Pace",
    "Provider",
    "Rule",
    "Simulator",
    "Text",
    "complaint",
    "push_subscription",
    "read_rules",
    "serve",
    "slack_interaction",
    "slack_signature",
    "twilio_signature",
]
