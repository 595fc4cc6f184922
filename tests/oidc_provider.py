"""A small OpenID Connect provider for the tests: discovery, keys, authorization by code with PKCE, signed ID tokens.

`person` is who it vouches for; `spoil` changes the token before it is signed, `key` signs it.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, abort, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from markupsafe import escape
from werkzeug.serving import make_server

CLIENT, SECRET = "cockpit", "a secret of the tests only"


def _key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})


@dataclass
class Provider:
    """What it is about to say."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    spoil: Callable[[dict[str, Any]], None] = lambda claims: None
    key: RSAKey = field(default_factory=_key)
    shown: RSAKey | None = None
    """The key told in public, if it is another than the one that signs."""
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    issuer = property(lambda self: self.url)
    client_id, client_secret = CLIENT, SECRET
    name_claim, groups_claim, label = "preferred_username", "groups", "统一身份认证"

    def token(self, wish: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": wish["nonce"], **self.person}
        self.spoil(claims)
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)


@contextmanager
def running_provider(name: str = "127.0.0.1") -> Iterator[Provider]:
    """On a free port of this machine. `name`: how it calls itself; 'localhost' is another site than 127.0.0.1."""
    made, app = Provider(), Flask("provider")
    _routes(app, made)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    made.url = f"http://{name}:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()


def _routes(app: Flask, made: Provider) -> None:
    @app.get("/.well-known/openid-configuration")
    def described() -> Response:
        ends = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        return jsonify({"issuer": made.url, **{name: made.url + path for name, path in ends.items()}})

    @app.get("/elsewhere")
    def elsewhere() -> str:
        return f'<a href="{escape(request.args["to"])}">account</a>'

    @app.get("/keys")
    def keys() -> Response:
        return jsonify({"keys": [(made.shown or made.key).as_dict(private=False)]})

    @app.get("/authorize")
    def authorize() -> Any:
        wish = request.args.to_dict()
        assert wish["code_challenge_method"] == "S256" and wish["response_type"] == "code"
        code = secrets.token_urlsafe(12)
        made.asked[code] = wish
        return redirect(f"{wish['redirect_uri']}?{urlencode({'code': code, 'state': wish['state']})}")

    @app.post("/token")
    def token() -> Response:
        wish = made.asked.pop(request.form["code"], None)
        named = request.authorization
        challenge = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        is_proof = wish and base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() == wish["code_challenge"]
        if not is_proof or not named or (named.username, named.password) != (CLIENT, SECRET):
            abort(Response('{"error":"invalid_grant"}', 400, mimetype="application/json"))
        assert wish
        return jsonify({"access_token": "x", "token_type": "Bearer", "id_token": made.token(wish)})
