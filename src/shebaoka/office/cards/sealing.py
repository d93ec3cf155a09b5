"""A file in an envelope for exactly one production site (R-14): CMS, signed, then encrypted.

Both are what ``openssl cms -decrypt`` and ``-verify`` open: the content is encrypted with AES-256-CBC under a
fresh key, that key for the RSA key of the site's certificate; inside, the content is signed with ECDSA P-256.
"""

from datetime import UTC, date, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7EnvelopeBuilder,
    PKCS7Options,
    PKCS7SignatureBuilder,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

LEAST_BITS = 3072
"""Of a site's RSA key: as strong as a cipher with 128 bits."""
_PURPOSE = b"shebaoka production order signature"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256, FIPS 186
_FIRST, _LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2119, 12, 31, tzinfo=UTC)


class UnfitCertificateError(ValueError):
    """Nothing can be encrypted for it."""


def certificate_of(text: str) -> x509.Certificate:
    """One certificate as PEM, and nothing else, of an RSA key that may encrypt. Raises
    UnfitCertificateError."""
    blocks = text.count("-----BEGIN ")
    if blocks != 1 or not text.strip().startswith("-----BEGIN CERTIFICATE-----"):
        raise UnfitCertificateError("one certificate as PEM is expected")
    try:
        found = x509.load_pem_x509_certificate(text.strip().encode("ascii"))
        key = found.public_key()
        use = found.extensions.get_extension_for_class(x509.KeyUsage).value.key_encipherment
    except x509.ExtensionNotFound:
        use = True
    except Exception as error:  # the library tells bad input in many ways
        raise UnfitCertificateError("no readable certificate") from error
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < LEAST_BITS or not use:
        raise UnfitCertificateError(f"an RSA key of {LEAST_BITS} bits or more that may encrypt is expected")
    return found


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, 64 capital hex digits, as ``openssl x509 -fingerprint -sha256`` says it."""
    return certificate.fingerprint(hashes.SHA256()).hex().upper()


def ended(certificate: x509.Certificate, day: date) -> bool:
    """Whether it does not hold on a day."""
    return not certificate.not_valid_before_utc.date() <= day <= certificate.not_valid_after_utc.date()


def sealed(content: bytes, certificate: x509.Certificate) -> bytes:
    """The envelope, DER."""
    signing = PKCS7SignatureBuilder().set_data(content)
    signing = signing.add_signer(own_certificate(), _key(), hashes.SHA256())
    signed = signing.sign(Encoding.DER, [PKCS7Options.Binary])
    envelope = PKCS7EnvelopeBuilder().set_data(signed).add_recipient(certificate)
    return envelope.set_content_encryption_algorithm(AES256).encrypt(Encoding.DER, [PKCS7Options.Binary])


def own_certificate() -> x509.Certificate:
    """What sites check signatures with; the same every time, for the deployment's SECRET_KEY."""
    return _certificate(settings.SECRET_KEY)


@cache
def _certificate(secret: str) -> x509.Certificate:
    key = _key_of(secret)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Shebaoka production orders")])
    point = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    use = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, _FIRST, _LAST)
    for extension, critical in (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (x509.KeyUsage(digital_signature=True, **use), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
        (point, False),
    ):
        builder = builder.add_extension(extension, critical)
    return builder.sign(key, hashes.SHA256(), ecdsa_deterministic=True)


def _key() -> ec.EllipticCurvePrivateKey:
    return _key_of(settings.SECRET_KEY)


@cache
def _key_of(secret: str) -> ec.EllipticCurvePrivateKey:
    drawn = HKDF(hashes.SHA256(), 48, salt=None, info=_PURPOSE).derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(drawn) % (_ORDER - 1) + 1, ec.SECP256R1())
