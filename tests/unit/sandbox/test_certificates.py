"""Certificates: kept while good, made anew when not, and good for nothing but their purpose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from tenantry.sandbox.certificates import AUTHORITY_VALID, RENEW, VALID, Authority, Identity, Pair

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SERVER = Identity("server", hosts=("127.0.0.1", "localhost"), client=False)
USER = Identity("ada@example.com", ("ml-vision", "ml-all"))


def read(pair: Pair) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pair.certificate.read_bytes())


def usages(certificate: x509.Certificate) -> list[x509.ObjectIdentifier]:
    return list(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)


def test_a_user_is_named_with_its_groups_and_may_only_be_a_client(tmp_path: Path) -> None:
    certificate = read(Authority(tmp_path / "ca", NOW).sign(USER, tmp_path / "user"))
    assert certificate.subject.rfc4514_string() == "CN=ada@example.com,O=ml-all,O=ml-vision"
    assert usages(certificate) == [ExtendedKeyUsageOID.CLIENT_AUTH]


def test_a_server_names_its_hosts_and_may_only_be_a_server(tmp_path: Path) -> None:
    certificate = read(Authority(tmp_path / "ca", NOW).sign(SERVER, tmp_path / "server"))
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["127.0.0.1", "localhost"]
    assert usages(certificate) == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_every_file_is_ours_alone(tmp_path: Path) -> None:
    Authority(tmp_path / "ca", NOW).sign(USER, tmp_path / "user")
    files = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert files == dict.fromkeys(["ca.crt", "ca.key", "user.crt", "user.key"], 0o600)


def test_a_good_certificate_is_kept(tmp_path: Path) -> None:
    before = read(Authority(tmp_path / "ca", NOW).sign(USER, tmp_path / "user"))
    later = NOW + VALID - RENEW - timedelta(days=1)
    assert read(Authority(tmp_path / "ca", later).sign(USER, tmp_path / "user")) == before


def damage(path: Path) -> None:
    path.write_bytes(b"-----BEGIN NOTHING-----\n")


REASONS: dict[str, Callable[[Path], object]] = {
    "its key is gone": lambda folder: (folder / "user.key").unlink(),
    "its key is damaged": lambda folder: damage(folder / "user.key"),
    "the certificate is gone": lambda folder: (folder / "user.crt").unlink(),
    "the certificate is damaged": lambda folder: damage(folder / "user.crt"),
    "its authority has another key": lambda folder: (folder / "ca.key").unlink(),
}


@pytest.mark.parametrize("reason", REASONS)
def test_it_is_made_anew_when(reason: str, tmp_path: Path) -> None:
    before = read(Authority(tmp_path / "ca", NOW).sign(USER, tmp_path / "user"))
    REASONS[reason](tmp_path)
    authority = Authority(tmp_path / "ca", NOW)
    after = read(authority.sign(USER, tmp_path / "user"))
    assert after != before
    after.verify_directly_issued_by(read(authority.pair))


@pytest.mark.parametrize("other", [Identity(USER.name, ("ml-vision",)), Identity(USER.name, USER.groups, ("host",))])
def test_it_is_made_anew_for_another_identity(other: Identity, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "ca", NOW)
    before = read(authority.sign(USER, tmp_path / "user"))
    assert read(authority.sign(other, tmp_path / "user")) != before


def test_it_is_renewed_before_it_ends(tmp_path: Path) -> None:
    before = read(Authority(tmp_path / "ca", NOW).sign(USER, tmp_path / "user"))
    later = NOW + VALID - RENEW + timedelta(days=1)
    after = read(Authority(tmp_path / "ca", later).sign(USER, tmp_path / "user"))
    assert before.not_valid_after_utc - later < RENEW
    assert after.not_valid_after_utc == later + VALID


def test_a_renewed_authority_still_vouches_for_what_it_signed(tmp_path: Path) -> None:
    before = Authority(tmp_path / "ca", NOW)
    old = read(before.pair)
    later = NOW + AUTHORITY_VALID - RENEW + timedelta(days=1)
    signed = read(Authority(tmp_path / "ca", later - timedelta(days=2)).sign(USER, tmp_path / "user"))
    renewed = read(Authority(tmp_path / "ca", later).pair)
    assert renewed.not_valid_after_utc > old.not_valid_after_utc
    signed.verify_directly_issued_by(renewed)
