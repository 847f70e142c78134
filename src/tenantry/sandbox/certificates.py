"""The sandbox's own certificate authorities, and the certificates that they sign."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tenantry.sandbox.files import write_private

AUTHORITY_VALID: Final = timedelta(days=3650)
VALID: Final = timedelta(days=365)
"""As kubeadm has it: ten years for an authority, one for what it signs."""
RENEW: Final = timedelta(days=30)
"""A certificate that ends sooner is made anew by the next `up`."""
CLOCK_SKEW: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Identity:
    """Who a certificate speaks for."""

    name: str
    """Common name: Kubernetes' user name."""
    groups: tuple[str, ...] = ()
    """Organizations: Kubernetes' groups."""
    hosts: tuple[str, ...] = ()
    """Host names and addresses that it serves. None for a certificate that only clients use."""
    client: bool = True
    """Whether a client may use it."""

    def subject(self) -> x509.Name:
        """The certificate's subject."""
        groups = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in self.groups]
        return x509.Name([*groups, x509.NameAttribute(NameOID.COMMON_NAME, self.name)])

    def usages(self) -> x509.ExtendedKeyUsage:
        """What the certificate may be used for, and nothing more."""
        server = [ExtendedKeyUsageOID.SERVER_AUTH] if self.hosts else []
        return x509.ExtendedKeyUsage([*server, *([ExtendedKeyUsageOID.CLIENT_AUTH] if self.client else [])])

    def names(self) -> x509.SubjectAlternativeName:
        """The hosts, as addresses where they are ones."""
        return x509.SubjectAlternativeName([_general_name(host) for host in self.hosts])


@dataclass(frozen=True)
class Pair:
    """Paths of a certificate and its private key, both PEM."""

    certificate: Path
    key: Path

    @classmethod
    def at(cls, stem: Path) -> Pair:
        """`<stem>.crt` and `<stem>.key`."""
        return cls(stem.with_name(f"{stem.name}.crt"), stem.with_name(f"{stem.name}.key"))


class Authority:
    """A certificate authority whose files lie at a stem. Made where missing; renewed with the same key."""

    def __init__(self, stem: Path, now: datetime | None = None) -> None:
        self._now = now or datetime.now(UTC)
        self.pair = Pair.at(stem)
        self._key = private_key(self.pair.key)
        self._certificate = self._kept() or self._made(stem.name)

    def sign(self, identity: Identity, stem: Path, valid: timedelta = VALID) -> Pair:
        """The identity's certificate at a stem: the one there while it is good, else a new one with a new key."""
        pair = Pair.at(stem)
        if not self._good(pair, identity):
            pair.key.unlink(missing_ok=True)
            builder = _builder(identity.subject(), self._certificate.subject, private_key(pair.key), self._now, valid)
            builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            builder = builder.add_extension(identity.usages(), critical=False)
            if identity.hosts:
                builder = builder.add_extension(identity.names(), critical=False)
            issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
            builder = builder.add_extension(issuer, critical=False)
            write_private(pair.certificate, _pem(builder.sign(self._key, hashes.SHA256())))
        return pair

    def _kept(self) -> x509.Certificate | None:
        certificate = _read(self.pair.certificate)
        if certificate is None or certificate.public_key() != self._key.public_key():
            return None
        return certificate if certificate.not_valid_after_utc - self._now > RENEW else None

    def _made(self, name: str) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"tenantry-sandbox-{name}")])
        builder = _builder(subject, subject, self._key, self._now, AUTHORITY_VALID)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_signs_certificates(), critical=True)
        certificate = builder.sign(self._key, hashes.SHA256())
        write_private(self.pair.certificate, _pem(certificate))
        return certificate

    def _good(self, pair: Pair, identity: Identity) -> bool:
        certificate = _read(pair.certificate)
        if certificate is None or not pair.key.exists():
            return False
        try:
            certificate.verify_directly_issued_by(self._certificate)
        except (InvalidSignature, ValueError):
            return False
        return (
            certificate.public_key() == private_key(pair.key).public_key()
            and certificate.subject == identity.subject()
            and _extension(certificate, x509.ExtendedKeyUsage) == identity.usages()
            and _extension(certificate, x509.SubjectAlternativeName) == (identity.names() if identity.hosts else None)
            and certificate.not_valid_after_utc - self._now > RENEW
        )


def private_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The private key at a path: read, or made where there is none or a damaged one."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (FileNotFoundError, ValueError):
        key = None
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key
    # P-256: what kubeadm's ECDSA option makes; keys take microseconds where RSA's take a tenth of a second.
    made = ec.generate_private_key(ec.SECP256R1())
    form, encoding = serialization.PrivateFormat.TraditionalOpenSSL, serialization.Encoding.PEM
    write_private(path, made.private_bytes(encoding, form, serialization.NoEncryption()))
    return made


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, valid: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + valid)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _signs_certificates() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _extension(certificate: x509.Certificate, kind: type[x509.ExtensionType]) -> x509.ExtensionType | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _read(path: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
