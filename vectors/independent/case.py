"""The case chain: docs/formats/case-chain.md."""

import re

from .heads import Failed, check_statement, joins, seconds
from .wire import Refused, demand

AGE = 180 * 24 * 3600
SERVER_SOURCES = ('mail', 'pgp', 'import')
HARMLESS = ('question', 'invalid', 'duplicate', 'public', 'not-security')
CASE_STATES = ('open', 'waiting', 'closed', 'archived')
KEEPER_TYPES = ('case.review', 'case.shred')
COORDINATOR_TYPES = (
    'case.grant',
    'case.ack',
    'case.take',
    'case.sort',
    'case.route',
    'case.embargo',
    'case.reporter',
    'case.link',
    'release',
    'withdraw',
)


class Case:
    """A folded case chain. `proved(id, seq, ended)` asks the ledger for F6."""

    def __init__(self, directory, case, proved=lambda *_: False):
        self.directory = directory
        self.case = case
        self.proved = proved
        self.last = None
        self.dir_seq = 0
        self.heads = {}
        self.before = None
        self.reporter = dict(who='', enc='', pgp='')
        self.circles = {}
        self.acknowledged = self.taken = self.sort = self.embargo = self.shred = self.source = ''
        self.state = 'open'
        self.projects = {}
        self.answers = []
        self.links = []
        self.pending = set()
        self.approved = set()
        self.withdrawn = set()

    def take(self, statement):
        pin = {'desk': self.directory.desk, 'chain': self.case}
        own, head = check_statement(statement, 'case', pin, self.last)
        state = self.directory.states.get(head['dir'])
        demand(state is not None and state.seq >= self.dir_seq, 'F4')
        ended = self.directory.now.ended.get(head['by'], '')
        demand(ended == '' or self.proved(own, head['seq'], ended), 'F6')
        if self.last is None:
            self.open(head, state)
        else:
            last_approval = head['type'] == 'approve' and head['what'] == self.shred
            done = self.shred in self.approved
            demand(self.shred == '' or (last_approval and not done), 'F8')
            self.judge(own, head, state)
        self.last = {'id': own, 'seq': head['seq']}
        self.dir_seq = state.seq
        self.heads[own] = self.before = head

    def open(self, head, state):
        by, source = head['by'], head['source']
        if source in SERVER_SOURCES:
            demand(by == state.server and head['enc'] == '', 'F5')
        elif source == 'assessment':
            demand(state.coordinator(by) and head['enc'] == '', 'F5')
        else:
            demand(by not in state.seen, 'F5')
        demand(state.fresh(head['to']), 'F7')
        demand(source not in ('web', 'cli') or head['enc'] != '', 'F8')
        self.source = source
        self.reporter = dict(who=by if head['enc'] else '', enc=head['enc'], pgp='')

    def judge(self, own, head, state):
        kind, by = head['type'], head['by']
        coordinator = state.coordinator(by)
        keeper = coordinator or state.has(by, 'steward')
        demand(coordinator or kind not in COORDINATOR_TYPES, 'F5')
        demand(keeper or kind not in KEEPER_TYPES, 'F5')
        if kind in ('case.message', 'case.mail', 'case.title', 'case.handoff'):
            demand(self.may_write(kind, head, state, coordinator), 'F5')
            demand(self.fresh(head['to'], state, head['at']), 'F7')

        if kind == 'case.key':
            self.new_epoch(head, state, coordinator)
        elif kind == 'case.grant':
            self.grant(head, state)
        elif kind == 'case.message':
            demand(head['reply'] == '' or head['reply'] in self.heads, 'F8')
            if head['to'].startswith('all/') and state.active(by):
                self.answers.append(own)
        elif kind == 'case.mail':
            thread = f'all/{len(self.circles.get("all", []))}'
            fresh = self.fresh(thread, state, head['at'])
            demand(head['to'] == thread if fresh else head['to'].startswith('desk/'), 'F8')
        elif kind == 'case.title':
            newest = state.newest()
            demand(head['to'] == newest == f'desk/{head["label"]["epoch"]}', 'F8')
        elif kind == 'case.ack':
            self.acknowledged = self.acknowledged or own
        elif kind == 'case.take':
            demand(head['who'] == '' or state.coordinator(head['who']), 'F8')
            self.taken = head['who']
        elif kind == 'case.sort':
            self.sort = head['sort']
        elif kind == 'case.state':
            self.move(head, state, coordinator)
        elif kind == 'case.handoff':
            channel = re.sub(r'^[\s\ufeff]+|[\s\ufeff]+$', '', head['channel']).lower()
            demand(channel != 'public' or self.sort in HARMLESS, 'F8')
        elif kind == 'case.embargo':
            self.embargo = head['until']
        elif kind == 'case.reporter':
            self.name_reporter(head, state)
        elif kind == 'case.link':
            demand(head['other'] != self.case, 'F8')
            self.links.append(dict(other=head['other'], relation=head['relation']))
        elif kind in ('case.review', 'release'):
            self.pending.add(own)
        elif kind == 'case.shred':
            review = self.heads.get(head['review'], {})
            destroys = review.get('decision') == 'destroy'
            demand(destroys and head['review'] in self.approved, 'F8')
            self.shred = own
            self.pending.add(own)
        elif kind == 'approve':
            what = self.heads.get(head['what'])
            demand(what is not None and head['what'] in self.pending, 'F8')
            demand(not state.same_person(by, what['by']), 'F8')
            demand(state.current(what['by']), 'F8')
            demand(coordinator or (what['type'] != 'release' and keeper), 'F5')
            self.pending.discard(head['what'])
            self.approved.add(head['what'])
        elif kind == 'withdraw':
            what = head['what']
            released = what in self.approved and self.heads[what]['type'] == 'release'
            demand(what in self.pending or released, 'F8')
            self.pending.discard(what)
            self.approved.discard(what)
            self.withdrawn.add(what)

    def may_write(self, kind, head, state, coordinator):
        if kind == 'case.mail':
            return head['by'] == state.server
        if kind != 'case.message' or coordinator:
            return coordinator
        circle, epoch = head['to'].split('/')
        epochs = self.circles.get(circle, [])
        reads = int(epoch) <= len(epochs) and head['by'] in epochs[int(epoch) - 1]['readers']
        return circle != 'desk' and reads

    def live(self, reader, state):
        """May be given a key: the newest desk key, the reporter, an active member."""
        if '/' in reader:
            return state.fresh(reader)
        return reader == self.reporter['who'] or state.active(reader)

    def certificate(self, reader, state):
        if reader == self.reporter['who']:
            return self.reporter['enc']
        return state.members[reader]['enc'] if reader in state.members else ''

    def fresh(self, to, state, at):
        """F7: the newest epoch, under 180 days old, every reader as they were."""
        circle, number = to.split('/')
        if circle == 'desk':
            return state.fresh(to)
        epochs = self.circles.get(circle, [])
        if not epochs or int(number) != len(epochs):
            return False
        newest = epochs[-1]
        young = seconds(at) - seconds(newest['made']) < AGE
        return young and all(
            self.live(reader, state) and self.certificate(reader, state) == certificate
            for reader, certificate in newest['readers'].items()
        )

    def new_epoch(self, head, state, coordinator):
        epochs = self.circles.get(head['circle'], [])
        newest = state.newest()
        readers = [wrap['to'] for wrap in head['wraps']]
        demand(head['epoch'] == len(epochs) + 1, 'F8')
        demand(len(set(readers)) == len(readers), 'F8')
        demand([reader for reader in readers if '/' in reader] == [newest], 'F8')
        demand(all(wrap['epoch'] == head['epoch'] for wrap in head['wraps']), 'F8')
        demand(all(self.live(reader, state) for reader in readers), 'F8')
        if not coordinator:
            if epochs:
                before = {newest if '/' in reader else reader for reader in epochs[-1]['readers']}
                expected = {reader for reader in before if self.live(reader, state)}
            else:
                first = head['circle'] == 'all' and head['by'] == self.reporter['who']
                demand(first, 'F5')
                expected = {newest, head['by']}
            demand(head['by'] in expected and expected == set(readers), 'F5')
        held = {reader: self.certificate(reader, state) for reader in readers}
        self.circles[head['circle']] = [*epochs, dict(readers=held, made=head['at'])]

    def grant(self, head, state):
        epochs = self.circles.get(head['circle'], [])
        for wrap in head['wraps']:
            demand(wrap['epoch'] <= len(epochs), 'F8')
            demand(self.live(wrap['to'], state), 'F8')
            readers = epochs[wrap['epoch'] - 1]['readers']
            readers[wrap['to']] = self.certificate(wrap['to'], state)

    def move(self, head, state, coordinator):
        name, by = head['state'], head['by']
        if head['project'] != '':
            newest = self.circles.get('p-' + head['project'], [])[-1:]
            maintains = state.has(by, 'maintainer:' + head['project'])
            reads = bool(newest) and by in newest[0]['readers']
            demand(coordinator or (maintains and reads), 'F5')
            demand(name not in CASE_STATES, 'F8')
            self.projects[head['project']] = name
            return
        demand(coordinator, 'F5')
        demand(name in CASE_STATES, 'F8')
        reason = self.before['type'] == 'case.message' and self.before['by'] == by
        demand(name != 'closed' or self.answers or reason, 'F8')
        demand(name != 'archived' or self.state == 'closed', 'F8')
        self.state = name

    def name_reporter(self, head, state):
        who, enc = head['who'], head['enc']
        if who == '':
            demand(head['pgp'] != '' and enc == '' and head['join'] == '', 'F8')
        else:
            demand(who not in state.seen and enc != '', 'F8')
            signed = joins(who, self.directory.desk, enc, '', self.case, head['join'])
            demand(signed, 'F8')
        self.reporter = dict(who=who, enc=enc, pgp=head['pgp'])

    def summary(self):
        return dict(
            source=self.source,
            reporter=self.reporter,
            circles=[
                dict(circle=circle, epochs=[sorted(epoch['readers']) for epoch in epochs])
                for circle, epochs in self.circles.items()
            ],
            acknowledged=self.acknowledged,
            taken=self.taken,
            sort=self.sort,
            state=self.state,
            projects=[dict(project=name, state=state) for name, state in self.projects.items()],
            answers=self.answers,
            embargo=self.embargo,
            links=self.links,
            shred=self.shred,
            pending=sorted(self.pending),
            approved=sorted(self.approved),
            withdrawn=sorted(self.withdrawn),
        )


def fold_case(statements, case, directory, proved=lambda *_: False):
    fold = Case(directory, case, proved)
    for place, statement in enumerate(statements):
        try:
            fold.take(statement)
        except Refused as refused:
            raise Failed(str(refused), place) from None
    if fold.last is None:
        raise Failed('F2', 0)
    return fold
