#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints profile-2-vectors.h. To write it anew: profile-2-vectors.py > profile-2-vectors.h

The root has an Ed25519 key, so that all certificates are the same in every run."""

import profile_2 as p

NOW = 1_795_000_000_123          # in November 2026, milliseconds
NONCE = bytes(range(0x80, 0x90))
SALT = bytes(range(0x20, 0x40))
PAYLOAD = bytes(range(256)) * 3
ADDRESSES = [("2001:db8::1", 4000), ("fd00::2", 65535)]
BUFFERS = [b"what the specification signs", b"\2the binding"]
CLEAR = [b"a route entry", b"", b"the end of a path, and more than one block of the cipher"]

ROOT_KEY = p.make_key(p.ED25519, "root")
ROOT = p.make_certificate("Vector root", ROOT_KEY, "Vector root", ROOT_KEY, 1, True)
BENEATH_KEY = p.make_key(p.ED25519, "beneath")
BENEATH = p.make_certificate("Vector beneath", BENEATH_KEY, "Vector root", ROOT_KEY, 2, True)
SUITES = {p.ED25519: "ED25519", p.P256: "P256"}


class Member:
    """One with a chain of two."""

    def __init__(self, suite, name, serial):
        self.key = p.make_key(suite, name)
        self.certificate = p.make_certificate(f"Vector {name}", self.key, "Vector beneath", BENEATH_KEY, serial)
        self.chain = [self.certificate, BENEATH]
        self.agreement = p.make_agreement(name)
        self.pem = p.member_pem(self.certificate, self.key, [BENEATH])


MEMBERS = {suite: Member(suite, name.lower(), 10 + suite) for suite, name in SUITES.items()}
PEER = Member(p.ED25519, "peer", 20)


def define(name, data):
    print(f"#define {name} \\")
    digits = data.hex()
    lines = [digits[i:i + 112] for i in range(0, len(digits), 112)] or [""]
    print(" \\\n".join(f'  "{line}"' for line in lines))


def define_member(name, suite, member):
    define(f"{name}_PEM", member.pem)
    define(f"{name}_KEY", p.derived_key(member.key.public_key()))
    define(f"{name}_AGREEMENT_PRIVATE", p.raw_private(member.agreement))
    define(f"{name}_CREDENTIAL", p.credential(member.key, member.chain, p.raw(member.agreement.public_key()), NOW - 1000))
    if suite is None:
        return
    define(f"{name}_SIGNATURE", p.signature(member.key, NOW, BUFFERS))
    for kind, change in (("", {"nonce": NONCE}), ("_PAYLOAD", {"nonce": NONCE, "payload": PAYLOAD}),
                         ("_REVOKE", {"flags": p.REVOKED, "nonce": NONCE}), ("_NO_NONCE", {}),
                         ("_NO_ADDRESSES", {"nonce": NONCE, "addresses": []})):
        define(f"{name}_CPA{kind}", p.cpa(member.key, p.CONFIDENTIAL, NOW, **{"addresses": ADDRESSES, **change}))
    token, sealed = p.seal(PEER.agreement, p.raw(member.agreement.public_key()), SALT, CLEAR)
    define(f"{name}_TOKEN", token)
    for i, one in enumerate(sealed):
        define(f"{name}_SEALED_{i + 1}", one)


def main():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */\n\n#pragma once\n")
    print("/* Made by profile-2-vectors.py, which knows nothing of the library; do not edit. */\n")
    print(f"#define NOW G_GINT64_CONSTANT ({NOW})   /* milliseconds */")
    print(f"#define MADE (NOW - 1000)")
    define("ROOT_CERTIFICATE", ROOT.public_bytes(p.DER))
    define("NONCE", NONCE)
    define("PAYLOAD", PAYLOAD)
    for i, one in enumerate(BUFFERS):
        define(f"BUFFER_{i + 1}", one)
    for i, one in enumerate(CLEAR):
        define(f"CLEAR_{i + 1}", one)
    define_member("PEER", None, PEER)
    for suite, name in SUITES.items():
        define_member(name, suite, MEMBERS[suite])


if __name__ == "__main__":
    main()
