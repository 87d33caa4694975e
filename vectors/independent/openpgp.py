"""Sealed blobs and certificates: docs/formats/sealing.md, RFC 9580."""

import hashlib
import hmac

from . import stock
from .wire import Refused, demand, unbase64

PKESK, SIGNATURE, ONE_PASS, SECRET, PUBLIC = 1, 2, 4, 5, 6
SECRET_SUBKEY, COMPRESSED, MARKER, LITERAL, TRUST, USER_ID = 7, 8, 10, 11, 12, 13
PUBLIC_SUBKEY, SEIPD, PADDING = 14, 18, 21
PASSED_OVER = (MARKER, TRUST, PADDING)
HASHES = {8: 'sha256', 9: 'sha384', 10: 'sha512', 12: 'sha3_256', 14: 'sha3_512'}
KEYS_V6, KEYS_V4 = (27, 25), (22, 18)


def packets_of_either_format(content, check):
    """Certificates come from other programs too, which write headers in the old format (RFC 9580 4.2.2)."""
    at = 0
    while at < len(content):
        first = content[at]
        if first & 0x40:
            head, size = new_header(content, at + 1, check)
            tag, at = first & 63, at + 1 + head
        else:
            demand(first & 0x80 and first & 3 < 3, check)
            width = 1 << (first & 3)
            tag, size = first >> 2 & 15, int.from_bytes(content[at + 1 : at + 1 + width], 'big')
            at += 1 + width
        demand(at + size <= len(content), check)
        yield tag, content[at : at + size]
        at += size


def new_header(content, at, check):
    """How long the length is, and what it says (RFC 9580 4.2.1); not in parts."""
    demand(at < len(content) and not 224 <= content[at] < 255, check)
    one = content[at]
    if one < 192:
        return 1, one
    if one < 224:
        return 2, ((one - 192) << 8) + int.from_bytes(content[at + 1 : at + 2], 'big') + 192
    return 5, int.from_bytes(content[at + 1 : at + 5], 'big')


def packets(content, check, partial=()):
    """Tag and body of each packet, new format only; `partial` lists the tags that may come in parts."""
    at = 0
    while at < len(content):
        demand(content[at] & 0xC0 == 0xC0, check)
        tag, at, body, more = content[at] & 63, at + 1, b'', True
        while more:
            demand(at < len(content), check)
            more = 224 <= content[at] < 255
            demand(not more or tag in partial, check)
            head, size = (1, 1 << (content[at] & 31)) if more else new_header(content, at, check)
            demand(at + head + size <= len(content), check)
            body += content[at + head : at + head + size]
            at += head + size
        yield tag, body


def mpi(content):
    length = (int.from_bytes(content[:2], 'big') + 7) // 8
    return content[2 : 2 + length], content[2 + length :]


class Key:
    """One key packet: its public part, its fingerprint, its secret if there is one."""

    def __init__(self, body, check):
        demand(len(body) > 6 and body[0] in (4, 6), check)
        self.version, self.algorithm = body[0], body[5]
        rest = body[6:]
        if self.version == 6:
            size = int.from_bytes(rest[:4], 'big')
            self.material, rest = rest[4 : 4 + size], rest[4 + size :]
            demand(self.algorithm in KEYS_V6 and len(self.material) == 32, check)
            self.public = body[:10] + self.material
        else:
            demand(self.algorithm in KEYS_V4, check)
            oid = 1 + rest[0]
            point, tail = mpi(rest[oid:])
            kdf = 1 + tail[0] if self.algorithm == 18 else 0
            self.kdf, self.oid, self.material = tail[:kdf], rest[:oid], point[1:]
            self.public, rest = body[: len(body) - len(tail) + kdf], tail[kdf:]
        self.secret = rest

    def hashed(self):
        if self.version == 6:
            return b'\x9b' + len(self.public).to_bytes(4, 'big') + self.public
        return b'\x99' + len(self.public).to_bytes(2, 'big') + self.public

    def fingerprint(self):
        name = 'sha256' if self.version == 6 else 'sha1'
        return hashlib.new(name, self.hashed()).digest()

    def scalar(self, check):
        """The 32 secret bytes, without passphrase; little-endian for X25519."""
        demand(self.secret[:1] == b'\x00', check)
        if self.version == 6:
            demand(len(self.secret) == 33, check)
            return self.secret[1:]
        number, checksum = mpi(self.secret[1:])
        total = sum(self.secret[1 : len(self.secret) - 2]) & 0xFFFF
        demand(len(checksum) == 2 and int.from_bytes(checksum, 'big') == total, check)
        number = number.rjust(32, b'\x00')
        return number[::-1] if self.algorithm == 18 else number

    def demand_pair(self, check):
        """The public part is the one of the secret (K11)."""
        signs = self.algorithm in (22, 27)
        public = (stock.ed25519_public if signs else stock.x25519_public)(self.scalar(check))
        demand(public == self.material, check)


def secret_keys(content, check):
    """The primary key and the subkey of a transferable secret key; nothing else may be in it."""
    listed = list(packets(content, check))
    demand([tag for tag, _ in listed if tag in (SECRET, SECRET_SUBKEY)] == [SECRET, SECRET_SUBKEY], check)
    demand(all(tag in (SECRET, SECRET_SUBKEY, USER_ID, SIGNATURE) for tag, _ in listed), check)
    keys = [Key(body, check) for tag, body in listed if tag in (SECRET, SECRET_SUBKEY)]
    for key in keys:
        key.demand_pair(check)
    return keys


