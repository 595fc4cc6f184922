"""The unified sign-in, web half: OpenID Connect by code with PKCE (RFC 7636), state and nonce; the ID token's signature
and claims are checked here. What the person may do is `access.oidc`'s matter.

Nothing is kept on the server between the two steps: the browser carries them in a sealed cookie of ten minutes.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2 import OAuth2Error
from flask import Blueprint, Flask, Response, request
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from access import oidc, sign_in
from access.actor import TIMETABLE
from access.audit import REFUSED, record
from access.session import address_of_request, entrance, forget_visit, let_in
from api import refusals
from components import door
from database.engine import writing

log = logging.getLogger(__name__)

COOKIE = "cockpit_oidc"
PATH = "/sign-in/oidc"
LASTS = 600
"""Seconds between leaving for the provider and coming back."""
KEPT = 3600.0
"""Seconds for which the provider's own description is believed."""
PATIENCE = 5.0
SIGNED_WITH = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Algorithms with a key pair; a token without signature or signed by a shared secret proves nothing."""
LEEWAY = 60
FAILED = "统一认证没有完成，请重试；多次失败请联系管理员。"
EXTENSION = "oidc"


class ProviderSettings(Protocol):
    """What the settings say of the provider."""

    @property
    def issuer(self) -> str: ...
    @property
    def client_id(self) -> str: ...
    @property
    def client_secret(self) -> str: ...
    @property
    def name_claim(self) -> str: ...
    @property
    def groups_claim(self) -> str: ...


class Unproven(Exception):
    """The provider's answer does not prove who this is. The reason goes to the log, never to the browser."""


@dataclass
class Provider:
    """One provider, as it describes itself."""

    settings: ProviderSettings
    back: str
    """Where the provider sends people back to."""
    _told: tuple[float, Mapping[str, Any], KeySet] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def described(self, *, anew: bool = False) -> tuple[Mapping[str, Any], KeySet]:
        """Its addresses and keys; asked for again after an hour, or when a key is not among them."""
        with self._lock:
            if anew or self._told is None or time.monotonic() - self._told[0] > KEPT:
                self._told = (time.monotonic(), *self._asked())
            return self._told[1], self._told[2]

    def _asked(self) -> tuple[Mapping[str, Any], KeySet]:
        with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
            told = client.get(f"{self.settings.issuer}/.well-known/openid-configuration").raise_for_status().json()
            if told.get("issuer", "").rstrip("/") != self.settings.issuer:
                raise Unproven(f"issuer is {told.get('issuer')!r}")
            return told, KeySet.import_key_set(client.get(told["jwks_uri"]).raise_for_status().json())

    def leave(self, state: Mapping[str, str]) -> str:
        """The address at the provider to go to."""
        told, _ = self.described()
        with self._client() as client:
            address, _ = client.create_authorization_url(
                told["authorization_endpoint"],
                state=state["state"],
                nonce=state["nonce"],
                code_verifier=state["verifier"],
            )
        return str(address)

    def prove(self, code: str, state: Mapping[str, str]) -> Mapping[str, object]:
        """What the provider says of whoever came back with `code`, checked. Unproven, OAuth2Error or httpx errors."""
        told, keys = self.described()
        with self._client() as client:
            answer = client.fetch_token(told["token_endpoint"], code=code, code_verifier=state["verifier"])
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise Unproven("no ID token")
        try:
            return self._checked(token, keys, state["nonce"])
        except (JoseError, ValueError):
            return self._checked(token, self.described(anew=True)[1], state["nonce"])  # keys may have been changed

    def _checked(self, token: str, keys: KeySet, nonce: str) -> Mapping[str, object]:
        try:
            claims = jwt.decode(token, keys, algorithms=SIGNED_WITH).claims
            rules = jwt.JWTClaimsRegistry(
                leeway=LEEWAY,
                iss={"essential": True, "value": self.settings.issuer},
                aud={"essential": True, "value": self.settings.client_id},
                exp={"essential": True},
                nonce={"essential": True, "value": nonce},
            )
            rules.validate(claims)
        except (JoseError, ValueError) as wrong:
            raise Unproven(f"{type(wrong).__name__}: {wrong}") from wrong
        return dict(claims)

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            self.settings.client_id, self.settings.client_secret, scope="openid profile", redirect_uri=self.back,
            code_challenge_method="S256", timeout=PATIENCE, trust_env=False,
        )  # fmt: skip


