"""Words, labels, vaults, invitations, logins: docs/formats/secrets.md and sealing.md."""

import hashlib
import hmac
import re
import unicodedata

from . import stock
from .heads import exactly, hash32, is_time, joins, line, matches, one_of, roles, seconds, signature, slot_of
from .openpgp import certificate_of, open_blob, secret_keys
from .wire import Refused, canonical, demand, derive, is_base64, parse, sha256, tagged, unbase64, unframe

WORDS = []
ROUNDS = 600_000


def read_code(typed):
    """The 16 bytes of twelve words."""
    plain = unicodedata.normalize('NFKC', typed).lower()
    found = [word for word in re.split('[^a-z]+', plain) if word]
    whole = [
        next((known for known in WORDS if known == word or len(word) >= 4 and known.startswith(word)), None)
        for word in found
    ]
    demand(len(whole) == 12 and None not in whole, 'code')
    bits = ''.join(f'{WORDS.index(word):011b}' for word in whole)
    code = int(bits[:128], 2).to_bytes(16, 'big')
    demand(f'{sha256(code)[0]:08b}'[:4] == bits[128:], 'code')
    return code


def code_keys(code, desk, kind, last):
    return {
        'lookup': derive(code, desk, f'{kind} lookup')[:16].hex(),
        'auth': derive(code, desk, f'{kind} auth').hex(),
        last: derive(code, desk, f'{kind} {last}').hex(),
    }


def open_box(key, aad, box, check):
    demand(len(box) >= 28, check)
    text = stock.open_gcm(key, box[:12], aad, box[12:])
    demand(text is not None, check)
    return text


def open_label(head, label, desk_secret, desk):
    demand(len(label) == 284 and sha256(sha256(label)).hex() == head['label']['blob'], 'label')
    text = open_box(derive(desk_secret, desk, 'label'), slot_of(head), label, 'label')
    end = text.find(b'\x00')
    demand(end >= 0 and not any(text[end:]), 'label')
    try:
        return text[:end].decode()
    except UnicodeDecodeError:
        raise Refused('label') from None


def file_key(passphrase, desk, who):
    words = unicodedata.normalize('NFKC', passphrase).encode()
    return derive(hashlib.pbkdf2_hmac('sha256', words, who.encode(), ROUNDS), desk, 'file wrap')


BOX = lambda value: is_base64(value) and value != ''
VAULT = exactly(
    v=lambda value: type(value) is int and value == 1,
    who=stock.is_person,
    bundle=BOX,
    keys=lambda value: type(value) is list and all(WAY(item) for item in value),
)
WAY = exactly(
    kind=one_of('prf', 'recovery', 'receipt', 'file'), id=matches('[A-Za-z0-9_-]{0,512}'), box=BOX
)
BUNDLE = exactly(
    pgp=lambda value: type(value) is str and 0 < len(value) <= 8192,
    root=lambda value: value == '' or hash32(value),
    sign=hash32,
)


def read_vault(text):
    try:
        vault = parse(text)
    except Refused:
        raise Refused('vault') from None
    demand(VAULT(vault), 'vault')
    return vault


def open_vault(desk, vault, way, key, cert):
    boxes = [item for item in vault['keys'] if (item['kind'], item['id']) == (way['kind'], way['id'])]
    demand(boxes, 'vault')
    aad = lambda kind, own: tagged(
        'vault', canonical(dict(desk=desk, id=own, kind=kind, who=vault['who'])).encode()
    )
    box = unbase64(boxes[0]['box'], 'vault')
    main = open_box(key, aad(way['kind'], way['id']), box, 'vault')
    inside = open_box(main, aad('bundle', ''), unbase64(vault['bundle'], 'vault'), 'vault')
    try:
        bundle = parse(inside.decode())
    except (Refused, UnicodeDecodeError):
        raise Refused('vault') from None
    demand(BUNDLE(bundle), 'vault')
    secret = unbase64(bundle['pgp'], 'vault')
    secret_keys(secret, 'vault')
    demand(stock.ed25519_public(bytes.fromhex(bundle['sign'])).hex() == vault['who'], 'vault')
    demand(cert is None or certificate_of(secret, 'vault') == unbase64(cert, 'vault'), 'vault')
    return bundle


INSIDE = exactly(
    by=stock.is_person,
    code=matches('[0-9a-f]{32}'),
    expires=is_time,
    note=line(0, 80),
    roles=lambda value: roles(value) and len(value) > 0,
    sig=signature,
)


def invited(inside):
    try:
        row = parse(inside.decode())
    except (Refused, UnicodeDecodeError):
        raise Refused('invitation') from None
    demand(INSIDE(row), 'invitation')
    return row


def check_invitation(vector):
    desk, lookup, joined = vector['desk'], vector['lookup'], vector['joined']
    slot = tagged('invitation', canonical(dict(desk=desk, invite=lookup)).encode())
    secret = unbase64(vector['desk_secret_key'], 'key')
    inside = unframe(open_blob(unbase64(vector['sealed'], 'grammar'), secret, 1), slot)
    row = invited(inside)
    keys = code_keys(bytes.fromhex(row['code']), desk, 'invite', 'mac')
    demand(keys['lookup'] == lookup, 'invitation')
    demand(row['by'] in vector['coordinators'], 'invitation')
    terms = {name: row[name] for name in ('by', 'expires', 'note', 'roles')}
    message = tagged('invite', canonical(dict(desk=desk, lookup=lookup, **terms)).encode())
    demand(stock.verify(row['by'], message, row['sig']), 'invitation')
    demand(seconds(vector['now']) <= seconds(row['expires']), 'invitation')
    claim = dict(
        desk=desk, enc=joined['enc'], handle=joined['handle'], invite=lookup, who=joined['who']
    )
    mac = hmac.new(bytes.fromhex(keys['mac']), canonical(claim).encode(), 'sha256').hexdigest()
    demand(mac == joined['mac'], 'invitation')
    signed = joins(joined['who'], desk, joined['enc'], joined['handle'], lookup, joined['join'])
    demand(signed, 'invitation')
    return row


def check_login(vector):
    claim = {name: vector[name] for name in ('desk', 'nonce', 'origin', 'time', 'who')}
    message = tagged('login', canonical(claim).encode())
    on_time = abs(seconds(vector['now']) - seconds(vector['time'])) <= 60
    demand(on_time and stock.verify(vector['who'], message, vector['sig']), 'login')
    return message.hex()
