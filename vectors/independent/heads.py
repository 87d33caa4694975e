"""The forms of heads and F1 to F3: docs/formats/statements.md."""

import base64
import datetime
import re

from .stock import is_person, verify
from .wire import HEAD, Refused, canonical, demand, is_base64, parse, tagged, utf16_units

CONTROL = re.compile('[\x00-\x1f\x7f-\x9f]')
PROJECT = '[a-z0-9][a-z0-9-]{0,62}'
ROLES = {'coordinator', 'board', 'steward', 'operator', 'guest'}


def is_text(value, least, most):
    return type(value) is str and least <= utf16_units(value) <= most


def is_line(value, least, most):
    return is_text(value, least, most) and CONTROL.search(value) is None


def is_whole(value, least=0):
    return type(value) is int and least <= value < 2**53


def matches(pattern):
    return lambda value: type(value) is str and re.fullmatch(pattern, value) is not None


def one_of(*words):
    return lambda value: type(value) is str and value in words


def empty_or(form):
    return lambda value: value == '' and type(value) is str or form(value)


def list_of(form):
    return lambda value: type(value) is list and all(form(item) for item in value)


def exactly(**fields):
    def form(value):
        return type(value) is dict and set(value) == set(fields) and all(
            fields[name](value[name]) for name in fields
        )

    return form


def is_time(value):
    if type(value) is not str or not re.fullmatch(r'[0-9]{4}(-[0-9]{2}){2}T([0-9]{2}:){2}[0-9]{2}Z', value):
        return False
    # Year 0 is a leap year of the same calendar, which Python does not know.
    year = value[:4].replace('0000', '2000')
    try:
        datetime.datetime.strptime(year + value[4:], '%Y-%m-%dT%H:%M:%SZ')
    except ValueError:
        return False
    return int(value[17:19]) < 60


def seconds(value):
    return int(datetime.datetime.strptime(value, '%Y-%m-%dT%H:%M:%SZ').timestamp())


def is_role(value):
    if type(value) is not str:
        return False
    return value in ROLES or re.fullmatch('maintainer:' + PROJECT, value) is not None


def is_certificate_text(value):
    return is_base64(value) and 0 < len(base64.b64decode(value)) <= 4096


hash32 = matches('[0-9a-f]{64}')
signature = matches('[0-9a-f]{128}')
lookup = matches('[0-9a-f]{32}')
project = matches(PROJECT)
key_name = matches(f'(desk|mail|all|p-{PROJECT})/[1-9][0-9]{{0,8}}')
desk_key = matches('desk/[1-9][0-9]{0,8}')
epoch = lambda value: is_whole(value, 1)
line = lambda least, most: lambda value: is_line(value, least, most)
short = lambda most: lambda value: is_text(value, 0, most)
wraps = list_of(exactly(blob=hash32, epoch=epoch, to=lambda to: is_person(to) or desk_key(to)))
roles = lambda value: list_of(is_role)(value) and len(set(value)) == len(value)
domain = lambda value: is_text(value, 1, 253) and re.fullmatch(
    r'[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*', value
) is not None

