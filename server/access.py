"""Which clients are let in, and how many requests each may send."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping
from operator import itemgetter
from urllib.parse import urlencode

import limits
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from server.errors import ForbiddenError, TooManyRequestsError, UnauthorizedError
from server.settings import Settings

SIGNATURE_FIELDS = ("expires", "key", "signature")
"""Names in the query of a signed address that are no parameters."""


class Signer:
    """Signs and checks addresses with HMAC-SHA256.

    The signature covers the path and the query. Names may come in any order; the values of a name may not, because a
    list is a repeated name. The address names its key: add a new key, sign with it, and remove the old one when the
    last address that it signed has expired.

    Parameters
    ----------
    keys : mapping of str to bytes
        Secrets by name.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = keys

    def sign(self, path: str, query: Iterable[tuple[str, str]], key: str, expires: int) -> list[tuple[str, str]]:
        """Return the query with the fields that sign it.

        Parameters
        ----------
        path : str
            The path below the prefix of the server, decoded.
        query : iterable of (str, str)
            Names and texts.
        key : str
            Name of the key to sign with.
        expires : int
            When the address expires, in seconds since 1970.
        """
        signed = [*query, ("expires", str(expires)), ("key", key)]
        return [*signed, ("signature", self._signature(key, path, signed))]

    def check(self, path: str, query: Iterable[tuple[str, str]]) -> None:
        """Check an address.

        Raises
        ------
        ForbiddenError
            It was changed, has expired, or was signed with an unknown key.
        """
        pairs = list(query)
        fields = dict(pairs)
        if any(sum(name == field for name, _ in pairs) != 1 for field in SIGNATURE_FIELDS):
            raise ForbiddenError("the signature is not complete")
        if fields["key"] not in self._keys:
            raise ForbiddenError("the signature is not valid")
        expected = self._signature(fields["key"], path, [pair for pair in pairs if pair[0] != "signature"])
        if not hmac.compare_digest(expected.encode(), fields["signature"].encode()):
            raise ForbiddenError("the signature is not valid")
        if lifetime(fields) <= 0:
            raise ForbiddenError("the signature has expired")

    def _signature(self, key: str, path: str, query: Iterable[tuple[str, str]]) -> str:
        message = f"{path}?{urlencode(sorted(query, key=itemgetter(0)), errors='surrogatepass')}".encode()
        digest = hmac.digest(self._keys[key], message, hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def lifetime(fields: Mapping[str, str]) -> float:
    """Return the seconds until a signed query expires, which may be negative; 0 if its time cannot be read."""
    expires = fields["expires"]
    readable = expires.isascii() and expires.isdigit() and len(expires) < 20
    return int(expires) - time.time() if readable else 0


class BearerKeys:
    """Keys that a client can show in the Authorization header.

    Parameters
    ----------
    keys : iterable of bytes
        The secrets.
    """

    def __init__(self, keys: Iterable[bytes]) -> None:
        self._digests = [hashlib.sha256(key).digest() for key in keys]

    def check(self, header: str) -> None:
        """Check a header.

        Raises
        ------
        UnauthorizedError
            It shows no key, or an unknown one.
        """
        scheme, _, key = header.strip().partition(" ")
        shown = hashlib.sha256(key.strip().encode("utf-8", "surrogateescape")).digest()
        known = [hmac.compare_digest(shown, digest) for digest in self._digests]
        if scheme.lower() != "bearer" or not any(known):
            raise UnauthorizedError("a key is needed that is not there, or not known")


class RateLimit:
    """The number of requests that one client may send.

    Parameters
    ----------
    rate : str
        Such as ``"60/minute"``.
    """

    def __init__(self, rate: str) -> None:
        self._item = limits.parse(rate)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def take(self, client: str) -> None:
        """Count one request.

        Raises
        ------
        TooManyRequestsError
            The client has sent too many.
        """
        if not self._limiter.hit(self._item, client):
            reset = self._limiter.get_window_stats(self._item, client).reset_time
            raise TooManyRequestsError("too many requests", max(1, round(reset - time.time())))


class Access:
    """The conditions that a request has to meet.

    Parameters
    ----------
    settings : Settings
        The keys and the rate.

    Attributes
    ----------
    bearer : BearerKeys
        Keys that open everything.
    signer : Signer, optional
        Checks signed addresses; each opens one picture.
    rate : RateLimit, optional
        The number of requests that one client may send.
    closed : bool
        Whether a key or a signature is needed.
    """

    def __init__(self, settings: Settings) -> None:
        keys = {name: key.get_secret_value().encode() for name, key in settings.signing_keys.items()}
        self.bearer = BearerKeys(key.get_secret_value().encode() for key in settings.bearer_keys)
        self.signer = Signer(keys) if keys else None
        self.rate = RateLimit(settings.rate_limit) if settings.rate_limit else None
        self.closed = bool(keys or settings.bearer_keys)
