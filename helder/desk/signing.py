"""What the desk vouches for with its own key: forms, and who is half-way through a sign-in.

Both are signed, not secret: a form's token is bound to a session or visitor, and who gave the right
password carries that in a cookie, for ten minutes, until the second proof.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

from itsdangerous import BadData, Signer, URLSafeSerializer

from helder.conversation.clock import Clock, utc_now
from helder.desk.errors import SessionOver

LONGEST = 10 * 60  # seconds between the two proofs
_SIGNING = {"key_derivation": "hmac", "digest_method": hashlib.sha256}


@dataclass(frozen=True)
class Halfway:
    """Somebody who has given the right password. `epoch`: it was not changed since; `begun`:
    seconds since 1970. `secret` is what their new app is shown, while it is not enrolled."""

    employee: str
    epoch: int
    begun: int
    secret: str = ""


class Signing:
    """Signs with the desk's key; another key makes all of it worthless."""

    def __init__(self, key: str, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._seal = URLSafeSerializer(key, salt="desk halfway", signer_kwargs=_SIGNING)
        self._forms = Signer(
            key, salt="desk form", key_derivation="hmac", digest_method=hashlib.sha256
        )

    def form_token(self, visitor: str) -> str:
        """What a form must carry to count as ours, for this session's or visitor's id."""
        return self._forms.get_signature(visitor.encode()).decode()

    def is_form_token(self, visitor: str, token: str) -> bool:
        """Whether a form with this token was given to this session or visitor."""
        return self._forms.verify_signature(visitor.encode(), token.encode())

    def begin(self, employee: str, epoch: int, secret: str = "") -> Halfway:
        """The password was right, now."""
        return Halfway(employee, epoch, int(self._clock().timestamp()), secret)

    def cookie(self, halfway: Halfway) -> str:
        """As a cookie carries it."""
        return str(self._seal.dumps(asdict(halfway)))

    def resume(self, cookie: str | None) -> Halfway:
        """Who carries this cookie. Raises SessionOver: nobody, or no longer."""
        try:
            halfway = Halfway(**self._seal.loads(cookie or ""))
        except (BadData, TypeError):
            raise SessionOver from None
        if int(self._clock().timestamp()) - halfway.begun >= LONGEST:
            raise SessionOver
        return halfway
