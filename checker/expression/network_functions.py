"""Extension functions over IP addresses and networks."""

from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from checker.expression.extension import ONE_OR_MORE, ExtensionFunction, Parameter, one_or_more


def ip_in(address: str, cidrs: str | list[str]) -> bool:
    """Tell whether an address lies in one of the networks; what is no address lies in none.

    Raises:
        ValueError: One of the networks is none.
    """
    networks = [_network(cidr) for cidr in one_or_more(cidrs)]
    found = _address(address)
    return found is not None and any(found in network for network in networks)


def is_ip(text: str) -> bool:
    """Tell an IPv4 or IPv6 address from the names that CloudTrail also puts there."""
    return _address(text) is not None


def cidr_prefix(text: str) -> int | None:
    """Give the length of a network's prefix, None for what is no network."""
    try:
        return _network(text).prefixlen
    except ValueError:
        return None


def check_cidrs(cidrs: str | list[str]) -> None:
    """Accept networks.

    Raises:
        ValueError: One of them is none.
    """
    for cidr in one_or_more(cidrs):
        _network(cidr)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address; IPv4 inside of IPv6 (::ffff:1.2.3.4) is the IPv4 address that it means."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


@lru_cache(maxsize=4096)
def _network(cidr: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(cidr, strict=False)
    except ValueError as error:
        raise ValueError(f"not a network like 10.0.0.0/8: '{cidr}'") from error


_CIDRS = Parameter(name="cidrs", types=ONE_OR_MORE, check=check_cidrs)


EXTENSIONS = (
    ExtensionFunction(
        name="ip_in",
        parameters=(Parameter(name="address", types=("string",), subject=True), _CIDRS),
        returns=("boolean",),
        when_null=False,
        doc='Whether an address lies in a network; false for what is none ("AWS Internal").',
        example="ip_in('10.1.2.3', ['10.0.0.0/8', 'fc00::/7'])",
        gives=True,
        implementation=ip_in,
    ),
    ExtensionFunction(
        name="is_ip",
        parameters=(Parameter(name="x", types=("string",), subject=True),),
        returns=("boolean",),
        when_null=False,
        doc="Whether a text is an IPv4 or IPv6 address.",
        example="is_ip('AWS Internal')",
        gives=False,
        implementation=is_ip,
    ),
    ExtensionFunction(
        name="cidr_prefix",
        parameters=(Parameter(name="cidr", types=("string",), subject=True),),
        returns=("number", "null"),
        when_null=None,
        doc="The length of a network's prefix; null for what is no network.",
        example="cidr_prefix('0.0.0.0/0')",
        gives=0,
        implementation=cidr_prefix,
    ),
)
