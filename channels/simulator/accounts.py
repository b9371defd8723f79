"""The credentials that the simulated providers know. Anything else is refused, as the real ones do."""

from __future__ import annotations

import base64
import hashlib
import secrets
import string
import uuid
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_BASE36 = string.ascii_uppercase + string.digits


def _hex(prefix: str = "") -> str:
    return prefix + secrets.token_hex(16)


def _letters(prefix: str, length: int = 10) -> str:
    return prefix + "".join(secrets.choice(_BASE36) for _ in range(length))


def _digits(length: int) -> str:
    return secrets.choice("123456789") + "".join(secrets.choice(string.digits) for _ in range(length - 1))


@dataclass(frozen=True, slots=True)
class Accounts:
    """One account with each provider. Secrets stay out of `repr`.

    The Twilio account may be used with its own token or with the API key; callbacks are always signed with the token.
    """

    twilio_account_sid: str
    twilio_auth_token: str = field(repr=False)
    twilio_api_key_sid: str
    twilio_api_key_secret: str = field(repr=False)
    twilio_from: str
    twilio_messaging_service_sid: str
    telnyx_api_key: str = field(repr=False)
    telnyx_from: str
    telnyx_messaging_profile_id: str
    slack_bot_token: str = field(repr=False)
    slack_signing_secret: str = field(repr=False)
    slack_team_id: str
    slack_app_id: str
    slack_bot_id: str
    slack_bot_user_id: str
    slack_webhook_url: str = field(repr=False)
    teams_webhook_url: str = field(repr=False)
    x_consumer_key: str
    x_consumer_secret: str = field(repr=False)
    x_access_token: str = field(repr=False)
    x_access_token_secret: str = field(repr=False)
    x_user_id: str
    x_username: str
    mastodon_access_token: str = field(repr=False)
    mastodon_account: str
    bluesky_handle: str
    bluesky_did: str
    bluesky_app_password: str = field(repr=False)
    #: By which the push services know the sender (VAPID), in base64url.
    push_vapid_private_key: str = field(repr=False)
    smtp_username: str
    smtp_password: str = field(repr=False)
    smtp_bounce_secret: str = field(repr=False)

    @property
    def telnyx_signer(self) -> Ed25519PrivateKey:
        """Signs webhooks. Made of the API key, so that whoever is given that key alone finds the same one."""
        return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(self.telnyx_api_key.encode()).digest())

    @property
    def telnyx_public_key(self) -> str:
        return base64.b64encode(self.telnyx_signer.public_key().public_bytes_raw()).decode()

    @classmethod
    def generate(cls) -> Accounts:
        """New credentials of the real shapes that open nothing outside this simulator."""
        user_id = _digits(19)
        return cls(
            twilio_account_sid=_hex("AC"),
            twilio_auth_token=_hex(),
            twilio_api_key_sid=_hex("SK"),
            twilio_api_key_secret=secrets.token_urlsafe(24),
            twilio_from="+15005550006",
            twilio_messaging_service_sid=_hex("MG"),
            telnyx_api_key=f"KEY{_letters('', 32)}_{secrets.token_urlsafe(16)}",
            telnyx_from="+18665550006",
            telnyx_messaging_profile_id=str(uuid.uuid4()),
            slack_bot_token=f"xoxb-{_digits(12)}-{_digits(12)}-{secrets.token_hex(12)}",
            slack_signing_secret=_hex(),
            slack_team_id=_letters("T"),
            slack_app_id=_letters("A"),
            slack_bot_id=_letters("B"),
            slack_bot_user_id=_letters("U"),
            slack_webhook_url="https://hooks.slack.com/services/"
            f"{_letters('T')}/{_letters('B')}/{secrets.token_urlsafe(18)}",
            teams_webhook_url=f"https://default{_hex()}.environment.api.powerplatform.com/workflows/{_hex()}"
            f"/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sig={secrets.token_urlsafe(32)}",
            x_consumer_key=secrets.token_hex(12),
            x_consumer_secret=secrets.token_hex(25),
            x_access_token=f"{user_id}-{secrets.token_hex(15)}",
            x_access_token_secret=secrets.token_hex(22),
            x_user_id=user_id,
            x_username="simulated_status",
            mastodon_access_token=secrets.token_urlsafe(32),
            mastodon_account="simulated_status",
            bluesky_handle="status.simulated.example",
            bluesky_did=f"did:plc:{_letters('', 24).lower().translate(str.maketrans('0189', '2345'))}",
            bluesky_app_password="-".join(_letters("", 4).lower() for _ in range(4)),
            push_vapid_private_key=base64.urlsafe_b64encode(b"\1" + secrets.token_bytes(31)).rstrip(b"=").decode(),
            smtp_username="simulator",
            smtp_password=secrets.token_urlsafe(18),
            smtp_bounce_secret=secrets.token_urlsafe(24),
        )
