"""A ciphertext that opens under two keys: AES-GCM takes it under both, Helder under neither."""

from __future__ import annotations

from random import Random

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from helder.conversation.cipher import FORMAT, DataKey, WrappedKey, _bound_to, bind
from helder.conversation.errors import EntryTampered, HeadTampered, WrongKey
from helder.conversation.keyring import MASTER
from tests.attacks.judge import found
from tests.attacks.scene import READERS, ROW, Scene
from tests.attacks.two_keys import under_both

SEEDS = range(20)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_ciphertext_can_be_made_that_aes_gcm_opens_under_two_keys(seed: int) -> None:
    chance = Random(seed)
    keys = (chance.randbytes(32), chance.randbytes(32))
    bound = (chance.randbytes(chance.randrange(90)), chance.randbytes(chance.randrange(90)))
    nonce, junk = chance.randbytes(12), chance.randbytes(chance.randint(16, 200))
    made = under_both(keys, bound, nonce, junk)
    plain = [AESGCM(key).decrypt(nonce, made, each) for key, each in zip(keys, bound, strict=True)]
    assert plain[0] != plain[1]
    with pytest.raises(InvalidTag):
        AESGCM(chance.randbytes(32)).decrypt(nonce, made, bound[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrapped_key_that_opens_under_two_master_keys_is_refused(scene: Scene, seed: int) -> None:
    """Somebody with both master keys makes a row that is another conversation under each."""
    chance, victim = Random(seed), scene.victim
    masters = [scene.keyring.get(MASTER, version) for version in (1, 2)]
    bound = [_bound_to(victim, master) for master in masters]
    secrets = (masters[0].secret, masters[1].secret)
    nonce = chance.randbytes(12)
    wrapped = nonce + under_both(secrets, (bound[0], bound[1]), nonce, chance.randbytes(32))
    keys = [
        DataKey(AESGCM(master.secret).decrypt(nonce, wrapped[12:], each))
        for master, each in zip(masters, bound, strict=True)
    ]
    for mine, other in ((0, 1), (1, 0)):
        opened = DataKey.open(
            scene.keyring, victim, WrappedKey(mine + 1, wrapped, keys[mine].commitment)
        )
        assert opened.commitment == keys[mine].commitment
        stored = scene.now.copy()
        row = stored.row(victim)
        row |= {"wrapped_key": wrapped, "key_version": other + 1}
        row["commitment"] = keys[mine].commitment
        scene.attacker.write(stored)
        _all_find(scene, WrongKey)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_entry_that_opens_under_two_data_keys_is_refused_under_the_second(
    scene: Scene, seed: int
) -> None:
    """A thief with the keys makes an entry that means one thing now and another after a swap."""
    chance, victim = Random(seed), scene.victim
    stored = scene.now.copy()
    row, last = stored.row(victim), stored.of("entry", victim)[-1]
    wrapped = WrappedKey(row["key_version"], row["wrapped_key"], row["commitment"])
    mine = DataKey.open(scene.keyring, victim, wrapped)
    second, rewrapped = DataKey.create(scene.keyring, victim)
    place = [last[name] for name in ("generation", "seq", "kind", "minute", "number")]
    previous = stored.of("entry", victim)[-2]["body"][-16:]
    bound = bind("helder entry", FORMAT, victim, *place, previous)
    body = _sealed_under_both(mine, second, bound, chance)
    last["body"] = body
    tag = body[-16:]
    # As the thief writes it: row and entry are authentic for the first key.
    row |= {"revision": row["revision"] + 1}
    row |= {"tag": tag, "head": mine.head(_covered(row, tag, mine))}
    scene.attacker.write(stored)
    assert scene.log.head(victim).number == row["number"]
    assert found(scene, READERS["history"]) is EntryTampered  # what it opens to is no entry
    for commitment, error in ((mine.commitment, WrongKey), (second.commitment, HeadTampered)):
        swapped = stored.copy()
        swapped.row(victim).update(
            wrapped_key=rewrapped.wrapped, key_version=rewrapped.version, commitment=commitment
        )
        scene.attacker.write(swapped)
        _all_find(scene, error)


def _sealed_under_both(one: DataKey, two: DataKey, bound: bytes, chance: Random) -> bytes:
    keys = []
    for each in (one, two):
        hkdf = HKDF(SHA256(), 128, salt=None, info=bind("helder data key", 1))
        keys.append(hkdf.derive(each._secret)[:32])
    nonce = chance.randbytes(12)
    made = under_both((keys[0], keys[1]), (bound, bound), nonce, chance.randbytes(90))
    for key in keys:
        AESGCM(key).decrypt(nonce, made, bound)  # stock AES-GCM finds nothing wrong with it
    return nonce + made


def _covered(row: dict[str, object], tag: bytes, key: DataKey) -> bytes:
    """What the head is made over (docs/encryption.md)."""
    names = "id created touched owner epoch revision seq number tag generation since received"
    names += " pending proofs commitment token_hash token_expires"
    values = {**row, "tag": tag, "commitment": key.commitment}
    parts = [values[name] for name in names.split()]
    return bind("helder head", FORMAT, *parts)  # type: ignore[arg-type]  # passed on as it came


def _all_find(scene: Scene, error: type[Exception]) -> None:
    for name in ROW:
        scene.unlock()
        assert found(scene, READERS[name]) is error, name
    scene.restore()
