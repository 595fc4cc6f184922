"""A small LDAP server for the tests: TLS, StartTLS, bind and search by a real filter, on a free port of this machine.

It speaks RFC 4511 (messages by the definitions that come with ldap3) and notes every filter it was asked.
"""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from ldap3.protocol.rfc4511 import LDAPMessage
from pyasn1.codec.ber import decoder, encoder
from pyasn1.error import PyAsn1Error

BASE = "dc=chaozhou,dc=example"
DESK, DESK_PASSWORD = f"cn=cockpit,{BASE}", "a password of the tests only"
START_TLS = b"1.3.6.1.4.1.1466.20037"
SUCCESS, INVALID, INSUFFICIENT = 0, 49, 50


@dataclass
class Directory:
    """What it holds: entries by distinguished name, passwords by distinguished name."""

    url: str = ""
    ca_file: str = ""
    entries: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=lambda: {DESK: DESK_PASSWORD})
    filters: list[Any] = field(default_factory=list)
    """Of every search, as it arrived."""
    was_clear: list[str] = field(default_factory=list)
    """Names that were bound with a password without TLS."""

    def add(self, uid: str, password: str, **attributes: str) -> str:
        """A person; the distinguished name."""
        dn = f"uid={uid},ou=people,{BASE}"
        self.entries[dn] = {"uid": [uid], "entryUUID": [f"uuid-{uid}"], "cn": [uid]}
        self.entries[dn] |= {name: [value] for name, value in attributes.items()}
        self.passwords[dn] = password
        return dn


@contextmanager
def running_directory(folder: Path, *, scheme: str = "ldaps") -> Iterator[Directory]:
    """`scheme`: ldaps from the first byte, or ldap with StartTLS."""
    made, (certificate, key) = Directory(), _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            _Talk(made, context, self.request).go(is_tls=scheme == "ldaps")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        made.url, made.ca_file = f"{scheme}://127.0.0.1:{server.server_address[1]}", str(certificate)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield made
        server.shutdown()


class _Talk:
    """One connection."""

    def __init__(self, directory: Directory, context: ssl.SSLContext, link: Any) -> None:
        self.directory, self.context, self.link, self.is_tls, self.name = directory, context, link, False, ""

    def go(self, *, is_tls: bool) -> None:
        try:
            if is_tls:
                self._wrap()
            held = b""
            while more := self.link.recv(65536):
                held = self._taken(held + more)
        except OSError:
            return

    def _taken(self, held: bytes) -> bytes:
        """Answer every whole message; what is left."""
        while held:
            try:
                message, held = decoder.decode(held, asn1Spec=LDAPMessage())
            except PyAsn1Error:
                return held
            self._answer(message)
        return held

    def _wrap(self) -> None:
        self.link, self.is_tls = self.context.wrap_socket(self.link, server_side=True), True

    def _answer(self, message: Any) -> None:
        number, (kind, asked) = int(message["messageID"]), _chosen(message["protocolOp"])
        if kind == "bindRequest":
            self._send(number, "bindResponse", self._bound(asked))
        elif kind == "searchRequest":
            self._searched(number, asked)
        elif kind == "extendedReq" and bytes(asked["requestName"]) == START_TLS:
            self._send(number, "extendedResp", SUCCESS)
            self._wrap()

    def _bound(self, asked: Any) -> int:
        name, password = bytes(asked["name"]).decode(), bytes(asked["authentication"]["simple"]).decode()
        if not self.is_tls:
            self.directory.was_clear.append(name)
        if not password:
            self.name = ""
            return SUCCESS  # an unauthenticated bind, as RFC 4513 has it
        is_right = self.directory.passwords.get(name) == password
        self.name = name if is_right else ""
        return SUCCESS if is_right else INVALID

    def _searched(self, number: int, asked: Any) -> None:
        self.directory.filters.append(asked["filter"])
        wanted = [str(one) for one in asked["attributes"]]
        for dn, entry in self.directory.entries.items() if self.name == DESK else ():
            if _matches(asked["filter"], entry):
                self._entry(number, dn, {name: entry[name] for name in wanted if name in entry})
        self._send(number, "searchResDone", SUCCESS if self.name == DESK else INSUFFICIENT)

    def _entry(self, number: int, dn: str, attributes: dict[str, list[str]]) -> None:
        told = LDAPMessage()
        told["messageID"] = number
        entry = told["protocolOp"]["searchResEntry"]
        entry["object"] = dn.encode()
        for at, (name, values) in enumerate(attributes.items()):
            entry["attributes"][at]["type"] = name.encode()
            for place, value in enumerate(values):
                entry["attributes"][at]["vals"][place] = value.encode()
        self.link.sendall(encoder.encode(told))

    def _send(self, number: int, kind: str, result: int) -> None:
        told = LDAPMessage()
        told["messageID"] = number
        for name, value in (("resultCode", result), ("matchedDN", ""), ("diagnosticMessage", "")):
            told["protocolOp"][kind][name] = value
        self.link.sendall(encoder.encode(told))


def _chosen(choice: Any) -> tuple[str, Any]:
    return choice.getName(), choice.getComponent()


def _matches(asked: Any, entry: dict[str, list[str]]) -> bool:
    """Equality, presence, substrings, and, or, not: what a stranger could try to make of a filter."""
    kind, part = _chosen(asked)
    if kind in {"and", "or"}:
        return (all if kind == "and" else any)(_matches(one, entry) for one in part)
    if kind == "notFilter":
        return not _matches(part["innerNotFilter"], entry)
    if kind == "present":
        return str(part) in entry
    if kind == "equalityMatch":
        return bytes(part["assertionValue"]).decode() in entry.get(str(part["attributeDesc"]), [])
    return kind == "substringFilter" and str(part["type"]) in entry


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, which is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "directory of the tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "directory.crt").write_bytes(made.public_bytes(pem))
    (folder / "directory.key").write_bytes(private)
    return folder / "directory.crt", folder / "directory.key"
