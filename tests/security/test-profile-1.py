#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profile 1.0 in both directions: what the library makes is read by the openssl command and
python3-cryptography, what these make by the library.

test-profile-1.py PROFILE-1-ORACLE PROFILE-1-VECTORS.H
"""

import pathlib
import random
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from tap import Test, check_equal, main, skip_all  # pylint: disable=wrong-import-position

try:
    from cryptography.hazmat.primitives import hashes, padding, serialization
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.serialization import pkcs7
    from cryptography import x509
except ImportError:
    skip_all("python3-cryptography is not installed")
if shutil.which("openssl") is None:
    skip_all("the openssl command is not installed")

import profile_1 as p

ORACLE, HEADER = sys.argv[1:3]
HERE = pathlib.Path(__file__).parent
N_ROUNDS = 100
RANDOM = random.Random(10)

vectors = __import__("profile-1-vectors")


class Oracle:
    def __init__(self):
        self.process = subprocess.Popen([ORACLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, verb, *words):
        self.process.stdin.write(" ".join([verb, *[word.hex() for word in words]]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        return answer[0] if answer and answer[0] in ("good", "bad") else [bytes.fromhex(word) for word in answer]

    def close(self):
        self.process.stdin.close()
        check_equal(self.process.wait(10), 0, "the oracle's end")


def openssl(*arguments, data=b"", fails=False):
    result = subprocess.run(["openssl", *[str(argument) for argument in arguments]], input=data, capture_output=True,
                            check=False)
    check_equal(result.returncode != 0, fails, f"openssl {arguments[0]} failed ({result.stderr.decode().strip()})")
    return result.stdout


def set_up(test):
    test.oracle = Oracle()
    test.closers.append(test.oracle.close)
    test.keys = {name: p.Key(name) for name in p.KEYS}
    test.private = {name: serialization.load_der_private_key(key.to_der(), None) for name, key in test.keys.items()}
    for name, key in test.private.items():
        (test.directory / f"{name}.key").write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        (test.directory / f"{name}.pub").write_bytes(key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))


def the_vectors_are_those_of_the_script(_test):
    made = subprocess.run([sys.executable, HERE / "profile-1-vectors.py"], capture_output=True, check=True, text=True)
    check_equal(made.stdout == pathlib.Path(HEADER).read_text(), True, "profile-1-vectors.h is what the script prints")


def others_read_the_certificates(test):
    for name, der in vectors.CERTIFICATES.items():
        path = test.directory / f"{name}.pem"
        path.write_bytes(openssl("x509", "-inform", "DER", data=der))
        certificate = x509.load_der_x509_certificate(der)
        check_equal(certificate.signature_algorithm_oid.dotted_string, p.SHA1_RSA, "signature algorithm")
        check_equal(certificate.version, x509.Version.v3, "version")
    root, middle, member, other = [test.directory / f"{name}.pem" for name in ("ROOT", "MIDDLE", "MEMBER", "OTHER")]
    verify = ["verify", "-auth_level", "0", "-CAfile", root]
    openssl(*verify, "-untrusted", middle, member)
    openssl(*verify, other)
    openssl(*verify, member, fails=True)


def others_read_the_private_keys(test):
    for name, key in test.private.items():
        check_equal(key.private_numbers().public_numbers.n, test.keys[name].n, f"modulus of {name}")
        openssl("pkey", "-in", test.directory / f"{name}.key", "-check", "-noout")


def signatures_of_the_library_are_good(test):
    member = test.keys["member"]
    for _ in range(N_ROUNDS):
        data = RANDOM.randbytes(RANDOM.randrange(1, 400))
        made, = test.oracle.ask("sign", member.to_der(), data)
        check_equal(made, p.signature(member.sign(data)), "SIGNATURE")
        check_equal(made[:2], b"\x82\x00", "its length")
        test.private["member"].public_key().verify(made[2:], data, PKCS1v15(), hashes.SHA1())
    (test.directory / "signature").write_bytes(made[2:])
    openssl("dgst", "-sha1", "-verify", test.directory / "member.pub", "-signature", test.directory / "signature", data=data)


def signatures_of_others_are_good(test):
    member = test.keys["member"].to_der()
    for _ in range(N_ROUNDS):
        data = RANDOM.randbytes(RANDOM.randrange(1, 400))
        made = p.signature(test.private["member"].sign(data, PKCS1v15(), hashes.SHA1()))
        check_equal(test.oracle.ask("verify", member, made, data), "good", "SHA-1")
        check_equal(test.oracle.ask("verify", member, made, data + b"\0"), "bad", "of other data")
        for name, algorithm in (("member", hashes.SHA256()), ("other", hashes.SHA1())):
            wrong = p.signature(test.private[name].sign(data, PKCS1v15(), algorithm))
            check_equal(test.oracle.ask("verify", member, wrong, data), "bad", f"by {name} with {algorithm.name}")
    path = test.directory / "data"
    path.write_bytes(data)
    made = openssl("dgst", "-sha1", "-sign", test.directory / "member.key", path)
    check_equal(test.oracle.ask("verify", member, p.signature(made), data), "good", "openssl's")


def tokens_of_the_library_open(test):
    member = test.keys["member"]
    for _ in range(N_ROUNDS):
        iv, key, token = test.oracle.ask("wrap", member.to_der())
        check_equal(test.private["member"].decrypt(token, PKCS1v15()), p.keytoken(iv, key), "keytoken")
    (test.directory / "token").write_bytes(token)
    clear = openssl("pkeyutl", "-decrypt", "-inkey", test.directory / "member.key", "-in", test.directory / "token",
                    "-pkeyopt", "rsa_padding_mode:pkcs1")
    check_equal(clear, p.keytoken(iv, key), "keytoken, says openssl")


def tokens_of_others_open(test):
    member = test.keys["member"].to_der()
    for _ in range(N_ROUNDS):
        iv, key = RANDOM.randbytes(16), RANDOM.randbytes(32)
        token = test.private["member"].public_key().encrypt(p.keytoken(iv, key, RANDOM.randbytes(6)), PKCS1v15())
        check_equal(test.oracle.ask("unwrap", member, token), [iv, key], "keytoken")
        check_equal(test.oracle.ask("unwrap", test.keys["other"].to_der(), token), "bad", "for another")
        check_equal(test.oracle.ask("unwrap", member, RANDOM.randbytes(128)), "bad", "rubbish")


def buffers_pass_both_ways(test):
    for i in range(N_ROUNDS):
        iv, key, data = RANDOM.randbytes(16), RANDOM.randbytes(32), RANDOM.randbytes(i)
        cipher = Cipher(algorithms.AES256(key), modes.CBC(iv))
        padder = padding.PKCS7(128).padder()
        padded = padder.update(data) + padder.finalize()
        encryptor = cipher.encryptor()
        expected = encryptor.update(padded) + encryptor.finalize()
        check_equal(test.oracle.ask("encrypt", iv, key, data), [expected], "encrypted")
        check_equal(test.oracle.ask("decrypt", iv, key, expected), [data] if data else [], "decrypted")
    clear = openssl("enc", "-d", "-aes-256-cbc", "-K", key.hex(), "-iv", iv.hex(), data=expected)
    check_equal(clear, data, "decrypted by openssl")


def credentials_of_the_library_are_read(test):
    chain = [vectors.CERTIFICATES[name] for name in ("MEMBER", "MIDDLE")]
    made, = test.oracle.ask("credential", *chain)
    read = pkcs7.load_der_pkcs7_certificates(made)
    check_equal([one.public_bytes(serialization.Encoding.DER) for one in read], chain, "certificates")
    printed = openssl("pkcs7", "-inform", "DER", "-print_certs", "-noout", data=made).decode()
    check_equal(printed.count("subject="), 2, "certificates, says openssl")


def credentials_of_others_are_sound(test):
    chain = [vectors.CERTIFICATES[name] for name in ("MEMBER", "MIDDLE", "ROOT")]
    by_python = pkcs7.serialize_certificates([x509.load_der_x509_certificate(der) for der in chain],
                                             serialization.Encoding.DER)
    pem = b"".join(openssl("x509", "-inform", "DER", data=der) for der in chain)
    (test.directory / "chain.pem").write_bytes(pem)
    by_openssl = openssl("crl2pkcs7", "-nocrl", "-certfile", test.directory / "chain.pem", "-outform", "DER")
    check_equal(test.oracle.ask("check", by_python), "good", "by python3-cryptography")
    check_equal(test.oracle.ask("check", by_openssl), "good", "by openssl")
    check_equal(by_openssl, p.signed_data(chain), "openssl's bytes")
    modern = pkcs7.PKCS7SignatureBuilder().set_data(b"data").add_signer(
        x509.load_der_x509_certificate(chain[0]), test.private["member"], hashes.SHA256()).sign(
            serialization.Encoding.DER, [])
    check_equal(test.oracle.ask("check", modern), "bad", "with a signer")


if __name__ == "__main__":
    test = Test()
    set_up(test)
    cases = [the_vectors_are_those_of_the_script, others_read_the_private_keys, others_read_the_certificates,
             signatures_of_the_library_are_good, signatures_of_others_are_good, tokens_of_the_library_open,
             tokens_of_others_open, buffers_pass_both_ways, credentials_of_the_library_are_read,
             credentials_of_others_are_sound]
    sys.exit(main([(case.__name__.replace("_", " "), case) for case in cases], 50, test))
