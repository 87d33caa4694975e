#!/usr/bin/env python3
"""A second reader of the vectors, in another language.

    python3 vectors/reader.py [FOLDER]

Written from docs/formats alone. It uses Python's standard library and the openssl command, imports nothing
of src/, and judges every vector: it must come to the same result for the same check, and a chain must fail
at the same statement and come to the same state.

What it does not do: titles (they need the segmentation of characters, which the library lacks). AES, X25519 and
Ed25519 are openssl's; GHASH, HKDF, the OpenPGP packets and everything of Postern are its own.
It exits 1 when it disagrees anywhere.
"""

import collections
import concurrent.futures
import json
import pathlib
import sys

from independent import codes, stock
from independent.case import fold_case
from independent.certificate import check_certificate
from independent.desk import fold_desk
from independent.facts import read_facts, write_facts
from independent.heads import Failed, check_statement, read_head, seconds, slot_of, statement_id
from independent.ledger import (
    check_receipt,
    fold_ledger,
    is_consistent,
    is_included,
    leaf_hash,
    origin_of,
    prover,
    read_checkpoint,
)
from independent.mail import read_mail
from independent.openpgp import certificate_of, open_blob, secret_keys
from independent.wire import (
    Refused,
    blob_hash,
    canonical,
    demand,
    frame_size,
    padme,
    parse,
    sha256,
    tagged,
    unbase64,
    unframe,
    utf16_units,
)
from independent.heads import exactly, hash32, is_line, is_text, is_whole, list_of

DAY = 24 * 3600


def unhex(texts):
    return [bytes.fromhex(text) for text in texts]


def judge_statement(vector):
    check_statement(vector['statement'], vector['kind'], vector['pin'], vector['last'])


def judge_chain(vector):
    statements, pin = loaded(vector['statements']), vector['pin']
    if vector['kind'] == 'desk':
        same(vector.get('state'), fold_desk(statements, pin['desk']).summary(), 'state')
        return
    directory = fold_desk(loaded(vector['desk_chain']), pin['desk'])
    if vector['kind'] == 'ledger':
        fold_ledger(statements, pin, directory)
        return
    proved = lambda *_: False
    if 'ledger' in vector:
        proved = prover(vector['ledger'], directory, pin['chain'], statements)
    fold = fold_case(statements, pin['chain'], directory, proved)
    same(vector.get('state'), fold.summary(), 'state')


def judge_receipt(vector):
    if 'typed' in vector:
        derived = codes.code_keys(codes.read_code(vector['typed']), vector['desk'], 'receipt', 'wrap')
        demand(derived == vector['derived'], 'derive')
    of = loaded(vector.get('case_open') or vector['statement'])
    own = statement_id(of['head'])
    place = vector.get('place', {'chain': own, 'seq': 0})
    receipt = loaded(vector['receipt'])
    check_receipt(receipt, vector['server'], vector['desk'], place['chain'], own, place['seq'])


FILE = exactly(
    blob=hash32,
    nonce=hash32,
    name=lambda value: is_line(value, 1, 255),
    type=lambda value: is_line(value, 0, 127),
    size=is_whole,
    sha256=hash32,
)
BODY = exactly(
    text=lambda value: is_text(value, 0, 256 * 1024),
    title=lambda value: is_line(value, 0, 240) and len(value) <= 120,
    files=list_of(FILE),
)


def judge_body(vector):
    head = read_head(vector['statement'], 'case')
    blob = unbase64(vector['blob'], 'grammar')
    demand(blob_hash(blob) == head['body'], 'body')
    whole = open_blob(blob, unbase64(vector['secret_key'], 'key'), vector['recipients'])
    same_frame(vector, whole)
    payload = unframe(whole, slot_of(head))
    demand(payload.endswith(b'\n'), 'body')
    try:
        body = parse(payload[:-1].decode())
    except (Refused, UnicodeDecodeError):
        raise Refused('body') from None
    demand(BODY(body), 'body')
    demand([file['blob'] for file in body['files']] == head.get('files', []), 'body')
    same(vector.get('body'), body, 'other')


def judge_wrap(vector):
    head = read_head(loaded(vector['statement']), vector.get('kind', 'case'))
    wrap, blob = head['wraps'][vector['index']], unbase64(vector['blob'], 'wrap')
    demand(wrap['to'] == vector['me'], 'me')
    demand(blob_hash(blob) == wrap['blob'], 'wrap')
    whole = open_blob(blob, unbase64(vector['my_secret_key'], 'key'), 1)
    same_frame(vector, whole)
    secret = unframe(whole, slot_of(head))
    secret_keys(secret, 'wrap')
    cert = vector.get('cert', head.get('cert', ''))
    demand(certificate_of(secret, 'wrap') == unbase64(cert, 'wrap'), 'wrap')


