"""Who a caller is: nobody gets more tries by calling from elsewhere or by naming somebody else."""

from __future__ import annotations

import ipaddress

import pytest

from helder.addresses import caller, subscriber


@pytest.mark.parametrize(
    "forwarded",
    [["6.6.6.6, 203.0.113.7"], ["6.6.6.6", "203.0.113.7"], ["6.6.6.6, 7.7.7.7", " 203.0.113.7 "]],
    ids=["one header", "a header of the proxy's own", "both"],
)
def test_of_forwarded_names_only_the_proxys_own_counts(forwarded: list[str]) -> None:
    assert caller("127.0.0.1", forwarded, trust_proxy=True) == "203.0.113.7"


def test_a_forwarded_name_means_nothing_without_a_trusted_proxy() -> None:
    assert caller("203.0.113.7", ["6.6.6.6"], trust_proxy=False) == "203.0.113.7"


@pytest.mark.parametrize("forwarded", [[], [""], [" "]])
def test_without_a_name_it_is_the_client(forwarded: list[str]) -> None:
    assert caller("203.0.113.7", forwarded, trust_proxy=True) == "203.0.113.7"
    assert caller(None, forwarded, trust_proxy=True) == "unknown"


def test_all_addresses_of_one_ipv6_subscriber_are_one() -> None:
    network = ipaddress.ip_network("2001:db8:1:2::/64")
    found = {subscriber(str(network[i])) for i in (0, 1, 2**63, 2**64 - 1)}
    assert found == {"2001:db8:1:2::/64"}
    assert subscriber("2001:db8:1:3::1") not in found
    assert subscriber("::1") == "::/64"


def test_ipv4_written_as_ipv6_is_still_one_address_each() -> None:
    assert subscriber("::ffff:203.0.113.7") == "203.0.113.7"
    assert subscriber("::ffff:203.0.113.8") == "203.0.113.8"


def test_what_is_no_address_is_kept_short() -> None:
    assert subscriber("x" * 1000) == "x" * 64
