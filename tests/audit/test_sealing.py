"""Hash, proof and seal by both families of algorithms; what was written under one stays readable under the other."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB
from sqlalchemy import Column, Integer, MetaData, Table, insert, select

from access import sealing
from access.sealing import GM, INTL, Broken, Keyring, SealingError, UnknownKey, provider
from audit_people import with_both
from database.engine import open_engine, reading, writing
from database.sealed import NoSealer, Sealed, reseal, sealed_columns

pytestmark = pytest.mark.feature(139)
CANARY = "KANARIE-13800138000-湘桥"
SECRET = "a secret of forty characters, for the tests"
BOOK = MetaData()
NOTES = Table(
    "sealed_notes", BOOK, Column("id", Integer, primary_key=True), Column("told", Sealed("sealed_notes.told"))
)


def test_sm3_by_the_examples_of_gb_t_32905():
    assert GM.hash(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert GM.hash(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_sm4_by_the_examples_of_gb_t_32907():
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    once = Cipher(SM4(key), ECB()).encryptor()
    assert once.update(key).hex() == "681edf34d206965e86b3e94f536e4246"
    many, block = Cipher(SM4(key), ECB()).encryptor(), key
    for _ in range(1_000_000):
        block = many.update(block)
    assert block.hex() == "595298c7c6fd271f0402f804c33d3f66"


def test_sm4_gcm_by_the_example_of_rfc_8998():
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    about = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    sealed = bytes.fromhex(
        "00001234567800000000abcd17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert GM.open(key, sealed, about) == plain


def test_sha_256_by_its_example():
    assert INTL.hash(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@with_both
def test_a_seal_opens_to_what_was_sealed_and_never_looks_the_same_twice(ring):
    one, other = ring.seal(CANARY, "here"), ring.seal(CANARY, "here")
    assert one != other
    assert ring.open(one, "here") == ring.open(other, "here") == CANARY
    assert ring.open(ring.seal("", "here"), "here") == ""


@with_both
def test_every_flipped_bit_of_a_seal_is_seen(ring):
    sealed = ring.seal("13800138000", "here")
    head, _, content = sealed.rpartition(".")
    for place in range(len(content.rstrip("="))):
        other = "A" if content[place] != "A" else "B"
        changed = f"{head}.{content[:place]}{other}{content[place + 1 :]}"
        with pytest.raises(Broken):
            ring.open(changed, "here")


@with_both
def test_a_seal_moved_to_another_column_does_not_open(ring):
    with pytest.raises(Broken):
        ring.open(ring.seal(CANARY, "events.reporter_phone"), "events.title")


@pytest.mark.parametrize("text", ["", "plain", "intl", "intl.", "intl.00000000.AAAA", "rot13.00000000.AAAA", "gm.x.y"])
def test_what_is_no_seal_is_told_from_an_unknown_key(text):
    with pytest.raises(SealingError):
        Keyring(INTL, (SECRET,)).open(text, "here")


def test_an_unknown_key_says_where_to_put_it():
    sealed = Keyring(INTL, ("another secret of forty characters, as it was",)).seal(CANARY, "here")
    with pytest.raises(UnknownKey, match="COCKPIT_SECRET_KEYS_BEFORE"):
        Keyring(INTL, (SECRET,)).open(sealed, "here")


def test_a_family_of_algorithms_that_is_none_is_refused():
    with pytest.raises(SealingError, match="intl、gm"):
        provider("rot13")
    assert provider("gm") is GM


def test_keys_of_different_purposes_and_families_differ():
    keys = {one.derive(SECRET, purpose, 16) for one in (INTL, GM) for purpose in ("seal", "audit head")}
    assert len(keys) == 4


def test_a_proof_is_for_one_text_and_one_purpose():
    ring = Keyring(INTL, (SECRET,))
    proof = ring.prove("3:7:abc", "audit head")
    assert ring.is_proven("3:7:abc", "audit head", proof)
    assert not ring.is_proven("3:8:abc", "audit head", proof)
    assert not ring.is_proven("3:7:abc", "audit checkpoint", proof)


@pytest.fixture
def notes(engine, ring):
    with writing(engine) as connection:
        BOOK.create_all(connection)
        connection.execute(insert(NOTES), [{"id": n, "told": CANARY if n else None} for n in range(1200)])
    yield NOTES
    with writing(engine) as connection:
        BOOK.drop_all(connection)


def stored(engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.exec_driver_sql("SELECT told FROM sealed_notes WHERE told IS NOT NULL").scalars())


def renewed(engine) -> int:
    count, after = 0, ()
    (column,) = sealed_columns(BOOK)
    while after is not None:
        with writing(engine) as connection:
            some, after = reseal(connection, column, after or None)
        count += some
    return count


def test_old_values_stay_readable_after_a_switch_and_are_sealed_anew(engine, ring, notes):
    sealing.use(Keyring(GM, ("a newer secret of forty characters, or so", *ring.secrets)))
    with reading(engine) as connection:
        assert set(connection.execute(select(NOTES.c.told)).scalars()) == {None, CANARY}
    assert renewed(engine) == 1199
    assert all(told.startswith("gm.") for told in stored(engine))
    sealing.use(Keyring(GM, ("a newer secret of forty characters, or so",)))
    with reading(engine) as connection:
        assert set(connection.execute(select(NOTES.c.told)).scalars()) == {None, CANARY}
    assert renewed(engine) == 0


def test_without_a_key_nothing_is_stored_in_the_clear(engine, ring, notes):
    sealing.forget()
    with pytest.raises(Exception) as refused, writing(engine) as connection:
        connection.execute(insert(NOTES).values(id=5000, told=CANARY))
    assert isinstance(refused.value, NoSealer) or isinstance(refused.value.__cause__, NoSealer)


def test_a_sealed_text_stands_nowhere_in_the_database_folder(tmp_path: Path):
    sealing.use(Keyring(INTL, (SECRET,)))
    engine = open_engine(f"sqlite:///{tmp_path / 'cockpit.db'}")
    with writing(engine) as connection:
        BOOK.create_all(connection)
        connection.execute(insert(NOTES).values(id=1, told=CANARY))
    files = [file for file in tmp_path.iterdir() if file.is_file()]
    assert {file.suffix for file in files} >= {".db", ".db-wal"}
    assert not any(word.encode() in file.read_bytes() for file in files for word in (CANARY, "13800138000", "湘桥"))
    engine.dispose()
    sealing.forget()
    with sqlite3.connect(tmp_path / "cockpit.db") as raw:
        (told,) = raw.execute("SELECT told FROM sealed_notes").fetchone()
    assert told.startswith("intl.")
