"""What a reporter says beside the text: docs/formats/sealing.md, Facts."""

import re
import unicodedata

from .wire import demand, utf16_units

ORDER = ('project', 'kind', 'name', 'contact')
KINDS = ('vulnerability', 'exploited', 'takeover', 'question')
WHITE = '\t\n\v\f\r\u2028\u2029\ufeff' + ''.join(
    chr(point) for point in range(0x10000) if unicodedata.category(chr(point)) == 'Zs'
)


def is_value(value):
    if not 1 <= utf16_units(value) <= 200 or value[0] in WHITE or value[-1] in WHITE:
        return False
    shown = value.replace('\u200c', '').replace('\u200d', '')
    return all(unicodedata.category(letter) not in ('Cc', 'Cf', 'Zl', 'Zp') for letter in shown)


LINES = re.compile(
    ''.join(f'(?:{fact.capitalize()}: (?P<{fact}>[^\n]*)\n)?' for fact in ORDER)
)


def read_facts(whole):
    """The text, and its facts; all is text when the last part is anything else than facts."""
    nothing = whole, dict.fromkeys(ORDER, '')
    text, divided, part = whole.rpartition('\n\n')
    if not divided or not part:
        return nothing
    if part == 'Facts: none\n':
        return text, nothing[1]
    lines = LINES.fullmatch(part)
    if lines is None:
        return nothing
    facts = {fact: lines[fact] for fact in ORDER if lines[fact] is not None}
    if not all(map(is_value, facts.values())) or facts.get('kind', KINDS[0]) not in KINDS:
        return nothing
    return text, {**nothing[1], **facts}


def write_facts(text, facts):
    given = [(fact, facts[fact]) for fact in ORDER if facts[fact]]
    demand(all(is_value(value) for _, value in given), 'line')
    if not given:
        return text if read_facts(text)[0] == text else f'{text.rstrip(WHITE)}\n\nFacts: none\n'
    lines = ''.join(f'{fact.capitalize()}: {value}\n' for fact, value in given)
    return f'{text.rstrip(WHITE)}\n\n{lines}'
