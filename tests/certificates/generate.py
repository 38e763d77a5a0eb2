#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the certificate files of cases.json, good ones and bad ones.

generate.py DIRECTORY     fills DIRECTORY, which is made where it is not there

Everything is made with python3-cryptography and the openssl command, nothing
with libdrt. What is said about a file is in cases.json; this says how it is made.
Dates are far from today, but for those of certificates that expire soon.
"""

import base64
import datetime
import hashlib
import json
import pathlib
import struct
import subprocess
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

UTC = datetime.timezone.utc
NOW = datetime.datetime.now(UTC).replace(microsecond=0)
PAST = datetime.datetime(2020, 1, 1, tzinfo=UTC)
FUTURE = datetime.datetime(2099, 1, 1, tzinfo=UTC)
EXPIRED = datetime.datetime(2024, 3, 3, 12, tzinfo=UTC)
NOT_YET = datetime.datetime(2090, 6, 1, tzinfo=UTC)
SOON = NOW + datetime.timedelta(days=20)
PASSPHRASE = 'käse und brot'

DER = serialization.Encoding.DER
PEM = serialization.Encoding.PEM


def new_key(kind):
    if kind == 'ed25519':
        return ed25519.Ed25519PrivateKey.generate()
    if kind == 'p256':
        return ec.generate_private_key(ec.SECP256R1())
    if kind == 'p384':
        return ec.generate_private_key(ec.SECP384R1())
    if kind == 'rsa512':      # python3-cryptography makes none so small
        pem = subprocess.run(['openssl', 'genrsa', '512'], check=True, capture_output=True).stdout
        return serialization.load_pem_private_key(pem, None)
    return rsa.generate_private_key(3 if kind == 'rsa1024-3' else 65537, int(kind.removeprefix('rsa').split('-')[0]))


def long_serial():
    """Sixteen bytes, positive, as [MC-DRT] 2.2.3.1.4.1 wants them."""
    return (x509.random_serial_number() & ((1 << 126) - 1)) | (1 << 126)


def usage(*names):
    every = ['digital_signature', 'content_commitment', 'key_encipherment', 'data_encipherment', 'key_agreement',
             'key_cert_sign', 'crl_sign', 'encipher_only', 'decipher_only']
    assert all(name in every for name in names)
    return x509.KeyUsage(**{name: name in names for name in every})


def tlv(tag, content):
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x80 | (n := (size.bit_length() + 7) // 8)]) + size.to_bytes(n, 'big')
    return bytes([tag]) + length + content


def children(der):
    """The elements of a SEQUENCE, whole."""
    def head(at):
        size, start = der[at + 1], at + 2
        if size >= 128:
            n = size & 0x7f
            size, start = int.from_bytes(der[start:start + n], 'big'), start + n
        return start, start + size
    start, end = head(0)
    found = []
    while start < end:
        after = head(start)[1]
        found.append(der[start:after])
        start = after
    return found


SHA1_WITH_RSA = bytes.fromhex('300d06092a864886f70d0101050500')
SHA1_WITH_ECDSA = bytes.fromhex('300906072a8648ce3d0401')


def sign_with_sha1(certificate, key):
    """Signs anew what python3-cryptography signs with nothing as weak."""
    parts = children(children(certificate)[0])
    is_rsa = isinstance(key, rsa.RSAPrivateKey)
    parts[2] = SHA1_WITH_RSA if is_rsa else SHA1_WITH_ECDSA
    signed = tlv(0x30, b''.join(parts))
    signature = key.sign(signed, padding.PKCS1v15(), hashes.SHA1()) if is_rsa else key.sign(signed, ec.ECDSA(hashes.SHA1()))
    return tlv(0x30, signed + parts[2] + tlv(0x03, b'\0' + signature))


class Certificate:
    """A certificate, its key, and its issuer (None: itself)."""

    def __init__(self, name, issuer=None, kind='ed25519', ca=False, after=PAST, before=FUTURE, path=None,
                 serial=None, key=None, constraints=True, key_usage=None, identifiers=True, extra=(), signer=None,
                 sha1=False):
        self.key = key or new_key(kind)
        self.issuer = issuer
        signing = signer or (issuer.key if issuer else self.key)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (x509.CertificateBuilder().subject_name(subject)
                   .issuer_name(issuer.x509.subject if issuer else subject)
                   .not_valid_before(after).not_valid_after(before)
                   .serial_number(serial or long_serial()).public_key(self.key.public_key()))
        if constraints:
            builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=path), critical=True)
        if key_usage is None:
            key_usage = usage('key_cert_sign', 'crl_sign') if ca else usage('digital_signature')
        if key_usage:
            builder = builder.add_extension(key_usage, critical=True)
        if identifiers:
            above = issuer.key if issuer else self.key
            builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), critical=False)
        for extension, critical in extra:
            builder = builder.add_extension(extension, critical=critical)
        self.x509 = builder.sign(signing, None if isinstance(signing, ed25519.Ed25519PrivateKey) else hashes.SHA256())
        self.der = self.x509.public_bytes(DER)
        if sha1:
            self.der = sign_with_sha1(self.der, signing)
            self.x509 = x509.load_der_x509_certificate(self.der)

    @property
    def pem(self):
        return pem_of(self.der)

    @property
    def key_pem(self):
        return self.key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())

    def tampered(self, old, new):
        """The same with a few bytes changed, that no signature is right for."""
        assert self.der.count(old) == 1 and len(old) == len(new)
        other = object.__new__(Certificate)
        other.key, other.issuer, other.x509 = self.key, self.issuer, self.x509
        other.der = self.der.replace(old, new)
        return other


class Old(Certificate):
    """A certificate of profile 1.0."""

    def __init__(self, name, issuer=None, **arguments):
        arguments.setdefault('kind', 'rsa1024')
        arguments.setdefault('sha1', True)
        super().__init__(name, issuer, **arguments)


def pem_of(der, name='CERTIFICATE'):
    text = base64.b64encode(der).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return '\n'.join([f'-----BEGIN {name}-----', *lines, f'-----END {name}-----', '']).encode()


def bundle(*certificates):
    return b''.join(certificate.pem for certificate in certificates)


def revoke_list(authority, *certificates, next_update=FUTURE, signer=None):
    builder = (x509.CertificateRevocationListBuilder().issuer_name(authority.x509.subject)
               .last_update(PAST).next_update(next_update)
               .add_extension(x509.CRLNumber(1), critical=False))
    for certificate in certificates:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(certificate.x509.serial_number).revocation_date(PAST).build())
    key = signer or authority.key
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(key, digest).public_bytes(PEM)


def as_pkcs12(certificate, *others, passphrase=PASSPHRASE):
    encryption = (serialization.BestAvailableEncryption(passphrase.encode()) if passphrase
                  else serialization.NoEncryption())
    return pkcs12.serialize_key_and_certificates(b'member', certificate.key, certificate.x509,
                                                 [other.x509 for other in others], encryption)


def as_pkcs7(*certificates):
    return pkcs7.serialize_certificates([certificate.x509 for certificate in certificates], DER)


def as_credential(*certificates, suite=1):
    """PROFILE-2.0.md 3; nobody looks at the agreement key here."""
    head = struct.pack('>BBBB', 2, 0, suite, len(certificates)) + bytes(32) + struct.pack('>Q', 0) + bytes(64)
    return head + b''.join(struct.pack('>H', len(c.der)) + c.der for c in certificates)


def unknown(oid='1.2.3.4.5.6.7.8', value=b'\x05\x00'):
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value)


def derived_key(certificate):
    """PROFILE-2.0.md 2, and for 1.0 the content of subjectPublicKey; the bytes as they lie in DRT_DATA.pb."""
    if isinstance(certificate.key, rsa.RSAPrivateKey):
        form = serialization.PublicFormat.PKCS1
    else:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(certificate.key.public_key().public_bytes(DER, form)).hexdigest()


FILES = {}


def put(name, content):
    assert name not in FILES, name
    FILES[name] = content if isinstance(content, bytes) else content.encode()


def make_good(root, middle):
    member = Certificate('alice', root)
    put('good-ed25519.pem', bundle(member))
    put('good-ed25519.key', derived_key(member))
    put('good-with-root.pem', bundle(member, root))
    put('good-middle.pem', bundle(Certificate('alice', middle), middle))
    below = Certificate('Branch of a branch', middle, ca=True)
    deep = Certificate('alice', below)
    put('good-two-middles.pem', bundle(deep, below, middle))
    put('good-shuffled.pem', bundle(root, middle, deep, below, middle))
    put('good-p256-below-ed25519.pem', bundle(Certificate('bob', root, kind='p256')))
    put('root-p256.pem', bundle(p256 := Certificate('Our curve', kind='p256', ca=True)))
    put('good-p256.pem', bundle(curve := Certificate('bob', p256, kind='p256')))
    put('good-p256.key', derived_key(curve))
    put('good-der.crt', member.der)
    put('good-pkcs7.p7b', as_pkcs7(member, root))
    put('good-with-key.pem', member.pem + member.key_pem)
    put('good-with-encrypted-key.pem', member.pem + member.key.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(PASSPHRASE.encode())))
    old_style = Certificate('bob', root, kind='p256')
    put('good-with-old-style-key.pem', old_style.key.private_bytes(
        PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.BestAvailableEncryption(PASSPHRASE.encode())) + old_style.pem)
    put('good-pkcs12.p12', as_pkcs12(member, root))
    put('good-pkcs12-open.p12', as_pkcs12(member, root, passphrase=None))
    put('good-authority.pem', bundle(middle))
    put('good-path-length.pem', bundle(member2 := Certificate('alice', limited := Certificate('Limited', root, ca=True, path=0)), limited))
    assert member2
    put('good-no-usage.pem', bundle(Certificate('alice', root, key_usage=False)))
    put('good-known-extensions.pem', bundle(Certificate('alice', root, extra=[
        (x509.SubjectAlternativeName([x509.DNSName('alice.example')]), True), (unknown(), False),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)])))
    put('good-unicode.pem', bundle(Certificate('Αλίκη Жук 愛', root)))
    long_chain = [Certificate('Level 1', root, ca=True)]
    for i in range(2, 25):
        long_chain.insert(0, Certificate(f'Level {i}', long_chain[0], ca=True))
    long_chain.insert(0, Certificate('deep', long_chain[0]))
    put('good-25.pem', bundle(*long_chain))
    long_chain.insert(0, Certificate('deeper', Certificate('Level 25', long_chain[1], ca=True)))
    put('too-many.pem', bundle(*long_chain))
    put('middle.pem', bundle(middle))
    renewed = Certificate('Our mesh', ca=True, key=root.key)
    put('root-renewed.pem', bundle(renewed))
    put('good-renewed-root.pem', bundle(member, root))
    put('good-credential-2.0', as_credential(Certificate('alice', middle), middle))
    put('good-expires-soon.pem', bundle(Certificate('alice', root, before=SOON)))
    brief = Certificate('Brief mesh', ca=True, before=SOON)
    put('root-brief.pem', bundle(brief))
    put('good-root-expires-soon.pem', bundle(Certificate('alice', brief)))


def make_bad(root, middle, other):
    put('expired.pem', bundle(Certificate('alice', root, before=EXPIRED)))
    late = Certificate('Late branch', root, ca=True, before=EXPIRED)
    put('expired-middle.pem', bundle(Certificate('alice', late), late))
    gone = Certificate('Gone mesh', ca=True, before=EXPIRED)
    put('root-gone.pem', bundle(gone))
    put('expired-root.pem', bundle(Certificate('alice', gone)))
    put('expired-both.pem', bundle(Certificate('alice', gone, before=EXPIRED)))
    put('not-yet-valid.pem', bundle(Certificate('alice', root, after=NOT_YET)))
    lone = Certificate('mallory', key_usage=usage('digital_signature'))
    put('self-signed.pem', bundle(lone))
    put('self-signed-expired.pem', bundle(Certificate('mallory', before=EXPIRED)))
    put('unknown-root.pem', bundle(Certificate('alice', other), other))
    put('unknown-root-expired.pem', bundle(Certificate('alice', other, before=EXPIRED), other))
    impostor = Certificate('Our mesh', ca=True)
    put('unknown-root-same-name.pem', bundle(Certificate('alice', impostor), impostor))
    put('unknown-root-alone.pem', bundle(other))
    put('issuer-missing.pem', bundle(Certificate('alice', middle)))
    put('issuer-missing-other-mesh.pem', bundle(Certificate('alice', other)))
    put('issuer-missing-not-yet-valid.pem', bundle(Certificate('alice', middle, after=NOT_YET)))
    put('issuer-missing-same-name.pem', bundle(Certificate('alice', impostor)))
    plain = Certificate('carol', root)
    put('issuer-member.pem', bundle(Certificate('alice', plain), plain))
    pretender = Certificate('carol', root, key_usage=usage('digital_signature', 'key_cert_sign'))
    put('issuer-not-authority.pem', bundle(Certificate('alice', pretender), pretender))
    silent = Certificate('carol', root, constraints=False, key_usage=False)
    put('issuer-says-nothing.pem', bundle(Certificate('alice', silent), silent))
    narrow = Certificate('Narrow mesh', ca=True, path=0)
    put('root-narrow.pem', bundle(narrow))
    wide = Certificate('Branch', narrow, ca=True)
    put('path-too-long-root.pem', bundle(Certificate('alice', wide), wide))
    limited = Certificate('Limited', root, ca=True, path=0)
    below = Certificate('Branch of a branch', limited, ca=True)
    too_deep = Certificate('alice', below)
    put('path-too-long.pem', bundle(too_deep, below, limited))
    put('path-too-long-revoked.crl', revoke_list(below, too_deep) + revoke_list(limited) + revoke_list(root))
    put('bad-signature-name.pem', bundle(Certificate('alice', root).tampered(b'alice', b'alicf')))
    put('bad-signature-middle.pem', bundle(Certificate('alice', middle), middle.tampered(b'209901', b'209701')))
    member = Certificate('alice', root)
    put('bad-signature-bits.pem', pem_of(member.der[:-1] + bytes([member.der[-1] ^ 1])))
    put('bad-signature-forged.pem', bundle(Certificate('alice', root, identifiers=False, signer=new_key('ed25519'))))
    put('bad-signature-expired.pem', bundle(Certificate('alice', root, before=EXPIRED).tampered(b'alice', b'alicf')))
    tampered_root = other.tampered(b'209901', b'209701')
    put('bad-signature-unknown-root.pem', bundle(Certificate('alice', other), tampered_root))
    make_bad_strength(root)
    make_bad_limits(root, middle)


def make_bad_strength(root):
    curve = Certificate('Our old curve', kind='p256', ca=True)
    put('root-curve.pem', bundle(curve))
    weak = Certificate('alice', curve, kind='p256', sha1=True)
    put('weak-signature.pem', bundle(weak))
    put('weak-signature-tampered.pem', bundle(weak.tampered(b'alice', b'alicf')))
    branch = Certificate('Branch', curve, kind='p256', ca=True, sha1=True)
    put('weak-signature-middle.pem', bundle(Certificate('alice', branch), branch))
    put('weak-key.pem', bundle(Certificate('alice', root, kind='rsa1024')))
    rsa_branch = Certificate('Branch', root, kind='rsa1024', ca=True)
    put('weak-key-middle.pem', bundle(Certificate('alice', rsa_branch), rsa_branch))
    put('wrong-profile-rsa2048.pem', bundle(Certificate('alice', root, kind='rsa2048')))
    put('wrong-profile-p384.pem', bundle(Certificate('alice', root, kind='p384')))
    large = Certificate('Large mesh', kind='rsa2048', ca=True)
    put('root-rsa2048.pem', bundle(large))
    put('wrong-profile-root.pem', bundle(Certificate('alice', large)))


def make_bad_limits(root, middle):
    put('key-usage.pem', bundle(Certificate('alice', root, key_usage=usage('key_agreement'))))
    unable = Certificate('Unable', root, ca=True, key_usage=usage('digital_signature', 'crl_sign'))
    put('key-usage-issuer.pem', bundle(Certificate('alice', unable), unable))
    put('key-usage-extended.pem', bundle(Certificate('alice', root, extra=[
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), True)])))
    sealed = Certificate('alice', root, key_usage=usage('key_agreement'))
    put('key-usage-revoked.pem', bundle(sealed))
    put('key-usage-revoked.crl', revoke_list(root, sealed))
    put('unknown-extension.pem', bundle(Certificate('alice', root, extra=[(unknown(), True)])))
    put('unknown-extension-key-usage.pem', bundle(Certificate('alice', root, extra=[(unknown(), True)],
                                                              key_usage=usage('key_agreement'))))
    elsewhere = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, 'bob')])
    constrained = Certificate('Branch', root, ca=True, extra=[
        (x509.NameConstraints([x509.DirectoryName(elsewhere)], None), True)])
    put('unknown-extension-names.pem', bundle(Certificate('alice', constrained), constrained))
    put('unknown-extension-undecodable.pem', bundle(Certificate('alice', root, constraints=False, extra=[
        (unknown('2.5.29.19', b'\x30\x03\x01\x01'), True)])))
    make_revoked(root, middle)


def make_revoked(root, middle):
    member = Certificate('alice', root)
    put('revoked.pem', bundle(member))
    put('revoked.crl', revoke_list(root, member))
    put('revoked-old-list.crl', revoke_list(root, member, next_update=EXPIRED))
    put('revoked-by-other.crl', revoke_list(root, member, signer=new_key('ed25519')))
    put('revoked-nobody.crl', revoke_list(root))
    put('revoked-two-lists.crl', revoke_list(root, member, signer=new_key('ed25519')) + revoke_list(root, member))
    branch = Certificate('Branch', root, ca=True)
    put('revoked-middle.pem', bundle(Certificate('alice', branch), branch))
    put('revoked-middle.crl', revoke_list(root, branch) + revoke_list(branch))
    late = Certificate('alice', root, before=EXPIRED)
    put('revoked-expired.pem', bundle(late))
    put('revoked-expired.crl', revoke_list(root, late))


def make_old():
    root = Old('Old mesh', ca=True)
    put('old-root.pem', bundle(root))
    member = Old('alice', root)
    put('old-good.pem', bundle(member, root))
    put('old-good.key', derived_key(member))
    middle = Old('Old branch', root, ca=True)
    put('old-good-middle.pem', bundle(Old('alice', middle), middle))
    put('old-good.p12', as_pkcs12(member, root))
    bare = Old('Windows', constraints=False, key_usage=False, identifiers=False)
    put('old-root-bare.pem', bundle(bare))
    put('old-good-bare.pem', bundle(Old('alice', bare, constraints=False, key_usage=False, identifiers=False), bare))
    bare_middle = Old('carol', root, constraints=False, key_usage=False)
    put('old-issuer-says-nothing.pem', bundle(Old('alice', bare_middle), bare_middle))
    put('old-short-serial.pem', bundle(Old('alice', root, serial=0x1234567890)))
    put('old-long-serial.pem', bundle(Old('alice', root, serial=long_serial() | 1 << 127)))
    put('old-sha256.pem', bundle(Old('alice', root, sha1=False)))
    put('old-rsa2048.pem', bundle(Old('alice', root, kind='rsa2048')))
    put('old-exponent-3.pem', bundle(Old('alice', root, kind='rsa1024-3')))
    put('old-rsa512.pem', bundle(Old('alice', root, kind='rsa512')))
    put('old-ed25519-member.pem', bundle(Old('alice', root, kind='ed25519')))
    put('old-expired.pem', bundle(Old('alice', root, before=EXPIRED)))
    put('old-credential', as_pkcs7(Old('alice', middle), middle, root))
    put('old-credential-expired', as_pkcs7(Old('alice', root, before=EXPIRED), root))
    put('old-credential-truncated', as_pkcs7(member, root)[:-40])


def make_unreadable(root, middle, other):
    member = Certificate('alice', root)
    put('garbage.pem', bytes(range(256)) * 4)
    put('empty.pem', b'')
    put('text.pem', 'Dear Alice, please find attached the certificate.\n')
    put('html.pem', '<html><body>404 Not Found</body></html>\n')
    put('damaged.pem', member.pem.replace(b'M', b'*', 3))
    put('zeros.der', b'\x30\x82\x01\x00' + bytes(256))
    put('key-only.pem', member.key_pem)
    put('truncated.pem', member.pem[:300])
    put('truncated-second.pem', member.pem + middle.pem[:200])
    put('truncated.crt', member.der[:200])
    put('truncated.p12', as_pkcs12(member, root)[:300])
    put('wrong-passphrase.p12', as_pkcs12(member, root, passphrase='something else'))
    put('wrong-passphrase.pem', member.pem + member.key.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b'something else')))
    put('wrong-passphrase-old-style.pem', (curve := Certificate('bob', root, kind='p256')).pem + curve.key.private_bytes(
        PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.BestAvailableEncryption(b'something else')))
    put('passphrase-needed.p12', as_pkcs12(member, root, passphrase='something else'))
    put('key-mismatch.pem', member.pem + Certificate('bob', root).key_pem)
    put('key-mismatch-expired.pem', Certificate('alice', root, before=EXPIRED).pem + member.key_pem)
    put('key-mismatch-kind.pem', member.pem + new_key('p256').private_bytes(
        PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()))
    good = as_credential(Certificate('alice', middle), middle)
    put('credential-truncated', good[:-20])
    put('credential-left-over', good + b'\0')
    put('credential-none', as_credential())
    put('credential-garbage', good[:120] + b'x' * (len(good) - 120))
    put('credential-26', as_credential(*[member] * 26))
    put('credential-suite', as_credential(member, suite=9))
    put('credential-expired', as_credential(Certificate('alice', root, before=EXPIRED)))
    put('credential-unknown-root', as_credential(Certificate('alice', other), other))
    put('credential-authority', as_credential(middle))


def make_all():
    root = Certificate('Our mesh', ca=True)
    middle = Certificate('Branch', root, ca=True)
    other = Certificate('Other mesh', ca=True)
    put('root.pem', bundle(root))
    put('other-root.pem', bundle(other))
    make_good(root, middle)
    make_bad(root, middle, other)
    make_old()
    make_unreadable(root, middle, other)


def main():
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    make_all()
    table = json.loads((pathlib.Path(__file__).parent / 'cases.json').read_text(encoding='utf-8'))
    named = {case[field] for case in table['cases'] for field in ('file', 'root', 'revoked', 'key') if field in case}
    missing, spare = named - FILES.keys(), FILES.keys() - named
    if missing or spare:
        sys.exit(f'cases.json and generate.py differ: not made {sorted(missing)}, not used {sorted(spare)}')
    for name, content in FILES.items():
        (directory / name).write_bytes(content)
    return 0


if __name__ == '__main__':
    sys.exit(main())
