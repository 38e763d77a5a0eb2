#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profile 2.0 in both directions: what the library makes is read by python3-cryptography, what
that makes by the library.

test-profile-2.py PROFILE-2-ORACLE PROFILE-2-VECTORS.H
"""

import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from tap import Failure, Test, check, check_equal, main, skip_all  # pylint: disable=wrong-import-position

try:
    import profile_2 as p
except ImportError:
    skip_all("python3-cryptography is not installed")

ORACLE, HEADER = sys.argv[1:3]
HERE = pathlib.Path(__file__).parent
N_ROUNDS = 25
RANDOM = random.Random(20)
HOUR = 3_600_000
MADE = 1000                     # before now

vectors = __import__("profile-2-vectors")
NOW = vectors.NOW


class Oracle:
    def __init__(self, member, mode=p.CONFIDENTIAL, now=NOW, made=NOW - MADE):
        self.process = subprocess.Popen([ORACLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.key, = self.ask("open", vectors.ROOT.public_bytes(p.DER), member.pem, p.raw_private(member.agreement),
                             p.time(made), p.time(now), bytes([mode]))

    def ask(self, verb, *words):
        self.process.stdin.write(" ".join([verb, *[word.hex() or "-" for word in words]]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        check(answer, f"the oracle ended at {verb}")
        return answer[0] if answer[0] in ("good", "bad") else [b"" if word == "-" else bytes.fromhex(word) for word in answer]

    def close(self):
        self.process.stdin.close()
        check_equal(self.process.wait(10), 0, "the oracle's end")


def refused(function, *arguments):
    try:
        function(*arguments)
    except p.Refused as reason:
        return str(reason)
    raise Failure("it was taken")


def set_up(test):
    test.oracles = {}
    for suite, member in vectors.MEMBERS.items():
        test.oracles[suite] = Oracle(member)
        test.closers.append(test.oracles[suite].close)


def each(test):
    return [(test.oracles[suite], member) for suite, member in vectors.MEMBERS.items()]


def credential_of(member, now=NOW, made=NOW - MADE):
    del now
    return p.credential(member.key, member.chain, p.raw(member.agreement.public_key()), made)


def the_vectors_are_those_of_the_script(_test):
    if not p.is_deterministic():
        return "this python3-cryptography cannot make the same ECDSA signature twice"
    made = subprocess.run([sys.executable, HERE / "profile-2-vectors.py"], capture_output=True, check=True, text=True)
    check_equal(made.stdout == pathlib.Path(HEADER).read_text(encoding="utf-8"), True, "profile-2-vectors.h is what the script prints")
    return None


def derived_keys_are_the_same(test):
    for oracle, member in each(test):
        check_equal(oracle.key, p.derived_key(member.key.public_key()), "derived key")


def credentials_of_the_library_are_good(test):
    for oracle, member in each(test):
        made, = oracle.ask("credential")
        chain, agreement = p.read_credential(made, vectors.ROOT, NOW)
        check_equal(chain, member.chain, "certificates")
        check_equal(agreement, p.raw(member.agreement.public_key()), "agreement key")


def credentials_of_the_script_are_good(test):
    peer = vectors.PEER
    for oracle, _member in each(test):
        check_equal(oracle.ask("check", credential_of(peer)), "good", "credential")
        for suite, other in vectors.MEMBERS.items():
            check_equal(oracle.ask("check", credential_of(other)), "good", f"of suite {suite}")
        for name, made, expected in (("of now", NOW, "good"), ("almost too old", NOW - 48 * HOUR + 1, "good"),
                                     ("too old", NOW - 48 * HOUR, "bad"), ("of 300 s ahead", NOW + 300_000, "good"),
                                     ("of more", NOW + 300_001, "bad"), ("of the end of time", 2 ** 64 - 1, "bad"),
                                     ("of the beginning of time", 0, "bad")):
            check_equal(oracle.ask("check", credential_of(peer, made=made)), expected, f"an agreement key {name}")
        agreement = p.raw(peer.agreement.public_key())
        for name, chain in (("without the upper certificate", peer.chain[:1]), ("with the root", [*peer.chain, vectors.ROOT]),
                            ("upside down", peer.chain[::-1]), ("of nobody", []), ("of the authority", peer.chain[1:]),
                            ("with a certificate twice", [peer.chain[0], *peer.chain])):
            check_equal(oracle.ask("check", p.credential(peer.key, chain, agreement, NOW)), "bad", f"a chain {name}")
        other = p.credential(vectors.BENEATH_KEY, peer.chain, agreement, NOW)
        check_equal(oracle.ask("check", other), "bad", "an agreement key another has signed")


def signatures_of_the_library_are_good(test):
    for oracle, member in each(test):
        for _ in range(N_ROUNDS):
            buffers = [RANDOM.randbytes(RANDOM.randrange(1, 400)), RANDOM.randbytes(RANDOM.randrange(1, 2000))]
            identifier, made = oracle.ask("sign", *buffers)
            public_key = member.key.public_key()
            p.read_signature(made, identifier, public_key, buffers, NOW)
            check_equal(refused(p.read_signature, made, identifier, public_key, buffers[::-1], NOW), "signature", "buffers")
            check_equal(refused(p.read_signature, made, identifier, public_key, [b"".join(buffers), b""], NOW), "signature", "joined")


def signatures_of_the_script_are_good(test):
    oracle = test.oracles[p.ED25519]
    for member in (vectors.PEER, *vectors.MEMBERS.values()):
        credential, identifier = credential_of(member), p.derived_key(member.key.public_key())
        for _ in range(N_ROUNDS):
            buffers = [RANDOM.randbytes(RANDOM.randrange(1, 400)), RANDOM.randbytes(RANDOM.randrange(1, 2000))]
            made = p.signature(member.key, NOW, buffers)
            check_equal(oracle.ask("verify", *buffers, credential, identifier, made), "good", "signature")
            check_equal(oracle.ask("verify", *buffers[::-1], credential, identifier, made), "bad", "of other buffers")
        for made_at, expected in ((NOW - 300_000, "good"), (NOW - 300_001, "bad"), (NOW + 300_000, "good"),
                                  (NOW + 300_001, "bad"), (0, "bad"), (2 ** 63, "bad"), (2 ** 64 - 1, "bad")):
            made = p.signature(member.key, made_at, buffers)
            check_equal(oracle.ask("verify", *buffers, credential, identifier, made), expected, f"made at {made_at}")


def the_greater_s_is_refused(test):
    member = vectors.MEMBERS[p.P256]
    buffers = [b"one", b"two"]
    made = p.signature(member.key, NOW, buffers)
    other = made[:12] + p.other_signature(made[12:])
    words = credential_of(member), p.derived_key(member.key.public_key())
    check_equal(test.oracles[p.ED25519].ask("verify", *buffers, *words, made), "good", "the lesser s")
    check_equal(test.oracles[p.ED25519].ask("verify", *buffers, *words, other), "bad", "the greater s")
    check_equal(refused(p.read_signature, other, words[1], member.key.public_key(), buffers, NOW), "the greater s", "here")


def cpas_of_the_library_are_good(test):
    for oracle, member in each(test):
        for i in range(N_ROUNDS):
            nonce = RANDOM.randbytes(16) if i % 3 else b""
            payload = RANDOM.randbytes(RANDOM.randrange(1, 5000)) if i % 2 else b""
            made, secured, chain = oracle.ask("pack", bytes([i % 4 == 3]), nonce, payload)
            check_equal(secured, payload, "payload")
            flags, public_key, addresses = p.read_cpa(made, p.CONFIDENTIAL, NOW, nonce, payload or None)
            check_equal((flags, addresses), (int(i % 4 == 3), []), "flags, addresses")
            check_equal(p.spki(public_key), p.spki(member.key.public_key()), "key")
            p.read_credential(chain, vectors.ROOT, NOW)


def cpas_of_the_script_are_good(test):
    oracle = test.oracles[p.P256]
    for member in (vectors.PEER, *vectors.MEMBERS.values()):
        credential, key = credential_of(member), p.derived_key(member.key.public_key())
        nonce, payload = RANDOM.randbytes(16), RANDOM.randbytes(777)

        def make(mode=p.CONFIDENTIAL, made=NOW, **change):
            what = {"nonce": nonce, "payload": payload, "addresses": vectors.ADDRESSES * 10, **change}
            return p.cpa(member.key, mode, made, what.pop("addresses"), **what)

        check_equal(oracle.ask("unpack", make(), credential, nonce, payload), [key, payload], "CPA")
        check_equal(oracle.ask("unpack", make(), credential, b"", payload), [key, payload], "no nonce asked for")
        check_equal(oracle.ask("unpack", make(flags=1, payload=None), b"", nonce, b""), [key, b""], "a revoke by itself")
        for name, cpa, words in (
                ("by itself", make(), (b"", nonce, payload)),
                ("with the credential of another", make(), (credential_of(vectors.Member(p.P256, "third", 30)), nonce, payload)),
                ("with another nonce", make(), (credential, bytes(16), payload)),
                ("without the nonce", make(nonce=b""), (credential, nonce, payload)),
                ("with another payload", make(), (credential, nonce, payload + b"\0")),
                ("without the payload", make(), (credential, nonce, b"")),
                ("with a payload of nobody", make(payload=None), (credential, nonce, payload)),
                ("with an unknown flag", make(flags=2), (credential, nonce, payload)),
                ("with too many addresses", make(addresses=vectors.ADDRESSES * 11), (credential, nonce, payload)),
                ("of resolve mode", make(p.RESOLVE), (credential, nonce, payload)),
                ("of membership mode", make(p.MEMBERSHIP), (credential, nonce, payload)),
                ("too old", make(made=NOW - 300_001), (credential, nonce, payload)),
                ("of the future", make(made=NOW + 300_001), (credential, nonce, payload))):
            check_equal(oracle.ask("unpack", cpa, *words), "bad", f"a CPA {name}")
        for made in (NOW - 300_000, NOW + 300_000):
            check_equal(oracle.ask("unpack", make(made=made), credential, nonce, payload), [key, payload], "at the edge")


def sealed_buffers_of_the_library_open(test):
    peer = vectors.PEER
    for oracle, member in each(test):
        for _ in range(N_ROUNDS):
            buffers = [RANDOM.randbytes(RANDOM.randrange(1, 400)), RANDOM.randbytes(RANDOM.randrange(1, 2000))]
            token, *sealed = oracle.ask("seal", credential_of(peer), *buffers)
            check_equal(token[4:36], p.raw(member.agreement.public_key()), "sender")
            check_equal(p.unseal(peer.agreement, token, sealed), buffers, "opened")
            check_equal(refused(p.unseal, peer.agreement, token, sealed[::-1]), "sealed buffer", "exchanged")


def sealed_buffers_of_the_script_open(test):
    for oracle, member in each(test):
        receiver = p.raw(member.agreement.public_key())
        for i in range(N_ROUNDS):
            peer = vectors.Member(p.ED25519, f"peer {i}", 100 + i)
            buffers = [RANDOM.randbytes(RANDOM.randrange(1, 400)), RANDOM.randbytes(RANDOM.randrange(1, 2000))]
            token, sealed = p.seal(peer.agreement, receiver, RANDOM.randbytes(32), buffers)
            check_equal(oracle.ask("unseal", token, *sealed), "bad", "by somebody unknown")
            check_equal(oracle.ask("check", credential_of(peer)), "good", "who he is")
            check_equal(oracle.ask("unseal", token, *sealed), buffers, "opened")
            check_equal(oracle.ask("unseal", token, *sealed[::-1]), "bad", "exchanged")
        third, sealed = p.seal(peer.agreement, receiver, RANDOM.randbytes(32), [*buffers, b"three"])
        check_equal(oracle.ask("unseal", third, *sealed[:2]), "bad", "one is missing")
        token, sealed = p.seal(peer.agreement, p.raw(peer.agreement.public_key()), RANDOM.randbytes(32), buffers)
        check_equal(oracle.ask("unseal", token, *sealed), "bad", "for another")


if __name__ == "__main__":
    test = Test()
    set_up(test)
    cases = [the_vectors_are_those_of_the_script, derived_keys_are_the_same, credentials_of_the_library_are_good,
             credentials_of_the_script_are_good, signatures_of_the_library_are_good, signatures_of_the_script_are_good,
             the_greater_s_is_refused, cpas_of_the_library_are_good, cpas_of_the_script_are_good,
             sealed_buffers_of_the_library_open, sealed_buffers_of_the_script_open]
    sys.exit(main([(case.__name__.replace("_", " "), case) for case in cases], 50, test))
