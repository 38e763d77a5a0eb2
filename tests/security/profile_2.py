# SPDX-License-Identifier: GPL-3.0-or-later
"""Profile 2.0 once more, from PROFILE-2.0.md alone and with python3-cryptography, so that the
library is held against something it did not make itself."""

import datetime
import hashlib
import socket
import struct

from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, x25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PROFILE = bytes([2, 0])
ED25519, P256 = 1, 2
P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
RESOLVE, MEMBERSHIP, CONFIDENTIAL = range(3)
REVOKED = 1
DER = serialization.Encoding.DER


class Refused(Exception):
    """What came is not what the profile has; says why."""


def need(condition, what):
    if not condition:
        raise Refused(what)


def label(text):
    return text.encode("ascii").ljust(16, b"\0")


def time(milliseconds):
    return struct.pack(">Q", milliseconds)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# --- Keys: the same in every run ---

def make_key(suite, name):
    seed = sha256(b"profile 2.0 test key ", name.encode("ascii"))
    if suite == ED25519:
        return ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    return ec.derive_private_key(int.from_bytes(seed, "big") % P256_ORDER, ec.SECP256R1())


def make_agreement(name):
    return x25519.X25519PrivateKey.from_private_bytes(sha256(b"profile 2.0 agreement ", name.encode("ascii")))


def raw(key):
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def raw_private(key):
    return key.private_bytes(serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())


def suite_of(public_key):
    if isinstance(public_key, ed25519.Ed25519PublicKey):
        return ED25519
    need(isinstance(public_key, ec.EllipticCurvePublicKey) and public_key.curve.name == "secp256r1", "another kind of key")
    return P256


def spki(public_key):
    return public_key.public_bytes(DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def derived_key(public_key):
    return sha256(spki(public_key))


def is_deterministic():
    """Whether ECDSA signatures are the same in every run."""
    try:
        ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    except (TypeError, Exception):  # pylint: disable=broad-exception-caught
        return False
    return True


def ecdsa():
    return ec.ECDSA(hashes.SHA256(), deterministic_signing=True) if is_deterministic() else ec.ECDSA(hashes.SHA256())


def sign(private_key, data):
    if suite_of(private_key.public_key()) == ED25519:
        return private_key.sign(data)
    r, s = decode_dss_signature(private_key.sign(data, ecdsa()))
    return r.to_bytes(32, "big") + min(s, P256_ORDER - s).to_bytes(32, "big")


def other_signature(signature):
    """The other one of the two that ECDSA knows."""
    s = int.from_bytes(signature[32:], "big")
    return signature[:32] + (P256_ORDER - s).to_bytes(32, "big")


def verify(public_key, signature, data):
    need(len(signature) == 64, "length of a signature")
    try:
        if suite_of(public_key) == ED25519:
            public_key.verify(signature, data)
        else:
            r, s = [int.from_bytes(half, "big") for half in (signature[:32], signature[32:])]
            need(s <= P256_ORDER // 2, "the greater s")
            public_key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise Refused("signature") from error


# --- Certificates ---

def make_certificate(name, key, issuer, issuer_key, serial, authority=False):
    begin = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    usage = dict.fromkeys(("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                           "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False)
    usage.update({"key_cert_sign": True, "crl_sign": True} if authority else {"digital_signature": True})
    common_name = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)]) for text in (name, issuer)]
    builder = (x509.CertificateBuilder().subject_name(common_name[0]).issuer_name(common_name[1])
               .public_key(key.public_key()).serial_number(serial)
               .not_valid_before(begin).not_valid_after(begin + datetime.timedelta(days=3650))
               .add_extension(x509.BasicConstraints(authority, None), True)
               .add_extension(x509.KeyUsage(**usage), True))
    return builder.sign(issuer_key, None if suite_of(issuer_key.public_key()) == ED25519 else hashes.SHA256())


