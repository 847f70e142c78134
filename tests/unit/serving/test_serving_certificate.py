"""The webhook's certificate is one that a strict client believes, for its one name and for ten years."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from tenantry.serving.certificate import CLOCK_SKEW, VALID, Certificate, certificate

HOST = "seldon-webhook-service.vision.svc"


@pytest.fixture(scope="module")
def made() -> Certificate:
    return certificate(HOST)


def handshake(folder: Path, server: Certificate, authority: str, name: str) -> None:
    """A client that knows only the authority asks the server for a name."""
    (folder / "tls.crt").write_text(server.certificate)
    (folder / "tls.key").write_text(server.key)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "tls.crt", folder / "tls.key")
    here, there = socket.socketpair()
    client = ssl.create_default_context(cadata=authority)

    def serve() -> None:
        try:
            serving.wrap_socket(there, server_side=True).close()
        except (OSError, ssl.SSLError):
            there.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        client.wrap_socket(here, server_hostname=name).close()
    finally:
        here.close()
        thread.join()


def test_a_strict_client_believes_it(made: Certificate, tmp_path: Path) -> None:
    handshake(tmp_path, made, made.authority, HOST)


@pytest.mark.parametrize("name", ["seldon-webhook-service.nlp.svc", "vision.svc", "localhost"])
def test_it_is_good_for_no_other_name(made: Certificate, tmp_path: Path, name: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(tmp_path, made, made.authority, name)


def test_another_teams_authority_does_not_vouch_for_it(made: Certificate, tmp_path: Path) -> None:
    """Two of one name: even then nobody takes the one for the other."""
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(tmp_path, made, certificate(HOST).authority, HOST)


def test_both_end_in_ten_years(made: Certificate) -> None:
    for text in (made.authority, made.certificate):
        found = x509.load_pem_x509_certificate(text.encode())
        assert found.not_valid_after_utc - found.not_valid_before_utc == VALID + CLOCK_SKEW
        assert found.not_valid_before_utc < datetime.now(UTC)


def test_the_authority_signs_no_authority_and_the_certificate_nothing(made: Certificate) -> None:
    authority, leaf = (x509.load_pem_x509_certificate(text.encode()) for text in (made.authority, made.certificate))
    limits = [one.extensions.get_extension_for_class(x509.BasicConstraints).value for one in (authority, leaf)]
    assert [(one.ca, one.path_length) for one in limits] == [(True, 0), (False, None)]
    leaf.verify_directly_issued_by(authority)


def test_a_name_of_a_long_namespace_fits() -> None:
    host = f"seldon-webhook-service.{'a' * 63}.svc"
    found = x509.load_pem_x509_certificate(certificate(host).certificate.encode())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [host]
