# SPDX-License-Identifier: GPL-3.0-or-later
"""Profile 1.0 ([MC-DRT] §2.2.3.1) once more, from the specification and PROFILE-1.0.md alone,
so that the library is held against something it did not make itself. Certificates and
signatures are written out byte by byte, so that wrong ones can be, and everything is the
same in each run; tests hold them against the openssl command and python3-cryptography."""

import hashlib
import socket
import struct

# Primes of RSA keys with 1024 bits, for tests only
KEYS = {
    "root": (0xfad2e9679642dfb2fe55fffaee0b37e7b05a230f9f0f43047504ebd8e03e35a53a28b75aaeb255ed7ca3ba19d83ea73f398336f1cee9f8e617e0b87140593701,
        0xf891ed5ff0e9a1899c041bf32a633e22f4b3980bbb6f234472836249f1d587fb2b30806453a4249857252d59fabbc3e50786e7ecd955ec688ce08fd01431cf89),
    "middle": (0xd2eb2d938be37bb99be8cf77d0d6be2c0ad1de4e4c85674ff386c54421da1fbce9a6ac9aa46ffad058c461fcf45cda35a9b2468005a171b67682eb37bb51ef9d,
        0xca444a2853d5efbbfd2715f9e41959c9af94bcaf467340b5c3143783c352b4545fc99a5444a4b278dc5611cc975acad3720918b6a6523d4e5e6a00af51cc21fb),
    "member": (0xfdb8db866f9b634266b4a746538ab45ef8a7b6bcfefcf4524f1c25fd96b4ed197abb40f3efc6b4c7bc86c4737f37f5a8944f9feab3370d6215fb4cf793ab6a17,
        0xf6533406290a37a559ad5d72cdb4a401e8529fab8accb1f2c7e496a36d47f25c471a32140cb23c76f34ed0db3b63e5524f044c391abda4e4bc0777fad20a5503),
    "other": (0xfa39cfce293904aaf59fdafef62a4186f04ad34479494a9530e9f4416cbc754d7c1af25c1d03bc0d5dfe747394b07dff55e68261b5b92f15600719c128976305,
        0xc93f137b7b712240f6871ebe2183be7ced4b12f285b99d959b0a44f83ade471fa52c398113b1349490adc55acea7b4c5559793b36631bbca17b5dd179d813455),
}
EXPONENT = 65537

SHA1_RSA = "1.2.840.113549.1.1.5"
SHA256_RSA = "1.2.840.113549.1.1.11"
RSA = "1.2.840.113549.1.1.1"
COMMON_NAME = "2.5.4.3"
ORGANIZATION = "2.5.4.10"
BASIC_CONSTRAINTS = "2.5.29.19"
KEY_USAGE = "2.5.29.15"

# DigestInfo of RFC 8017, 9.2
DIGEST_INFO = {"sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
               "sha256": bytes.fromhex("3031300d060960864801650304020105000420")}


# --- DER ---

def tlv(tag, *content):
    content = b"".join(content)
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 + len(octets)]) + octets + content


def integer(number):
    return tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(text):
    first, second, *rest = [int(part) for part in text.split(".")]
    out = bytes([40 * first + second])
    for part in rest:
        septets = [part & 127]
        while part := part >> 7:
            septets.insert(0, 128 | part & 127)
        out += bytes(septets)
    return tlv(0x06, out)


def sequence(*parts):
    return tlv(0x30, *parts)


def algorithm(identifier):
    return sequence(oid(identifier), b"\x05\x00")


# --- RSA ---

class Key:
    def __init__(self, name):
        self.p, self.q = KEYS[name]
        self.n = self.p * self.q
        self.d = pow(EXPONENT, -1, (self.p - 1) * (self.q - 1))
        self.size = (self.n.bit_length() + 7) // 8
        self.rsa_key = sequence(integer(self.n), integer(EXPONENT))

    def private(self, block):
        return pow(int.from_bytes(block, "big"), self.d, self.n).to_bytes(self.size, "big")

    def public(self, block):
        return pow(int.from_bytes(block, "big"), EXPONENT, self.n).to_bytes(self.size, "big")

    def sign(self, data, name="sha1"):
        info = DIGEST_INFO[name] + hashlib.new(name, data).digest()
        return self.private(b"\x00\x01" + b"\xff" * (self.size - 3 - len(info)) + b"\x00" + info)

    def encrypt(self, data, padding=None):
        """@padding: non-zero bytes, as many as fit; random in earnest."""
        padding = padding or bytes(1 + i % 255 for i in range(self.size - 3 - len(data)))
        return self.public(b"\x00\x02" + padding + b"\x00" + data)

    def to_der(self):
        """PKCS#8."""
        dp, dq, qi = self.d % (self.p - 1), self.d % (self.q - 1), pow(self.q, -1, self.p)
        key = sequence(*[integer(i) for i in (0, self.n, EXPONENT, self.d, self.p, self.q, dp, dq, qi)])
        return sequence(integer(0), algorithm(RSA), tlv(0x04, key))


