import pytest

from checker.expression.network_functions import check_cidrs, cidr_prefix, ip_in, is_ip


@pytest.mark.parametrize(
    ("address", "cidrs", "inside"),
    [
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", ["192.168.0.0/16", "10.0.0.0/8"], True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.9.9.9/8", True),
        ("::ffff:10.1.2.3", "10.0.0.0/8", True),
        ("fd00::1", "fc00::/7", True),
        ("10.1.2.3", "::/0", False),
        ("AWS Internal", "0.0.0.0/0", False),
        ("cloudtrail.amazonaws.com", ["0.0.0.0/0", "::/0"], False),
        ("", "0.0.0.0/0", False),
    ],
)
def test_an_address_lies_in_its_networks(
    address: str, cidrs: str | list[str], *, inside: bool
) -> None:
    assert ip_in(address, cidrs) is inside


def test_a_network_that_is_none_raises_even_when_another_holds() -> None:
    with pytest.raises(ValueError, match="not a network like"):
        ip_in("10.0.0.1", ["0.0.0.0/0", "office"])
    with pytest.raises(ValueError, match=r"'10\.0\.0\.0/33'"):
        check_cidrs("10.0.0.0/33")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("1.2.3.4", True),
        ("::1", True),
        ("1.2.3.4/32", False),
        ("AWS Internal", False),
        ("01.2.3.4", False),
    ],
)
def test_an_address_is_told_from_a_name(text: str, *, address: bool) -> None:
    assert is_ip(text) is address


@pytest.mark.parametrize(
    ("text", "prefix"),
    [("0.0.0.0/0", 0), ("10.0.0.0/8", 8), ("::/0", 0), ("10.0.0.1", 32), ("pl-1", None)],
)
def test_the_prefix_of_what_is_no_network_is_null(text: str, prefix: int | None) -> None:
    assert cidr_prefix(text) == prefix
