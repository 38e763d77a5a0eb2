#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints profile-1-vectors.h. To write it anew: profile-1-vectors.py > profile-1-vectors.h"""

import struct

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

import profile_1 as p

ROOT, MIDDLE, MEMBER, OTHER = [p.Key(name) for name in ("root", "middle", "member", "other")]
ROOT_NAME, MIDDLE_NAME = p.common_name("Vector root"), p.common_name("Vector middle")
MAJOR, MINOR = 6, 0x65
NONCE = bytes(range(0x80, 0x90))
IV, SESSION_KEY = bytes(range(0xa0, 0xb0)), bytes(range(0xc0, 0xe0))
ADDRESSES = [("2001:db8::1", 4000), ("fd00::2", 65535)]
TEXTS = [b"The quick brown fox ", b"jumps over the lazy dog"]
CLEAR = [b"", b"fifteen bytes..", b"sixteen bytes...", bytes(range(33))]


def member_certificate(**change):
    what = {"signer": ROOT, "issuer": ROOT_NAME, "subject": p.common_name("Vector member"), "rsa_key": MEMBER.rsa_key}
    what.update(change)
    return p.certificate(what.pop("signer"), what.pop("issuer"), what.pop("subject"), what.pop("rsa_key"), **what)


CERTIFICATES = {
    "ROOT": member_certificate(subject=ROOT_NAME, rsa_key=ROOT.rsa_key, extensions=p.AUTHORITY, serial=bytes([1] * 16)),
    "MIDDLE": member_certificate(subject=MIDDLE_NAME, rsa_key=MIDDLE.rsa_key, extensions=p.AUTHORITY,
                                 serial=bytes([2] * 16)),
    "MEMBER": member_certificate(signer=MIDDLE, issuer=MIDDLE_NAME),
    "OTHER": member_certificate(subject=p.common_name("Vector other"), rsa_key=OTHER.rsa_key, serial=bytes([3] * 16)),
}


def long_name(length):
    """Of several texts: one has at most 64 characters (RFC 2459, ub-common-name)."""
    texts = [min(64, length - start) for start in range(0, length, 64)]
    return p.name((p.COMMON_NAME, p.text("n" * texts[0])), *[(p.ORGANIZATION, p.text("o" * n)) for n in texts[1:]])


SOUND = {
    "name as Windows writes it": member_certificate(subject=p.common_name("LocalCert", 0x1e)),
    "name of 255 characters": member_certificate(subject=long_name(255)),
    "255 characters of more bytes": member_certificate(
        subject=p.name((p.COMMON_NAME, p.text("é" * 64)), (p.ORGANIZATION, p.text("é" * 191)))),
    "no extensions": member_certificate(extensions=[]),
    "serial with its first bit set": member_certificate(serial=bytes([0x91] + [7] * 15)),
}

RSA_E3 = p.sequence(p.integer(MEMBER.n), p.integer(3))
RSA_1016 = p.sequence(p.integer(MEMBER.n >> 8 | 1), p.integer(65537))
RSA_2048 = p.sequence(p.integer(MEMBER.n * OTHER.n), p.integer(65537))

UNSOUND = {
    "version 1": member_certificate(version=0, extensions=[]),
    "version 2": member_certificate(version=1, extensions=[]),
    "SHA-256": member_certificate(signature=p.SHA256_RSA),
    "serial of 15 bytes": member_certificate(serial=bytes([0x11] * 15)),
    "serial of 17 bytes": member_certificate(serial=bytes([0] + [0x91] * 16)),
    "serial of 1 byte": member_certificate(serial=b"\x01"),
    "issuer's unique id": member_certificate(unique_ids=p.tlv(0x81, b"\0issuer")),
    "subject's unique id": member_certificate(unique_ids=p.tlv(0x82, b"\0subject")),
    "unique id of 0 bits": member_certificate(unique_ids=p.tlv(0x82, b"\0")),
    "subject of 256 characters": member_certificate(subject=long_name(256)),
    "issuer of 256 characters": member_certificate(issuer=long_name(256)),
    "no subject": member_certificate(subject=p.name()),
    "no issuer": member_certificate(issuer=p.name()),
    "exponent 3": member_certificate(rsa_key=RSA_E3),
    "RSA-1016": member_certificate(rsa_key=RSA_1016),
    "RSA-2048": member_certificate(rsa_key=RSA_2048),
}

MEMBER_CHAIN = [CERTIFICATES["MEMBER"], CERTIFICATES["MIDDLE"]]
DIGESTS = p.signed_data(MEMBER_CHAIN, signers=p.sequence(p.integer(1), p.sequence(ROOT_NAME, p.integer(1)),
                                                         p.algorithm("1.3.14.3.2.26"), p.algorithm(p.RSA),
                                                         p.tlv(0x04, bytes(128))))
CREDENTIALS = {
    "no certificates": p.signed_data([]),
    "26 certificates": p.signed_data([CERTIFICATES["MEMBER"]] * 26),
    "a signer": DIGESTS,
    "a certificate alone": CERTIFICATES["MEMBER"],
    "data instead": p.sequence(p.oid("1.2.840.113549.1.7.1"), p.tlv(0xa0, p.tlv(0x04, b"data"))),
    "an unsound certificate": p.signed_data([CERTIFICATES["MEMBER"], UNSOUND["SHA-256"]]),
    "a byte behind": p.signed_data(MEMBER_CHAIN) + b"\0",
}