# --- X.509 ---

def text(string, tag=0x0c):
    """0x0c: UTF8String; 0x1e: BMPString, as Windows writes it, with a NUL at its end."""
    return tlv(tag, string.encode("utf-16-be") + b"\0\0" if tag == 0x1e else string.encode())


def name(*parts):
    return sequence(*[tlv(0x31, sequence(oid(kind), value)) for kind, value in parts])


def common_name(string, tag=0x0c):
    return name((COMMON_NAME, text(string, tag)))


def spki(rsa_key):
    return sequence(algorithm(RSA), tlv(0x03, b"\0" + rsa_key))


def extension(identifier, critical, value):
    return sequence(oid(identifier), b"\x01\x01\xff" if critical else b"", tlv(0x04, value))


AUTHORITY = [extension(BASIC_CONSTRAINTS, True, sequence(b"\x01\x01\xff")),
             extension(KEY_USAGE, True, bytes.fromhex("03020106"))]
MEMBER = [extension(BASIC_CONSTRAINTS, True, sequence())]


def certificate(signer, issuer, subject, rsa_key, *, serial=bytes(range(0x11, 0x21)), version=2, extensions=MEMBER,
                signature=SHA1_RSA, outer=None, unique_ids=b"", not_after=b"21250101000000Z"):
    validity = sequence(tlv(0x17, b"240101000000Z"), tlv(0x18, not_after))
    body = sequence(tlv(0xa0, integer(version)) if version else b"", tlv(0x02, serial), algorithm(signature), issuer,
                    validity, subject, spki(rsa_key), unique_ids,
                    tlv(0xa3, sequence(*extensions)) if extensions else b"")
    hash_name = "sha256" if signature == SHA256_RSA else "sha1"
    return sequence(body, algorithm(outer or signature), tlv(0x03, b"\0" + signer.sign(body, hash_name)))


def signed_data(certificates, signers=b"", crls=b"", version=1):
    """PKCS#7, RFC 2315: SignedData with nothing but certificates."""
    data = sequence(oid("1.2.840.113549.1.7.1"))
    content = sequence(integer(version), tlv(0x31), data, tlv(0xa0, *certificates) if certificates else b"", crls,
                       tlv(0x31, signers))
    return sequence(oid("1.2.840.113549.1.7.2"), tlv(0xa0, content))


# --- the structures ---

def signature(data):
    """§2.2.3.1.3.1"""
    return struct.pack("<H", 2 + len(data)) + data


def public_key(rsa_key, reserved=0):
    """§2.2.3.1.5.1.1"""
    identifier, parameters = RSA.encode(), b"\x05\x00"
    return (struct.pack("<BHHB", len(identifier), len(parameters), len(rsa_key), reserved) + identifier + parameters +
            rsa_key)


def derived_key(rsa_key):
    """PROFILE-1.0.md 3"""
    return hashlib.sha256(rsa_key).digest()


def service_address_list(addresses):
    """PROFILE-1.0.md 4: of (address, port)."""
    return struct.pack("<HH", len(addresses), 18) + b"".join(
        struct.pack(">H", port) + socket.inet_pton(socket.AF_INET6, address) for address, port in addresses)


def cpa(key, major, minor, nonce, addresses, flags=0):
    """§2.2.3.1.1.1; with flags, the signature covers them too (PROFILE-1.0.md 4)."""
    derived = derived_key(key.rsa_key)
    body = (bytes([major, minor, 1, 0]) + struct.pack("<H", len(derived)) + derived + struct.pack("<H", len(nonce)) +
            nonce + public_key(key.rsa_key) + service_address_list(addresses))
    covered = body if flags == 0 else bytes([flags]) + body
    return bytes([flags]) + signature(key.sign(covered)) + body


def keytoken(iv, key, padding=bytes(6)):
    """§2.2.3.1.2.1, before it is encrypted."""
    return struct.pack("<H", len(iv)) + padding + iv + bytes.fromhex("4b44424d0100000020000000") + key
