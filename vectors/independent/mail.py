"""What is sealed of a mail: docs/formats/sealing.md, Mail."""

from .heads import exactly, is_line, list_of
from .wire import Refused, demand, parse

VERDICTS = 'pass fail softfail neutral none policy temperror permerror skipped'.split()


def at_most(letters):
    return lambda value: is_line(value, 0, letters)


def some(form):
    members = list_of(form)
    return lambda value: members(value) and len(value) <= 20


def is_verdict(value):
    return type(value) is str and value in VERDICTS


DOMAIN = exactly(domain=at_most(255), verdict=is_verdict)
FACTS = exactly(
    **{
        'client': exactly(helo=at_most(255), ip=at_most(45), tls=lambda value: type(value) is bool),
        'from': at_most(320),
        'results': exactly(
            arc=is_verdict,
            dkim=some(DOMAIN),
            dmarc=exactly(domain=at_most(255), policy=at_most(20), verdict=is_verdict),
            spf=DOMAIN,
        ),
        'thread': lambda value: value in ('new', 'token', 'returned', 'reference', 'unknown'),
        'to': some(at_most(320)),
        'way': lambda value: value in ('smtp', 'imap', 'import'),
    }
)


def read_mail(payload):
    end = payload[: 64 * 1024].find(b'\n')
    demand(end > 0, 'body')
    try:
        facts = parse(payload[:end].decode())
    except (Refused, UnicodeDecodeError):
        raise Refused('body') from None
    demand(FACTS(facts), 'body')
    return facts, payload[end + 1 :]
