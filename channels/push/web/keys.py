"""Our pair of keys: in whatever form the private one is given, and the public one as browsers want it."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)

_REMEDY = "make one with: vapid --gen, and give the content of private_key.pem"
_BYTES = 32


def private_key(given: str) -> ec.EllipticCurvePrivateKey:
    """The key in a PEM file's content, or in base64url: 32 bytes of the number itself, or its DER form.

    Raises:
        ValueError: it is none, or of another curve. The message holds nothing of it.
    """
    try:
        key = _load(given.strip())
    except (ValueError, TypeError, UnsupportedAlgorithm, binascii.Error):
        raise ValueError(f"is no private key; {_REMEDY}") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError(f"is no private key on the curve P-256; {_REMEDY}")
    return key


def _load(given: str) -> object:
    if given.startswith("-----BEGIN"):
        # A variable of the environment often holds its line ends as two characters.
        return load_pem_private_key(given.replace("\\n", "\n").encode(), None)
    raw = unpadded(given)
    if len(raw) == _BYTES:
        return ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
    return load_der_private_key(raw, None)


def public_key(given: str) -> str:
    """The public key that belongs to it, as `applicationServerKey`. Raises as `private_key`."""
    point = private_key(given).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def unpadded(text: str) -> bytes:
    """Base64url without its padding, or with it, and nothing else.

    Raises:
        ValueError: it is something else.
    """
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