def seal(data):
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES256(SESSION_KEY), modes.CBC(IV)).encryptor()
    return encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()


TOKEN = p.keytoken(IV, SESSION_KEY)
FILL = bytes(1 + i for i in range(128 - 3 - len(TOKEN)))
TOKENS = {
    "another constant": MEMBER.encrypt(TOKEN.replace(b"KDBM", b"KDBN")),
    "IV of 8 bytes": MEMBER.encrypt(b"\x08" + TOKEN[1:]),
    "big-endian length": MEMBER.encrypt(b"\0\x10" + TOKEN[2:]),
    "a byte too many": MEMBER.encrypt(TOKEN + b"\0"),
    "a byte too few": MEMBER.encrypt(TOKEN[:-1]),
    "padding of a signature": MEMBER.public(b"\0\x01" + b"\xff" * len(FILL) + b"\0" + TOKEN),
    "first byte not 0": MEMBER.public(b"\x01\x02" + FILL + b"\0" + TOKEN),
    "no end of the padding": MEMBER.public(b"\0\x02" + FILL + b"\x01" + TOKEN.replace(b"\0", b"\x01")),
    "7 bytes of padding": MEMBER.public(b"\0\x02" + FILL[:7] + b"\0" + TOKEN + bytes(len(FILL) - 7)),
    "of another key": OTHER.encrypt(TOKEN),
}


def define(name, data):
    print(f'#define {name} \\')
    text = data.hex()
    lines = [text[i:i + 112] for i in range(0, len(text), 112)] or [""]
    print(" \\\n".join(f'  "{line}"' for line in lines))


def table(name, entries):
    print(f"\nstatic const Vector {name}[] = {{")
    for title, data in entries.items():
        text = data.hex()
        lines = [text[i:i + 112] for i in range(0, len(text), 112)]
        print(f'  {{ "{title}",')
        print("\n".join(f'    "{line}"' for line in lines) + " },")
    print("};")


def main():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */\n\n#pragma once\n\n"
          "/* Made by profile-1-vectors.py, which knows nothing of the library; do not edit. */\n")
    for name, key in (("ROOT", ROOT), ("MEMBER", MEMBER), ("OTHER", OTHER)):
        define(f"{name}_PRIVATE", key.to_der())
    for name, der in CERTIFICATES.items():
        define(f"{name}_CERTIFICATE", der)
    define("MEMBER_RSA_KEY", MEMBER.rsa_key)
    define("MEMBER_PUBLIC_KEY", p.public_key(MEMBER.rsa_key))
    define("MEMBER_KEY", p.derived_key(MEMBER.rsa_key))
    define("OTHER_PUBLIC_KEY", p.public_key(OTHER.rsa_key))
    for i, text in enumerate(TEXTS):
        define(f"TEXT_{i + 1}", text)
    define("SIGNATURE", p.signature(MEMBER.sign(b"".join(TEXTS))))
    define("SIGNATURE_SHA256", p.signature(MEMBER.sign(b"".join(TEXTS), "sha256")))
    define("NONCE", NONCE)
    define("ADDRESSES", p.service_address_list(ADDRESSES)[4:])
    define("CPA", p.cpa(MEMBER, MAJOR, MINOR, NONCE, ADDRESSES))
    define("CPA_NO_ADDRESSES", p.cpa(MEMBER, MAJOR, MINOR, NONCE, []))
    define("CPA_14_ADDRESSES", p.cpa(MEMBER, MAJOR, MINOR, NONCE, ADDRESSES * 7))
    define("CPA_20_ADDRESSES", p.cpa(MEMBER, MAJOR, MINOR, NONCE, ADDRESSES * 10))
    define("CPA_21_ADDRESSES", p.cpa(MEMBER, MAJOR, MINOR, NONCE, ADDRESSES * 10 + ADDRESSES[:1]))
    define("CPA_REVOKE", p.cpa(MEMBER, MAJOR, MINOR, NONCE, ADDRESSES, flags=1))
    define("CREDENTIAL", p.signed_data(MEMBER_CHAIN))
    define("CREDENTIAL_OTHER", p.signed_data([CERTIFICATES["OTHER"]]))
    define("SESSION_IV", IV)
    define("SESSION_KEY", SESSION_KEY)
    define("TOKEN_CLEAR", TOKEN)
    define("TOKEN", MEMBER.encrypt(TOKEN))
    define("TOKEN_ODD_PADDING", MEMBER.encrypt(p.keytoken(IV, SESSION_KEY, b"padded")))
    print("\ntypedef struct\n{\n  const char *name;\n  const char *hex;\n} Vector;")
    print("\nstatic const struct\n{\n  const char *clear;\n  const char *sealed;\n} sealed_vectors[] = {")
    for clear in CLEAR:
        print(f'  {{ "{clear.hex()}",\n    "{seal(clear).hex()}" }},')
    print("};")
    table("sound_certificates", SOUND)
    table("unsound_certificates", UNSOUND)
    table("unsound_credentials", CREDENTIALS)
    table("unsound_tokens", TOKENS)


if __name__ == "__main__":
    main()
