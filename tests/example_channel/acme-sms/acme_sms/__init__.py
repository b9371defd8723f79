"""SMS by Acme's gateway."""

from acme_sms.settings import CAPABILITIES, AcmeSettings
from acme_sms.wire import measure
from channels.contract import Channel
from channels.registry import ChannelType, Resources


def _build(settings: AcmeSettings, resources: Resources) -> Channel:
    from acme_sms.adapter import AcmeChannel

    return AcmeChannel(settings, resources.http)


CHANNEL = ChannelType(name="sms/acme", capabilities=CAPABILITIES, settings=AcmeSettings, build=_build, measure=measure)
