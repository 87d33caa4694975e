"""The ledger: docs/formats/ledger.md. Trees, checkpoints, receipts, and what they prove."""

import re

from .heads import Failed, check_statement, read_head, statement_id
from .stock import verify
from .wire import Refused, demand, is_base64, sha256, unbase64


def leaf_hash(own):
    return sha256(b'\x00', bytes.fromhex(own))


def node_hash(left, right):
    return sha256(b'\x01', left, right)


def is_included(leaf, index, size, proof, root):
    """RFC 9162 2.1.3.2."""
    if index >= size:
        return False
    position, last, own = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            own = node_hash(sibling, own)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            own = node_hash(own, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and own == root


def is_consistent(old, size, old_root, root, proof):
    """RFC 9162 2.1.4.2."""
    if old > size:
        return False
    if old == size:
        return not proof and old_root == root
    if old == 0:
        return not proof and old_root == sha256(b'')
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    position, last = old - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and before == old_root and after == root


def origin_of(domain, desk):
    return f'{domain}/postern/{desk[:16]}'


def read_checkpoint(note, origin, server):
    """Size and root of a signed note."""
    text, blank, lines = note.partition('\n\n')
    demand(blank, 'checkpoint')
    parts = text.split('\n')
    demand(len(parts) == 3 and parts[0] == origin, 'checkpoint')
    demand(re.fullmatch('0|[1-9][0-9]{0,14}', parts[1]), 'checkpoint')
    root = unbase64(parts[2], 'checkpoint')
    demand(len(root) == 32, 'checkpoint')
    key_hash = sha256(origin.encode() + b'\n\x01' + bytes.fromhex(server))[:4]
    for line in lines.split('\n'):
        stamp = line.removeprefix(f'\u2014 {origin} ')
        if stamp == line or not is_base64(stamp):
            continue
        stamp = unbase64(stamp, 'checkpoint')
        if stamp[:4] == key_hash:
            signed = verify(server, text.encode() + b'\n', stamp[4:].hex())
            demand(signed, 'checkpoint')
            return int(parts[1]), root
    raise Refused('checkpoint')


def check_entry(entry, desk):
    """A ledger statement alone; its place is proved by the tree."""
    named = read_head(entry, 'ledger')
    pin = {'desk': desk, 'chain': named['chain']}
    return check_statement(entry, 'ledger', pin, {'id': named['prev'], 'seq': named['seq'] - 1})


def check_receipt(receipt, server, desk, chain, own, seq):
    _, head = check_entry(receipt, desk)
    demand(head['by'] == server, 'by')
    demand(head['type'] == 'ledger.accept', 'of')
    demand((head['of_chain'], head['of_id'], head['of_seq']) == (chain, own, seq), 'of')
    demand((head['number'] != '') == (seq == 0 and chain != desk), 'of')


def prover(proofs, directory, case, statements):
    """F6: whether one statement of a chain was accepted before another of the desk chain."""
    ids = [statement_id(statement['head']) for statement in statements]
    proved = []
    try:
        origin = origin_of(directory.now.domain, directory.desk)
        size, root = read_checkpoint(proofs['checkpoint'], origin, directory.now.server)
        for item in proofs['entries']:
            own, head = check_entry(item['entry'], directory.desk)
            state = directory.states.get(head['dir'])
            demand(state is not None and head['by'] == state.server, 'by')
            path = [bytes.fromhex(step) for step in item['proof']]
            demand(is_included(leaf_hash(own), head['seq'], size, path, root), 'H2')
            proved.append(head)
    except Refused:
        return lambda *_: False

    def before(_, seq, ended):
        accepts = [head for head in proved if head['type'] == 'ledger.accept']
        ends = [
            head['seq']
            for head in accepts
            if head['of_chain'] == directory.desk and head['of_id'] == ended
        ]
        return any(
            head['of_chain'] == case
            and seq <= head['of_seq'] < len(ids)
            and head['of_id'] == ids[head['of_seq']]
            and head['seq'] < end
            for head in accepts
            for end in ends[:1]
        )

    return before


def fold_ledger(statements, pin, directory):
    last, next_of, dir_seq = None, {}, 0
    for place, statement in enumerate(statements):
        try:
            own, head = check_statement(statement, 'ledger', pin, last)
            state = directory.states.get(head['dir'])
            demand(state is not None and state.seq >= dir_seq, 'F4')
            demand(head['by'] == state.server, 'F5')
            if head['type'] == 'ledger.accept':
                chain, seq = head['of_chain'], head['of_seq']
                demand(seq == next_of.get(chain, 0), 'F8')
                demand((head['number'] != '') == (seq == 0 and chain != directory.desk), 'F8')
                next_of[chain] = seq + 1
        except Refused as refused:
            raise Failed(str(refused), place) from None
        dir_seq, last = state.seq, {'id': own, 'seq': head['seq']}
