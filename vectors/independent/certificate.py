"""Which certificates are sealed to: docs/formats/sealing.md."""

import hashlib

from .openpgp import (
    HASHES,
    KEYS_V4,
    KEYS_V6,
    PUBLIC,
    PUBLIC_SUBKEY,
    SIGNATURE,
    USER_ID,
    Key,
    mpi,
    packets_of_either_format,
)
from .stock import verify
from .wire import demand, unbase64

REVOCATIONS = (0x20, 0x28, 0x30)
KEY_EXPIRES, CIPHERS, FEATURES, SUITES = 9, 11, 30, 39
ED25519_LEGACY = bytes.fromhex('092b06010401da470f01')
CURVE25519_LEGACY = bytes.fromhex('0a2b060104019755010501')


class Signature:
    def __init__(self, body):
        demand(len(body) > 10 and body[0] in (4, 6), 'cert')
        self.version, self.kind, self.algorithm, self.hash = body[:4]
        width = 4 if self.version == 6 else 2
        size = int.from_bytes(body[4 : 4 + width], 'big')
        end = 4 + width + size
        self.signed, self.hashed = body[:end], body[4 + width : end]
        rest = body[end + width + int.from_bytes(body[end : end + width], 'big') :]
        self.left, rest = rest[:2], rest[2:]
        self.salt = b''
        if self.version == 6:
            self.salt, rest = rest[1 : 1 + rest[0]], rest[1 + rest[0] :]
            self.value = rest
        else:
            r, rest = mpi(rest)
            s, _ = mpi(rest)
            self.value = r.rjust(32, b'\x00') + s.rjust(32, b'\x00')

    def subpackets(self):
        at, found = 0, {}
        while at < len(self.hashed):
            one, head = self.hashed[at], 1
            size = one
            if one >= 192:
                size, head = ((one - 192) << 8) + self.hashed[at + 1] + 192, 2
            found[self.hashed[at + head] & 127] = self.hashed[at + head + 1 : at + head + size]
            at += head + size
        return found

    def demand_by(self, key, *covered):
        """The signature is by this key, over these."""
        demand(self.version == key.version and self.hash in HASHES, 'cert')
        trailer = self.signed + bytes([self.version, 255]) + len(self.signed).to_bytes(4, 'big')
        digest = hashlib.new(HASHES[self.hash], b''.join([self.salt, *covered, trailer])).digest()
        signed = verify(key.material.hex(), digest, self.value.hex())
        demand(digest[:2] == self.left and signed, 'cert')
        expires = int.from_bytes(self.subpackets().get(KEY_EXPIRES, b''), 'big')
        demand(expires == 0, 'cert')


def strong(prefers, version):
    """AES-256; version 6 says that it reads SEIPD v2 with GCM, version 4 says nothing of it."""
    reads_v2 = bool(prefers.get(FEATURES, b'\0')[0] & 8)
    if version == 4:
        return not reads_v2 and 9 in prefers.get(CIPHERS, b'')
    suites = prefers.get(SUITES, b'')
    return reads_v2 and b'\x09\x03' in [suites[at : at + 2] for at in range(0, len(suites), 2)]


def check_certificate(text):
    content = unbase64(text, 'cert')
    demand(0 < len(content) <= 4096, 'cert')
    listed = list(packets_of_either_format(content, 'cert'))
    tags = [tag for tag, _ in listed if tag != SIGNATURE]
    demand(tags[:1] == [PUBLIC] and tags[-1:] == [PUBLIC_SUBKEY], 'cert')
    demand(all(tag == USER_ID for tag in tags[1:-1]), 'cert')
    primary = Key(listed[0][1], 'cert')
    pair, over, bound, prefers = None, primary.hashed(), set(), {}
    for tag, body in listed:
        if tag == USER_ID:
            length = len(body).to_bytes(4, 'big')
            over = primary.hashed() + b'\xb4' + length + body
        elif tag == PUBLIC_SUBKEY:
            pair = Key(body, 'cert')
            over = primary.hashed() + pair.hashed()
        elif tag == SIGNATURE:
            made = Signature(body)
            demand(made.kind not in REVOCATIONS, 'cert')
            made.demand_by(primary, over)
            bound.add(made.kind)
            own_kind = 0x1F if primary.version == 6 else 0x13
            if made.kind == own_kind:
                prefers = made.subpackets()
    expected = KEYS_V6 if primary.version == 6 else KEYS_V4
    demand(pair.version == primary.version, 'cert')
    demand((primary.algorithm, pair.algorithm) == expected, 'cert')
    if primary.version == 4:
        demand((primary.oid, pair.oid) == (ED25519_LEGACY, CURVE25519_LEGACY), 'cert')
    demand(strong(prefers, primary.version), 'cert')
    own = 0x1F in bound if primary.version == 6 else bound & {0x10, 0x11, 0x12, 0x13}
    demand(own and 0x18 in bound, 'cert')