SEALED = dict(to=key_name, body=hash32, files=list_of(hash32))
CIRCLE = matches(f'all|p-{PROJECT}')
TWO_PEOPLE = {
    'approve': dict(what=hash32),
    'withdraw': dict(what=hash32),
    'release': dict(
        path=line(1, 512),
        sha256=hash32,
        licence=line(1, 64),
        not_before=is_time,
        doc=empty_or(hash32),
    ),
}
COMMON = dict(
    v=lambda value: type(value) is int and value == 1,
    type=lambda value: is_text(value, 1, 64),
    desk=empty_or(hash32),
    chain=empty_or(hash32),
    seq=is_whole,
    prev=empty_or(hash32),
    by=is_person,
    at=is_time,
    dir=empty_or(hash32),
    log=empty_or(matches('(0|[1-9][0-9]{0,15}):[0-9a-f]{64}')),
)
TYPES = {
    'desk': {
        'desk.open': dict(name=line(1, 200), domain=domain, server=is_person),
        'desk.server': dict(server=is_person),
        'desk.key': dict(
            circle=one_of('desk', 'mail'), epoch=epoch, cert=is_certificate_text, wraps=wraps
        ),
        'desk.grant': dict(circle=one_of('desk', 'mail'), wraps=wraps),
        'desk.beat': {},
        'desk.rules': dict(sha256=hash32),
        'desk.restored': dict(size=is_whole, root=hash32, lost=list_of(hash32)),
        'member.admit': dict(
            who=is_person,
            enc=is_certificate_text,
            handle=line(1, 100),
            roles=roles,
            invite=empty_or(lookup),
            join=signature,
            met=one_of('words', 'seen', 'none'),
        ),
        'member.role': dict(who=is_person, roles=roles),
        'member.rotate': dict(who=is_person, enc=is_certificate_text, join=signature),
        'member.revoke': dict(who=is_person, reason=short(200)),
        **TWO_PEOPLE,
    },
    'case': {
        'case.open': dict(
            source=one_of('web', 'cli', 'api', 'assessment', 'mail', 'pgp', 'import'),
            enc=empty_or(is_certificate_text),
            **SEALED,
        ),
        'case.key': dict(circle=CIRCLE, epoch=epoch, cert=is_certificate_text, wraps=wraps),
        'case.grant': dict(circle=CIRCLE, wraps=wraps),
        'case.message': dict(**SEALED, reply=empty_or(hash32)),
        'case.mail': SEALED,
        'case.title': dict(label=exactly(epoch=epoch, blob=hash32), to=key_name, body=hash32),
        'case.ack': {},
        'case.take': dict(who=empty_or(is_person)),
        'case.sort': dict(
            sort=one_of(
                'vulnerability',
                'defence',
                'question',
                'invalid',
                'duplicate',
                'public',
                'not-security',
            )
        ),
        'case.state': dict(
            state=one_of(
                'open',
                'waiting',
                'closed',
                'archived',
                'not-looked',
                'looking',
                'affected',
                'not-affected',
                'fixed',
            ),
            project=empty_or(project),
        ),
        'case.route': dict(
            project=project, how=one_of('members', 'handoff', 'direct-expert', 'direct-silent')
        ),
        'case.handoff': dict(project=project, channel=line(1, 64), sha256=hash32, **SEALED),
        'case.embargo': dict(until=empty_or(is_time)),
        'case.reporter': dict(
            who=empty_or(is_person),
            enc=empty_or(is_certificate_text),
            join=empty_or(signature),
            pgp=line(0, 256),
        ),
        'case.link': dict(other=hash32, relation=one_of('duplicate-of', 'part-of', 'see')),
        'case.review': dict(decision=one_of('release', 'keep', 'destroy'), until=empty_or(is_time)),
        'case.shred': dict(review=hash32),
        **TWO_PEOPLE,
    },
    'ledger': {
        'ledger.open': {},
        'ledger.accept': dict(
            of_chain=hash32,
            of_id=hash32,
            of_seq=is_whole,
            number=empty_or(matches('[0-9]{4}-[0-9A-HJKMNP-TV-Z]{5}')),
        ),
        'ledger.event': dict(
            kind=one_of(
                'login',
                'clock-warning',
                'clock-breach',
                'mail-in',
                'mail-out',
                'bounce',
                'backup',
                'restore',
                'destroyed',
                'export',
                'recovery',
                'refused',
            ),
            about=line(0, 128),
            count=is_whole,
            note=line(0, 200),
        ),
    },
}


def statement_id(head):
    return tagged('statement', head.encode('utf-8', 'surrogatepass')).hex()


def slot_of(head):
    bound = {name: head[name] for name in head if name not in ('body', 'label', 'wraps')}
    return tagged('slot', canonical(bound).encode())


def read_head(statement, kind):
    """F1."""
    text = statement['head']
    demand(len(text.encode('utf-8', 'surrogatepass')) <= HEAD, 'F1')
    head = parse(text)
    known = type(head) is dict and type(head.get('type')) is str and head['type'] in TYPES[kind]
    demand(known, 'F1')
    demand(exactly(**COMMON, **TYPES[kind][head['type']])(head), 'F1')
    return head


def check_statement(statement, kind, pin, last):
    """F1, F2, the half of F4 that needs no directory, F3; returns the id and the head."""
    head = read_head(statement, kind)
    own = statement_id(statement['head'])
    opens = head['type'].endswith('.open')
    demand(opens == (last is None), 'F2')
    demand(head['desk'] == ('' if head['type'] == 'desk.open' else pin['desk']), 'F2')
    demand(head['chain'] == ('' if opens else pin['chain']), 'F2')
    demand(not opens or own == pin['chain'], 'F2')
    demand(head['seq'] == (0 if last is None else last['seq'] + 1), 'F2')
    demand(head['prev'] == ('' if last is None else last['id']), 'F2')
    demand(kind == 'ledger' or head['seq'] < 100_000, 'F2')
    demand((kind == 'desk') == (head['dir'] == ''), 'F4')
    demand(verify(head['by'], bytes.fromhex(own), statement['sig']), 'F3')
    return own, head


def joins(who, desk, enc, handle, invite, sig):
    claim = dict(desk=desk, enc=enc, handle=handle, invite=invite, who=who)
    return verify(who, tagged('join', canonical(claim).encode()), sig)


class Failed(Refused):
    """A statement of a chain was refused, and which."""

    def __init__(self, check, place):
        super().__init__(check)
        self.place = place
