"""The desk chain: docs/formats/desk-chain.md."""

import copy
import re

from .heads import Failed, check_statement, joins
from .wire import Refused, demand


def strong(roles):
    return any(role in roles for role in ('coordinator', 'board', 'steward'))


def contact_fact(path):
    """How to reach the desk: released by one."""
    named = path in ('.well-known/security.txt', 'directory/index.json')
    return named or re.fullmatch(r'keys/[a-z0-9][a-z0-9-]{0,62}\.asc', path) is not None


class State:
    """What the directory says after one statement."""

    def __init__(self, head, seq):
        self.seq = seq
        self.root = head['by']
        self.server = head['server']
        self.domain = head['domain']
        self.at = head['at']
        self.rules = ''
        self.members = {}
        self.ended = {}
        self.seen = {head['by'], head['server']}
        self.invitations = set()
        self.epochs = {'desk': [], 'mail': []}

    def active(self, who):
        return who in self.members and self.members[who]['active']

    def has(self, who, role):
        return self.active(who) and role in self.members[who]['roles']

    def coordinator(self, who):
        return self.has(who, 'coordinator')

    def coordinators(self):
        return sum(self.coordinator(who) for who in self.members)

    def roles(self, who):
        return self.members[who]['roles'] if who in self.members else []

    def newest(self):
        return f'desk/{len(self.epochs["desk"])}'

    def fresh(self, name):
        """The newest desk key, all of whose readers are coordinators still."""
        if not self.epochs['desk'] or name != self.newest():
            return False
        return all(self.coordinator(who) for who in self.epochs['desk'][-1])

    def current(self, who):
        """The active key of this human being: the one named, or the one that it was rotated to."""
        if self.active(who):
            return who
        for member in self.members.values():
            if member['active'] and who in member['earlier']:
                return member['who']
        return None

    def same_person(self, one, other):
        earlier = lambda who: self.members[who]['earlier'] if who in self.members else []
        return one == other or one in earlier(other) or other in earlier(one)


