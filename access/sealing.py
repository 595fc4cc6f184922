"""Cryptography behind one seam: hash, keyed proof and seal, by the international or the national (国密) algorithms.

Every seal and proof names its provider and its key, so that what was written under one provider or key stays readable
after a switch; `manage.py reseal` then writes it anew. Keys come from COCKPIT_SECRET_KEY by HKDF (RFC 5869), one for
each purpose. Nothing here is on the way of a cached screen.
"""

from __future__ import annotations

import hmac as _hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, CipherAlgorithm
from cryptography.hazmat.primitives.ciphers.algorithms import AES, SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from database import sealed

_NONCE, _TAG = 12, 16
_SEALS = "seal"


class SealingError(Exception):
    """Something sealed cannot be used; the message says why and the way out."""


class UnknownKey(SealingError):
    """Sealed under a key this installation does not have (any more)."""


class Broken(SealingError):
    """Not what was sealed: altered, cut, or moved from another place."""


@dataclass(frozen=True)
class Provider:
    """One family of algorithms. `key_bytes` of the cipher; the keyed proof takes 32."""

    name: str
    hash_name: str
    _hash: Callable[[], hashes.HashAlgorithm] = field(repr=False)
    _cipher: Callable[[bytes], CipherAlgorithm] = field(repr=False)
    key_bytes: int

    def hash(self, data: bytes) -> bytes:
        """32 bytes by SHA-256 or SM3 (GB/T 32905)."""
        made = hashes.Hash(self._hash())
        made.update(data)
        return made.finalize()

    def hmac(self, key: bytes, data: bytes) -> bytes:
        """32 bytes of keyed proof (RFC 2104)."""
        made = HMAC(key, self._hash())
        made.update(data)
        return made.finalize()

    def seal(self, key: bytes, plain: bytes, about: bytes) -> bytes:
        """`plain` encrypted in GCM by AES-256 or SM4 (GB/T 32907), bound to `about`: nonce, text, tag."""
        nonce = os.urandom(_NONCE)
        work = Cipher(self._cipher(key), GCM(nonce)).encryptor()
        work.authenticate_additional_data(about)
        return nonce + work.update(plain) + work.finalize() + work.tag

    def open(self, key: bytes, sealed: bytes, about: bytes) -> bytes:
        """The plain bytes; Broken if a bit differs from what was sealed or it was sealed about something else."""
        if len(sealed) < _NONCE + _TAG:
            raise Broken("密文不完整")
        nonce, text, tag = sealed[:_NONCE], sealed[_NONCE:-_TAG], sealed[-_TAG:]
        work = Cipher(self._cipher(key), GCM(nonce, tag)).decryptor()
        work.authenticate_additional_data(about)
        try:
            return work.update(text) + work.finalize()
        except InvalidTag:
            raise Broken("密文已被改动，或不是这一栏的内容") from None

    def derive(self, secret: str, purpose: str, length: int) -> bytes:
        """The key of one purpose."""
        made = HKDF(self._hash(), length, salt=None, info=f"cockpit/{self.name}/{purpose}".encode())
        return made.derive(secret.encode())


INTL = Provider("intl", "sha256", hashes.SHA256, AES, 32)
GM = Provider("gm", "sm3", hashes.SM3, SM4, 16)
PROVIDERS = {one.name: one for one in (INTL, GM)}
BY_HASH = {one.hash_name: one for one in PROVIDERS.values()}


def provider(name: str) -> Provider:
    """The provider of that name; SealingError if there is none or this machine's OpenSSL was built without it."""
    found = PROVIDERS.get(name)
    if found is None:
        raise SealingError(f"没有密码算法组“{name}”，应为 {'、'.join(PROVIDERS)}")
    try:
        found.open(bytes(found.key_bytes), found.seal(bytes(found.key_bytes), b"", b""), found.hash(b"")[:0])
    except UnsupportedAlgorithm as missing:
        raise SealingError(f"本机的 OpenSSL 不含“{name}”所需算法（{missing}），请换用带国密算法的版本") from missing
    return found


@lru_cache(maxsize=64)
def _derived(name: str, secret: str, purpose: str, length: int) -> bytes:
    return PROVIDERS[name].derive(secret, purpose, length)


@dataclass(frozen=True)
class Keyring:
    """The provider in use and the secrets of this installation: the first in use, the others still open old seals."""

    provider: Provider
    secrets: tuple[str, ...] = field(repr=False)

    @property
    def key_id(self) -> str:
        """The name of the key in use: tells keys apart and nothing else."""
        return _key_id(self.secrets[0])

    def seal(self, plain: str, about: str) -> str:
        """`plain` encrypted, as text: provider, key, content. `about` says what it is; elsewhere it does not open."""
        key = self._key(self.provider, self.secrets[0], _SEALS, self.provider.key_bytes)
        made = self.provider.seal(key, plain.encode(), about.encode())
        return f"{self.provider.name}.{self.key_id}.{urlsafe_b64encode(made).decode()}"

    def open(self, sealed: str, about: str) -> str:
        """What was sealed, by whichever provider and key; UnknownKey or Broken."""
        used, secret, content = self._taken_apart(sealed)
        key = self._key(used, secret, _SEALS, used.key_bytes)
        try:
            raw = urlsafe_b64decode(content.encode())
        except ValueError:
            raise Broken("密文不完整") from None
        return used.open(key, raw, about.encode()).decode()

    def is_present(self, sealed: str) -> bool:
        """True if sealed by the provider and key now in use."""
        return sealed.startswith(f"{self.provider.name}.{self.key_id}.")

    def prove(self, text: str, purpose: str) -> str:
        """Keyed proof that this installation wrote `text`: provider, key, HMAC in hex."""
        key = self._key(self.provider, self.secrets[0], purpose, 32)
        return f"{self.provider.name}.{self.key_id}.{self.provider.hmac(key, text.encode()).hex()}"

    def is_proven(self, text: str, purpose: str, proof: str) -> bool:
        """True if `proof` is ours for this very text and purpose; UnknownKey if it cannot be told."""
        used, secret, content = self._taken_apart(proof)
        expected = used.hmac(self._key(used, secret, purpose, 32), text.encode()).hex()
        return _hmac.compare_digest(expected.encode(), content.encode())

    def _key(self, used: Provider, secret: str, purpose: str, length: int) -> bytes:
        return _derived(used.name, secret, purpose, length)

    def _taken_apart(self, sealed: str) -> tuple[Provider, str, str]:
        name, _, rest = sealed.partition(".")
        key_id, _, content = rest.partition(".")
        if name not in PROVIDERS or not content:
            raise Broken("不是本系统的密文")
        for secret in self.secrets:
            if _key_id(secret) == key_id:
                return PROVIDERS[name], secret, content
        raise UnknownKey(
            f"密钥 {key_id[:16]} 不在本系统：请把当时的 COCKPIT_SECRET_KEY 写入 COCKPIT_SECRET_KEYS_BEFORE"
        )


@lru_cache(maxsize=16)
def _key_id(secret: str) -> str:
    return INTL.derive(secret, "key id", 4).hex()


_in_use: list[Keyring] = []


def use(keyring: Keyring) -> None:
    """The keyring of this process from now on, for proofs and sealed columns. Every program says so at its start."""
    _in_use[:] = [keyring]
    sealed.use(keyring)


def keyring() -> Keyring | None:
    """The keyring of this process; None before `use`."""
    return _in_use[0] if _in_use else None


def forget() -> None:
    """No keyring any more: for tests, which run many installations in one process."""
    _in_use.clear()
    sealed.use(None)
