"""Random secrets that open a door: given out once, kept only as their SHA-256."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from hashlib import sha256

LONGEST = 200
"""Characters; whatever is longer is none of ours and not even hashed."""


@dataclass(frozen=True)
class SecretToken:
    """`text` goes to whoever shall have it, `digest` into the database."""

    text: str = field(repr=False)
    digest: str

    @property
    def tail(self) -> str:
        """The last letters, by which people tell tokens apart."""
        return self.text[-4:]


def new_token(prefix: str = "") -> SecretToken:
    """256 random bits. The prefix says what kind it is, also to programs that look for leaked secrets."""
    text = prefix + secrets.token_urlsafe(32)
    return SecretToken(text, digest_of(text))


def digest_of(text: str) -> str:
    """What the database knows of a token. No salt and no slow hash: there is nothing to guess in 256 random bits."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if len(text) <= LONGEST else ""