class Directory:
    """A folded desk chain: the state after each statement, and what waits for a second person."""

    def __init__(self, desk):
        self.desk = desk
        self.states = {}
        self.heads = {}
        self.pending = set()
        self.approved = set()
        self.withdrawn = set()
        self.now = None
        self.last = None

    def take(self, statement):
        pin = {'desk': self.desk, 'chain': self.desk}
        own, head = check_statement(statement, 'desk', pin, self.last)
        if self.now is None:
            state = State(head, 0)
        else:
            state = copy.deepcopy(self.now)
            state.seq, state.at = head['seq'], head['at']
            self.judge(own, head, state)
        self.now, self.last = state, {'id': own, 'seq': head['seq']}
        self.states[own], self.heads[own] = state, head

    def judge(self, own, head, state):
        kind, by = head['type'], head['by']
        root, coordinator = by == state.root, state.coordinator(by)
        if kind in ('member.admit', 'member.role', 'desk.server'):
            demand(coordinator or root, 'F5')
        if kind in ('desk.key', 'desk.grant', 'desk.beat', 'desk.rules', 'desk.restored'):
            demand(coordinator, 'F5')
        if kind in ('release', 'withdraw'):
            demand(coordinator, 'F5')
        if kind == 'withdraw':
            about = self.heads.get(head['what'], {}).get('who')
            demand(about is None or not state.same_person(by, about), 'F5')

        waits = False
        if kind == 'member.admit':
            self.newcomer(head, state, head['handle'], head['invite'])
            demand(head['invite'] == '' or head['invite'] not in state.invitations, 'F8')
            demand('coordinator' not in head['roles'] or head['met'] != 'none', 'F8')
            state.seen.add(head['who'])
            state.invitations.add(head['invite'])
            waits = not root and strong(head['roles'])
        elif kind == 'member.role':
            demand(state.active(head['who']), 'F8')
            unmet = state.members[head['who']]['met'] == 'none'
            demand('coordinator' not in head['roles'] or not unmet, 'F8')
            waits = not root and (strong(head['roles']) or strong(state.roles(head['who'])))
        elif kind == 'member.revoke':
            demand(coordinator or root or by == head['who'], 'F5')
            demand(state.active(head['who']), 'F8')
            waits = not (root or by == head['who']) and strong(state.roles(head['who']))
        elif kind == 'member.rotate':
            demand(state.active(by), 'F5')
            self.newcomer(head, state, state.members[by]['handle'], '')
            state.seen.add(head['who'])
            old = state.members[by]
            state.members[head['who']] = dict(
                old, who=head['who'], enc=head['enc'], earlier=[by, *old['earlier']]
            )
            old['active'] = False
            state.ended[by] = own
        elif kind == 'desk.server':
            demand(head['server'] not in state.seen, 'F8')
            state.seen.add(head['server'])
            waits = not root
        elif kind == 'desk.key':
            self.new_epoch(head, state)
        elif kind == 'desk.grant':
            self.grant(head, state)
        elif kind == 'release' and contact_fact(head['path']):
            self.approved.add(own)
        elif kind in ('desk.rules', 'desk.restored', 'release'):
            waits = True
        elif kind == 'approve':
            what = self.heads.get(head['what'])
            demand(what is not None and head['what'] in self.pending, 'F8')
            demand(not state.same_person(by, what['by']), 'F8')
            demand(what['by'] == state.root or state.current(what['by']), 'F8')
            board = what['type'].startswith('member.') and state.has(by, 'board')
            alone = what['type'] == 'desk.restored' and root and state.coordinators() < 2
            demand(coordinator or board or alone, 'F5')
            effect(state, what, own)
            self.pending.discard(head['what'])
            self.approved.add(head['what'])
        elif kind == 'withdraw':
            what = head['what']
            released = what in self.approved and self.heads[what]['type'] == 'release'
            demand(what in self.pending or released, 'F8')
            self.pending.discard(what)
            self.approved.discard(what)
            self.withdrawn.add(what)
        if waits:
            self.pending.add(own)
        elif kind not in ('approve', 'withdraw'):
            effect(state, head, own)

    def newcomer(self, head, state, handle, invite):
        demand(head['who'] not in state.seen, 'F8')
        joined = joins(head['who'], self.desk, head['enc'], handle, invite, head['join'])
        demand(joined, 'F8')

    def new_epoch(self, head, state):
        circle, epochs = head['circle'], state.epochs[head['circle']]
        demand(head['epoch'] == len(epochs) + 1, 'F8')
        coordinators = [who for who in state.members if state.coordinator(who)]
        readers = coordinators if circle == 'desk' else [state.newest()]
        demand(sorted(wrap['to'] for wrap in head['wraps']) == sorted(readers), 'F8')
        demand(all(wrap['epoch'] == head['epoch'] for wrap in head['wraps']), 'F8')
        demand(circle == 'desk' or state.epochs['desk'], 'F8')
        epochs.append(readers)

    def grant(self, head, state):
        epochs = state.epochs[head['circle']]
        for wrap in head['wraps']:
            demand(state.coordinator(wrap['to']), 'F8')
            demand(wrap['epoch'] <= len(epochs), 'F8')
            readers = epochs[wrap['epoch'] - 1]
            epochs[wrap['epoch'] - 1] = readers + [wrap['to']] * (wrap['to'] not in readers)

    def summary(self):
        now = self.now
        shown = ('who', 'handle', 'roles', 'active')
        return dict(
            server=now.server,
            rules=now.rules,
            members=[{name: member[name] for name in shown} for member in now.members.values()],
            desk=[sorted(readers) for readers in now.epochs['desk']],
            mail=[sorted(readers) for readers in now.epochs['mail']],
            pending=sorted(self.pending),
            approved=sorted(self.approved),
            withdrawn=sorted(self.withdrawn),
        )


def effect(state, head, by):
    """What a statement changes once it counts, by itself or by its approval."""
    kind = head['type']
    if kind == 'member.admit':
        state.members[head['who']] = dict(
            who=head['who'],
            enc=head['enc'],
            handle=head['handle'],
            roles=head['roles'],
            met=head['met'],
            active=True,
            earlier=[],
        )
    elif kind == 'member.role':
        demand(state.current(head['who']), 'F8')
        state.members[state.current(head['who'])]['roles'] = head['roles']
    elif kind == 'member.revoke':
        who = state.current(head['who'])
        demand(who, 'F8')
        state.members[who]['active'] = False
        state.ended[who] = by
    elif kind == 'desk.server':
        state.ended[state.server] = by
        state.server = head['server']
    elif kind == 'desk.rules':
        state.rules = head['sha256']


def fold_desk(statements, desk):
    directory = Directory(desk)
    for place, statement in enumerate(statements):
        try:
            directory.take(statement)
        except Refused as refused:
            raise Failed(str(refused), place) from None
    if directory.now is None:
        raise Failed('F2', 0)
    return directory
