"""Project Wycheproof's vectors of HMAC-SHA256, where they lie beside the checkout."""

from __future__ import annotations

import json
from typing import Any

import pytest

from helder.conversation.cipher import blind_index
from helder.settings import PROJECT
from tests.vectors.fixed import FixedKeyring
from tests.vectors.test_public import MacKey, binding

FILE = PROJECT.parent / "shared" / "data" / "wycheproof" / "hmac_sha256_test.json"


@pytest.fixture(scope="module")
def vectors() -> list[dict[str, Any]]:
    """Those of whole tags: Helder cuts no authenticator."""
    if not FILE.exists():
        pytest.skip(f"The vectors are not there: {FILE}")
    groups = json.loads(FILE.read_text(encoding="utf-8"))["testGroups"]
    return [v for group in groups if group["tagSize"] == 256 for v in group["tests"]]


def test_authenticators_are_those_of_the_valid_vectors_and_of_no_other(
    vectors: list[dict[str, Any]],
) -> None:
    told = [vector["result"] == "valid" for vector in vectors]
    for vector, valid in zip(vectors, told, strict=True):
        key, message = bytes.fromhex(vector["key"]), bytes.fromhex(vector["msg"])
        tag = bytes.fromhex(vector["tag"])
        assert (MacKey(key).head(message) == tag) is valid, vector["tcId"]
        with binding("helder index", message):
            keyring = FixedKeyring({"master": {1: key}, "index": {1: key}})
            index = blind_index(keyring, "anything", "at all")
        assert (index == f"1.{tag.hex()}") is valid, vector["tcId"]
    assert (len(vectors), sum(told)) == (87, 33)