def judge_file(vector):
    entry = vector['entry']
    blob = unbase64(vector['blob'], 'grammar')
    demand(blob_hash(blob) == entry['blob'], 'file')
    whole = open_blob(blob, unbase64(vector['secret_key'], 'key'), vector['recipients'])
    demand(len(whole) >= 40, 'frame')
    slot = tagged('file', bytes.fromhex(entry['nonce']))
    demand(whole[:32] == slot, 'slot')
    demand(int.from_bytes(whole[32:40], 'big') == entry['size'], 'file')
    content = unframe(whole, slot)
    demand(sha256(content).hex() == entry['sha256'], 'file')
    demand('content' not in vector or unbase64(vector['content'], 'other') == content, 'other')


def judge_label(vector):
    head = read_head(vector['statement'], 'case')
    secret = unbase64(vector['desk_secret_key'], 'key')
    label = unbase64(vector['label'], 'label')
    title = codes.open_label(head, label, secret, vector['desk'])
    same(vector.get('title'), title, 'other')


def judge_vault(vector):
    vault = codes.read_vault(vector['vault'])
    if 'passphrase' in vector:
        key = codes.file_key(vector['passphrase'], vector['desk'], vault['who'])
    else:
        key = bytes.fromhex(vector['key'])
    bundle = codes.open_vault(vector['desk'], vault, vector['way'], key, vector.get('cert'))
    same(vector.get('bundle'), bundle, 'other')


def judge_invitation(vector):
    same(vector.get('inside'), codes.check_invitation(vector), 'other')


def judge_login(vector):
    same(vector.get('message'), codes.check_login(vector), 'other')


def judge_checkpoint(vector):
    origin = origin_of(vector['domain'], vector['desk'])
    size, root = read_checkpoint(vector['note'], origin, vector['server'])
    demand((size, root.hex()) == (vector['size'], vector['root']), 'other')


def judge_tree(vector):
    proof, root, size = unhex(vector['proof']), bytes.fromhex(vector['root']), vector['size']
    if vector['proves'] == 'inclusion':
        leaf = leaf_hash(vector['id'])
        demand(is_included(leaf, vector['index'], size, proof, root), 'H2')
    else:
        old_root = bytes.fromhex(vector['old_root'])
        demand(is_consistent(vector['old_size'], size, old_root, root, proof), 'H3')


def judge_clock(vector):
    demand(seconds(vector['at']) <= seconds(vector['accepted_at']) + 600, 'F9')


def judge_sealing(vector):
    if vector['before'] == 'certificate':
        check_certificate(vector['cert'])
        return
    directory = fold_desk(vector['desk_chain'], vector['desk'])
    now = vector['now']
    if vector['before'] == 'directory':
        demand(seconds(now) - seconds(directory.now.at) < 30 * DAY, 'stale-directory')
        return
    fold = fold_case(vector['statements'], vector['case'], directory)
    demand(fold.fresh(vector['to'], directory.now, now), 'F7')


def judge_facts(vector):
    if vector['way'] == 'read':
        demand((vector['text'], vector['facts']) == read_facts(vector['whole']), 'facts')
    else:
        demand(vector.get('whole') == write_facts(vector['text'], vector['facts']), 'whole')


def judge_mail(vector):
    facts, raw = read_mail(unbase64(vector['payload'], 'body'))
    same(vector.get('facts'), facts, 'facts')
    if 'raw' in vector:
        demand(unbase64(vector['raw'], 'raw') == raw, 'raw')


def judge_padme(vector):
    size = frame_size(vector['payload'])
    demand(size == vector['frame'] == padme(size), 'frame')


def loaded(value):
    """The shared collection carries some chains as JSON text."""
    return json.loads(value) if type(value) is str else value


def same(expected, own, check):
    demand(expected is None or canonical(expected) == canonical(own), check)


def same_frame(vector, whole):
    demand('frame' not in vector or unbase64(vector['frame'], 'other') == whole, 'other')


def judge(vector):
    """`accept`, or the check that failed; for a chain that fails elsewhere than it says, that place."""
    try:
        globals()['judge_' + vector['format']](vector)
    except Failed as failed:
        if vector.get('fails_at', failed.place) != failed.place:
            return f'{failed} at statement {failed.place}'
        return str(failed)
    except Refused as refused:
        return str(refused)
    return 'accept'


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__)
    root = root if root.is_dir() else root.parent
    codes.WORDS.extend((root / 'words.txt').read_text().split())
    stock.SMALL_ORDER.update(json.loads((root / 'small-order.json').read_text()))
    files = sorted(root.glob('*/*/*.json'))
    vectors = {file: json.loads(file.read_text()) for file in files}
    judged = {file: vector for file, vector in vectors.items() if vector['format'] != 'title'}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        verdicts = dict(zip(judged, pool.map(judge, judged.values())))
    wrong = 0
    for file, vector in judged.items():
        expected = 'accept' if vector['expect'] == 'accept' else vector['check']
        if verdicts[file] != expected:
            wrong += 1
            print(f'WRONG {file}: {verdicts[file]}, not {expected}')
    counts = collections.Counter(vector['format'] for vector in judged.values())
    print(', '.join(f'{count} {name}' for name, count in sorted(counts.items())))
    left = len(vectors) - len(judged)
    if left:
        print(f'{left} titles are left out')
    print(f'{len(judged) - wrong} as written, {wrong} not')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