def member_pem(certificate, key, chain=()):
    parts = [one.public_bytes(serialization.Encoding.PEM) for one in (certificate, *chain)]
    parts.append(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return b"".join(parts)


# --- 3 ---

def agreement_covered(suite, public_key, agreement, made):
    return label("DRT 2.0 agree") + PROFILE + bytes([suite]) + sha256(spki(public_key)) + agreement + time(made)


def credential(key, chain, agreement, made):
    suite = suite_of(key.public_key())
    out = PROFILE + bytes([suite, len(chain)]) + agreement + time(made)
    out += sign(key, agreement_covered(suite, key.public_key(), agreement, made))
    for certificate in chain:
        der = certificate.public_bytes(DER)
        out += struct.pack(">H", len(der)) + der
    return out


def read_credential(data, root, now):
    """The certificates and the agreement key."""
    need(data[:2] == PROFILE, "profile")
    suite, count = data[2:4]
    agreement, (made,), signature = data[4:36], struct.unpack(">Q", data[36:44]), data[44:108]
    need(made - 300_000 <= now < made + 48 * 3_600_000, "age of the agreement key")
    chain, rest = [], data[108:]
    for _ in range(count):
        length, = struct.unpack(">H", rest[:2])
        chain.append(x509.load_der_x509_certificate(rest[2:2 + length]))
        rest = rest[2 + length:]
    need(not rest, "bytes left over")
    for lower, upper in zip(chain, [*chain[1:], root]):
        lower.verify_directly_issued_by(upper)
    public_key = chain[0].public_key()
    need(suite == suite_of(public_key), "suite")
    verify(public_key, signature, agreement_covered(suite, public_key, agreement, made))
    return chain, agreement


# --- 5 ---

def message_covered(head, identifier, buffers):
    return label("DRT 2.0 message") + head + identifier + b"".join(struct.pack(">I", len(one)) + one for one in buffers)


def signature(key, made, buffers):
    head = PROFILE + bytes([suite_of(key.public_key()), 0]) + time(made)
    return head + sign(key, message_covered(head, derived_key(key.public_key()), buffers))


def read_signature(data, identifier, public_key, buffers, now):
    need(len(data) == 76 and data[:2] == PROFILE and data[2] == suite_of(public_key) and data[3] == 0, "head of a signature")
    need(abs(struct.unpack(">Q", data[4:12])[0] - now) <= 300_000, "time of a signature")
    need(identifier == derived_key(public_key), "key identifier")
    verify(public_key, data[12:], message_covered(data[:12], identifier, buffers))


# --- 6 ---

def endpoint(address, port):
    return struct.pack(">H", port) + socket.inet_pton(socket.AF_INET6, address)


def cpa(key, mode, made, addresses, version=(6, 0x65), flags=0, nonce=b"", payload=None):  # pylint: disable=too-many-arguments
    public_key = spki(key.public_key())
    out = bytes([flags]) + PROFILE + bytes([suite_of(key.public_key()), mode]) + time(made) + bytes(version)
    out += sha256(public_key) + bytes([len(nonce)]) + nonce
    out += b"\0" if payload is None else b"\1" + sha256(payload)
    out += struct.pack(">H", len(public_key)) + public_key
    out += bytes([len(addresses)]) + b"".join(endpoint(*one) for one in addresses)
    return out + sign(key, label("DRT 2.0 address") + out)


def read_cpa(data, mode, now, nonce, payload):
    """Flags, public key, addresses."""
    flags, rest = data[0], data[3:]
    need(flags <= REVOKED and data[1:3] == PROFILE, "head of a CPA")
    suite, its_mode = rest[:2]
    need(its_mode == mode, "mode")
    need(abs(struct.unpack(">Q", rest[2:10])[0] - now) <= 300_000, "time of a CPA")
    key, rest = rest[12:44], rest[44:]
    need(rest[0] in (0, 16) and rest[1:1 + rest[0]] == nonce, "nonce")
    rest = rest[1 + rest[0]:]
    if rest[0]:
        need(payload is not None and rest[1:33] == sha256(payload), "payload")
        rest = rest[33:]
    else:
        need(payload is None, "payload")
        rest = rest[1:]
    length, = struct.unpack(">H", rest[:2])
    der, rest = rest[2:2 + length], rest[2 + length:]
    public_key = serialization.load_der_public_key(der)
    need(key == sha256(der) and suite == suite_of(public_key), "key")
    addresses = [(socket.inet_ntop(socket.AF_INET6, rest[3 + i * 18:19 + i * 18]),
                  struct.unpack(">H", rest[1 + i * 18:3 + i * 18])[0]) for i in range(rest[0])]
    need(len(rest) == 1 + rest[0] * 18 + 64, "length of a CPA")
    verify(public_key, data[-64:], label("DRT 2.0 address") + data[:-64])
    return flags, public_key, addresses


# --- 8 ---

def message_key(own, other, token):
    secret = own.exchange(x25519.X25519PublicKey.from_public_bytes(other))
    out = HKDF(hashes.SHA256(), 40, token[68:100], label("DRT 2.0 seal") + token[4:68]).derive(secret)
    return AESGCM(out[:32]), out[32:]


def seal(own, receiver, salt, buffers):
    """Keytoken, sealed buffers."""
    token = PROFILE + bytes([1, len(buffers)]) + raw(own.public_key()) + receiver + salt
    key, start = message_key(own, receiver, token)
    return token, [key.encrypt(start + struct.pack(">I", i), one, token) for i, one in enumerate(buffers)]


def unseal(own, token, sealed):
    need(len(token) == 100 and token[:3] == PROFILE + b"\1" and token[3] == len(sealed), "head of a keytoken")
    need(token[36:68] == raw(own.public_key()), "receiver")
    key, start = message_key(own, token[4:36], token)
    try:
        return [key.decrypt(start + struct.pack(">I", i), one, token) for i, one in enumerate(sealed)]
    except InvalidTag as error:
        raise Refused("sealed buffer") from error