def mount(server: Flask, settings: ProviderSettings, public_url: str) -> None:
    """Offer the provider at the sign-in page of `server`."""
    provider = Provider(settings, f"{public_url.rstrip('/')}{PATH}/back")
    seal = URLSafeTimedSerializer(str(server.secret_key), salt="oidc")
    server.extensions[EXTENSION] = provider
    made = Blueprint("oidc", __name__)
    made.add_url_rule(PATH, "leave", lambda: _leave(provider, seal))
    made.add_url_rule(f"{PATH}/back", "back", lambda: _back(provider, seal))
    server.register_blueprint(made)


def _leave(provider: Provider, seal: URLSafeTimedSerializer) -> Response:
    state = {name: secrets.token_urlsafe(48) for name in ("state", "nonce", "verifier")}
    try:
        address = provider.leave(state)
    except (httpx.HTTPError, Unproven, KeyError, ValueError) as trouble:
        log.warning("oidc provider: %s", trouble)
        return _failed("统一认证暂时没有应答，请稍后再试，或用账号口令登录。", 503)
    away = Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})
    kept = seal.dumps(state | {"next": refusals.own_path(request.args.get("next"))})
    away.set_cookie(COOKIE, kept, max_age=LASTS, path=PATH, secure=entrance().secure, httponly=True, samesite="Lax")
    return away


def _back(provider: Provider, seal: URLSafeTimedSerializer) -> Response:
    try:
        state = seal.loads(request.cookies.get(COOKIE, ""), max_age=LASTS)
        if not secrets.compare_digest(state["state"].encode(), request.args.get("state", "").encode()):
            raise Unproven("another state")
        told = provider.prove(request.args.get("code", ""), state)
        return _let_in(provider, told, state["next"])
    except (BadData, OAuth2Error, httpx.HTTPError, Unproven, KeyError, ValueError) as trouble:
        log.warning("oidc: %s: %.200s", type(trouble).__name__, trouble)
        _tell_refused(type(trouble).__name__)
        return _failed(FAILED, 401)
    except (oidc.NotKnown, sign_in.Refused) as refused:
        _tell_refused(type(refused).__name__)
        return _failed(str(refused), 403)


def _let_in(provider: Provider, told: Mapping[str, object], wanted: str) -> Response:
    reception, settings = entrance().reception, provider.settings
    claims = oidc.claims_of(told, settings.issuer, name_claim=settings.name_claim, groups_claim=settings.groups_claim)
    now = reception.now()
    with writing(reception.engine) as connection:
        account = oidc.arrive(connection, reception.rules, claims, now=now)
        at = sign_in.Attempt(address_of_request(), now)
        opened = sign_in.by_provider(connection, reception.rules, account, at)
    forget_visit()
    onward = Response(status=303, headers={"Location": refusals.own_path(wanted), "Cache-Control": "no-store"})
    let_in(onward, opened.token.text, opened.ends_at)
    onward.delete_cookie(COOKIE, path=PATH)
    return onward


def _tell_refused(reason: str) -> None:
    reception = entrance().reception
    with writing(reception.engine) as connection:
        record(
            connection, by=TIMETABLE, action="session.oidc", object="user ?", result=REFUSED,
            detail={"reason": reason}, now=reception.now(),
        )  # fmt: skip


def _failed(words: str, status: int) -> Response:
    return refusals.page(door.plain("没有登录", words, [("/sign-in", "返回登录")]), status)