def certificate_of(content, check):
    """The certificate that belongs to a secret key: the same packets, public."""
    public = {SECRET: PUBLIC, SECRET_SUBKEY: PUBLIC_SUBKEY}
    made = b''
    for tag, body in packets(content, check):
        body = Key(body, check).public if tag in public else body
        tag = public.get(tag, tag)
        size = len(body)
        assert size < 8384
        length = bytes([size]) if size < 192 else bytes([((size - 192) >> 8) + 192, (size - 192) & 255])
        made += bytes([0xC0 | tag]) + length + body
    return made


def open_blob(blob, secret, recipients=None):
    """What is inside a sealed blob. `grammar` for another shape, `decrypt` if it does not open."""
    key = secret_keys(secret, 'key')[1]
    listed = list(packets(blob, 'grammar', partial=(SEIPD,)))
    demand(len(listed) >= 2 and listed[-1][0] == SEIPD, 'grammar')
    demand(all(tag == PKESK for tag, _ in listed[:-1]), 'grammar')
    wrapped = [body for _, body in listed[:-1]]
    demand(recipients is None or len(wrapped) == recipients, 'grammar')
    session = open_v6 if key.version == 6 else open_v4
    return literal(session(key, wrapped, listed[-1][1]))


def open_v6(key, wrapped, data):
    for body in wrapped:
        demand(body[:3] == b'\x06\x21\x06', 'grammar')
    demand(data[:3] == b'\x02\x09\x03' and data[3] <= 12, 'grammar')
    for body in wrapped:
        if body[3:35] == key.fingerprint() and body[35] == 25:
            session = session_v6(key, body[36:68], body[69 : 69 + body[68]])
            if session is not None:
                return open_seipd2(session, data)
    raise Refused('decrypt')


def session_v6(key, ephemeral, wrapped):
    shared = stock.x25519(key.scalar('key'), ephemeral)
    if shared is None:
        return None
    made = hkdf(ephemeral + key.material + shared, b'', b'OpenPGP X25519', 16)
    session = stock.unwrap_aes(made, wrapped)
    return session if session is not None and len(session) == 32 else None


def open_seipd2(session, data):
    head, salt, sealed = data[:4], data[4:36], data[36:]
    associated = b'\xd2' + head
    made = hkdf(session, salt, associated, 36)
    aes, prefix = made[:32], made[32:]
    size = (1 << (head[3] + 6)) + 16
    chunks = [sealed[at : at + size] for at in range(0, max(len(sealed) - 16, 0), size)]
    if chunks:
        chunks[-1] = chunks[-1][: len(sealed) - 16 - size * (len(chunks) - 1)]
    text = b''
    for index, chunk in enumerate(chunks):
        opened = stock.open_gcm(aes, prefix + index.to_bytes(8, 'big'), associated, chunk)
        demand(opened is not None, 'decrypt')
        text += opened
    nonce = prefix + len(chunks).to_bytes(8, 'big')
    total = associated + len(text).to_bytes(8, 'big')
    demand(stock.open_gcm(aes, nonce, total, sealed[-16:]) is not None, 'decrypt')
    return text


def open_v4(key, wrapped, data):
    demand(all(body[0] == 3 for body in wrapped) and data[0] == 1, 'grammar')
    for body in wrapped:
        if body[1:9] == key.fingerprint()[-8:] and body[9] == 18:
            point, rest = mpi(body[10:])
            shared = stock.x25519(key.scalar('key'), point[1:])
            param = key.oid + b'\x12' + key.kdf + b'Anonymous Sender    ' + key.fingerprint()
            made = hashlib.new(HASHES[key.kdf[2]], b'\x00\x00\x00\x01' + shared + param).digest()
            size = {7: 16, 8: 24, 9: 32}[key.kdf[3]]
            session = stock.unwrap_aes(made[:size], rest[1 : 1 + rest[0]])
            demand(session is not None and session[0] == 9, 'decrypt')
            text = stock.decrypt_cfb(session[1:33], data[1:])
            whole = text[14:16] == text[16:18] and text[-22:-20] == b'\xd3\x14'
            demand(whole and hashlib.sha1(text[:-20]).digest() == text[-20:], 'decrypt')
            return text[18:-22]
    raise Refused('decrypt')


def literal(content):
    """The content of the one literal packet: binary, no name, date 0."""
    inside = [part for part in packets(content, 'decrypt', partial=(LITERAL,)) if part[0] not in PASSED_OVER]
    tags = [tag for tag, _ in inside]
    known = [tag for tag in tags if tag < 40]
    # Two texts, a compressed one, or none at all: no OpenPGP message that is looked into.
    message = [tag for tag in known if tag not in (SIGNATURE, ONE_PASS)] == [LITERAL]
    demand(message, 'decrypt')
    demand(tags == [LITERAL] and inside[0][1][:6] == b'b\x00\x00\x00\x00\x00', 'grammar')
    return inside[0][1][6:]


def hkdf(secret, salt, info, size):
    key = hmac.new(salt or bytes(32), secret, 'sha256').digest()
    made, block = b'', b''
    while len(made) < size:
        block = hmac.new(key, block + info + bytes([len(made) // 32 + 1]), 'sha256').digest()
        made += block
    return made[:size]
