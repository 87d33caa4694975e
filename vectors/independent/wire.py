"""Encoding: docs/formats/encoding.md, and the frame of docs/formats/sealing.md."""

import base64
import hashlib
import hmac
import json
import re

PIECE = 1 << 20
HEAD = 64 * 1024
DEPTH = 8


class Refused(Exception):
    """A check failed; its name is the whole message."""


def demand(holds, check):
    if not holds:
        raise Refused(check)


def sha256(*parts):
    return hashlib.sha256(b''.join(parts)).digest()


def tagged(tag, content):
    name = b'postern/1 ' + tag.encode()
    return sha256(bytes([len(name)]), name, content)


def derive(secret, desk, what):
    """HKDF-SHA-256 (RFC 5869) of one block."""
    key = hmac.new(bytes.fromhex(desk), secret, 'sha256').digest()
    return hmac.new(key, b'postern/1 ' + what.encode() + b'\x01', 'sha256').digest()


def canonical(value):
    """RFC 8785 over the narrowed JSON; F1 outside it."""
    demand_plain(value, 0)
    return json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False)


def parse(text):
    """The value of canonical text: it must come out the same when it is written again."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused('F1') from None
    demand(canonical(value) == text, 'F1')
    return value


def demand_plain(value, depth):
    kind = type(value)
    demand(depth <= DEPTH and kind in (dict, list, str, int, bool), 'F1')
    if kind is int:
        demand(0 <= value < 2**53, 'F1')
    if kind is str:
        demand(re.search('[\ud800-\udfff]', value) is None, 'F1')
    if kind is dict:
        for name in value:
            demand(re.fullmatch('[a-z0-9_]+', name) and name != '__proto__', 'F1')
    members = value.values() if kind is dict else value if kind is list else ()
    for member in members:
        demand_plain(member, depth + 1)


def is_base64(text):
    """Standard alphabet, padded, and no stray bits: the one spelling of these bytes."""
    if type(text) is not str or not re.fullmatch('[A-Za-z0-9+/]*={0,2}', text) or len(text) % 4:
        return False
    try:
        return base64.b64encode(base64.b64decode(text, validate=True)).decode() == text
    except ValueError:
        return False


def unbase64(text, check):
    demand(is_base64(text), check)
    return base64.b64decode(text)


def utf16_units(text):
    return len(text.encode('utf-16-le', 'surrogatepass')) // 2


def blob_hash(blob):
    pieces = (blob[at : at + PIECE] for at in range(0, len(blob), PIECE))
    return sha256(*(sha256(piece) for piece in pieces)).hex()


def padme(length):
    exponent = length.bit_length() - 1
    grain = 1 << (exponent - exponent.bit_length())
    return -(-length // grain) * grain


def frame_size(length):
    return padme(max(512, 40 + length))


def unframe(whole, slot):
    """The payload: the slot must fit, the size be exact, the rest zero."""
    demand(len(whole) >= 40 and whole[:32] == slot, 'slot')
    length = int.from_bytes(whole[32:40], 'big')
    demand(length < 2**53 and len(whole) == frame_size(length), 'frame')
    demand(not any(whole[40 + length :]), 'frame')
    return whole[40 : 40 + length]
