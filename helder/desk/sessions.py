"""Who is signed in: a signed cookie that ends after 8 hours, or 30 minutes without a request.

Everything here is derived from the access key of the installation, so that a new key signs
everybody out. Sign-out is remembered in this process: a cookie that somebody copied before a
sign-out works again if the desk is restarted within the half hour in which it was last used.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import asdict, dataclass, replace

from itsdangerous import BadData, Signer, URLSafeSerializer

from helder.conversation.clock import Clock, utc_now
from helder.desk.errors import SessionOver

LONGEST = 8 * 60 * 60  # seconds
IDLE = 30 * 60
_SIGNING = {"key_derivation": "hmac", "digest_method": hashlib.sha256}


@dataclass(frozen=True)
class Session:
    """Somebody is signed in. Times are seconds since 1970."""

    id: str
    begun: int
    seen: int


class Sessions:
    """Begins, resumes and ends sessions, and vouches for their forms."""

    def __init__(self, key: str, clock: Clock = utc_now) -> None:
        self._key = key
        self._clock = clock
        self._seal = URLSafeSerializer(key, salt="desk session", signer_kwargs=_SIGNING)
        self._forms = Signer(
            key, salt="desk form", key_derivation="hmac", digest_method=hashlib.sha256
        )
        self._ended: dict[str, int] = {}

    def is_key(self, given: str) -> bool:
        """Whether this is the access key. The time it takes tells nothing about the key."""
        digests = (hashlib.sha256(each.encode()).digest() for each in (given.strip(), self._key))
        return hmac.compare_digest(*digests)

    def begin(self) -> Session:
        """A new session, under an id that nobody knew before."""
        now = self._now()
        return Session(secrets.token_urlsafe(16), now, now)

    def cookie(self, session: Session) -> str:
        """The session as its cookie carries it."""
        return str(self._seal.dumps(asdict(session)))

    def resume(self, cookie: str | None) -> Session:
        """The session of a cookie, seen now.

        Raises:
            SessionOver: the cookie is missing, forged, expired or signed out.
        """
        if not cookie:
            raise SessionOver
        try:
            session = Session(**self._seal.loads(cookie))
        except (BadData, TypeError):
            raise SessionOver from None
        now = self._now()
        if now - session.begun >= LONGEST or now - session.seen >= IDLE:
            raise SessionOver
        if session.id in self._ended:
            raise SessionOver
        return replace(session, seen=now)

    def end(self, session: Session) -> None:
        """Sign out: no copy of the cookie works any more."""
        now = self._now()
        self._ended = {each: begun for each, begun in self._ended.items() if now - begun < LONGEST}
        self._ended[session.id] = session.begun

    def form_token(self, visitor: str) -> str:
        """What a form must carry to count as ours, for this session's or visitor's id."""
        return self._forms.get_signature(visitor.encode()).decode()

    def is_form_token(self, visitor: str, token: str) -> bool:
        """Whether a form with this token was given to this session or visitor."""
        return self._forms.verify_signature(visitor.encode(), token.encode())

    def _now(self) -> int:
        return int(self._clock().timestamp())
