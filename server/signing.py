"""Signed addresses, as ``figreel sign`` prints them: what is printed is accepted by the server."""

import re
import time
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from yarl import URL

from renderer import formats
from server.access import SIGNATURE_FIELDS, Access
from server.catalog.entries import Catalog
from server.errors import InvalidParametersError, SettingsError, UnsignableError
from server.settings import Settings

_LONGEST = 8000
"""Characters of a signed address; aiohttp reads 8190 in the first line of a request."""

_KEPT = "/%:;=@!$&'()*+,"
"""What may stand in a path as it is, beside letters and digits of ASCII: see RFC 3986."""

_PICTURE = re.compile(r"(?P<prefix>.*)(?P<path>/animations/(?P<name>[^/.]+)\.(?P<format>[^/.]+))", re.DOTALL)


def signed_address(url: str, settings: Settings, seconds: int, key: str | None, catalog: Catalog | None) -> str:
    """Return an address with the fields that sign it.

    Parameters
    ----------
    url : str
        The address of a picture: absolute, or a path.
    settings : Settings
        The keys, and the prefix of the server.
    seconds : int
        How long it holds.
    key : str, optional
        Name of the key; the default is the first one.
    catalog : Catalog, optional
        If given, name, format and parameters must be those of one of its animations.

    Raises
    ------
    SettingsError
        There is no such key.
    UnsignableError
        No server would accept the address.
    """
    signer = Access(settings).signer
    if signer is None:
        raise SettingsError("there are no signing_keys in the settings")
    name = key or next(iter(settings.signing_keys))
    if name not in settings.signing_keys:
        raise SettingsError(f"there is no signing key {name!r}; there is {', '.join(settings.signing_keys)}")
    address, picture = _read(url, settings)
    pairs = list(address.query.items())
    if catalog is not None:
        _check(picture, pairs, settings, catalog)
    signed = signer.sign(picture["path"], pairs, name, int(time.time()) + seconds)
    query = urlencode(signed, errors="surrogatepass")
    if len(address.raw_path) + len(query) > _LONGEST:
        raise UnsignableError(f"the address would be longer than {_LONGEST} characters, which no server reads")
    place = url.partition("#")[0].partition("?")[0].removesuffix(address.raw_path)
    return f"{place}{quote(address.raw_path, safe=_KEPT)}?{query}"


def _read(url: str, settings: Settings) -> tuple[URL, Mapping[str, str]]:
    try:
        address = URL(url, encoded=True)  # as the server reads it
        complete = address.scheme in ("http", "https") and address.raw_host
    except ValueError as error:
        raise UnsignableError(f"{url!r} is no address: {error}") from error
    if not (complete or (not address.scheme and url.startswith("/") and not url.startswith("//"))):
        raise UnsignableError(f"{url!r} is neither an absolute address, https://..., nor a path, /animations/...")
    if any(letter.isspace() for letter in url.partition("?")[0]):
        raise UnsignableError(f"{url!r} has a space in it; write it as %20")
    picture = _PICTURE.fullmatch(address.path)
    if picture is None:
        raise UnsignableError(f"{address.path!r} is not the path of a picture, /animations/NAME.FORMAT")
    prefix = picture["prefix"]
    if settings.prefix and prefix not in ("", settings.prefix):
        raise UnsignableError(f"{prefix!r} is not where the server is, which is {settings.prefix!r} by the settings")
    if picture["format"] not in formats():
        raise UnsignableError(f"there is no format {picture['format']!r}; choose from {', '.join(formats())}")
    already = [field for field in SIGNATURE_FIELDS if field in address.query]
    if already:
        raise UnsignableError(f"the address is signed already: it has {', '.join(already)}")
    return address, picture.groupdict()


def _check(picture: Mapping[str, str], pairs: list[tuple[str, str]], settings: Settings, catalog: Catalog) -> None:
    entry = catalog.get(picture["name"])
    if entry is None:
        names = ", ".join(entry.name for entry in catalog)
        raise UnsignableError(f"there is no animation {picture['name']!r}; choose from {names}")
    try:
        entry.read(pairs, settings.bounds, still=formats()[picture["format"]].still)
    except InvalidParametersError as error:
        problems = "; ".join(f"{problem['field']}: {problem['message']}" for problem in error.problems)
        raise UnsignableError(problems) from error
