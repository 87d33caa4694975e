import { canonicalText, type Json, statementId } from '#seal'
import { type Cast, standIn } from './actors.ts'
import { type Fields, headAfter, NO_DESK, signText } from './chains.ts'
import type { Shelf } from './shelf.ts'
import { headInPlace, inPlace } from './statement-encoding.ts'
import { testKey } from './test-keys.ts'

type Kind = 'desk' | 'case' | 'ledger'

const HASH = standIn('hash')
const SIG = 'ab'.repeat(64)
const WEAK = `01${'00'.repeat(31)}`
const SEALED = { to: 'all/1', body: HASH, files: [HASH] }
const RELEASE = {
  path: 'advisories/2026/EXAMPLE-2026-0001.json',
  sha256: HASH,
  licence: 'CC-BY-4.0',
  not_before: '2026-12-01T12:00:00Z',
  doc: '',
}

/** One sound head of every type: what it adds to the common fields. */
function soundHeads({ c1, c2, server }: Cast): Readonly<Record<Kind, Record<string, Fields>>> {
  const cert = testKey('desk-1').cert
  const wraps = [{ blob: HASH, epoch: 1, to: c1.who }]
  const twoPeople = { approve: { what: HASH }, release: RELEASE, withdraw: { what: HASH } }
  return {
    desk: {
      'desk.open': {
        name: 'Example Foundation',
        domain: 'security.example.org',
        server: server.who,
      },
      'desk.server': { server: server.who },
      'desk.key': { circle: 'desk', epoch: 1, cert, wraps },
      'desk.grant': { circle: 'mail', wraps },
      'desk.rules': { sha256: HASH },
      'desk.restored': { size: 12, root: HASH, lost: [HASH] },
      'member.admit': {
        who: c2.who,
        enc: cert,
        handle: 'Coordinator 2',
        roles: ['coordinator', 'maintainer:numpy'],
        invite: 'ab'.repeat(16),
        join: SIG,
        met: 'seen',
      },
      'member.role': { who: c2.who, roles: [] },
      'member.rotate': { who: c2.who, enc: cert, join: SIG },
      'member.revoke': { who: c2.who, reason: 'left' },
      ...twoPeople,
    },
    case: {
      'case.open': { source: 'web', enc: cert, to: 'desk/1', body: HASH, files: [] },
      'case.key': {
        circle: 'p-numpy',
        epoch: 2,
        cert,
        wraps: [{ blob: HASH, epoch: 2, to: 'desk/1' }],
      },
      'case.grant': { circle: 'all', wraps },
      'case.message': { ...SEALED, reply: '' },
      'case.mail': SEALED,
      'case.title': { label: { epoch: 1, blob: HASH }, to: 'desk/1', body: HASH },
      'case.ack': {},
      'case.take': { who: c2.who },
      'case.sort': { sort: 'vulnerability' },
      'case.state': { state: 'closed', project: '' },
      'case.route': { project: 'numpy', how: 'members' },
      'case.handoff': { project: 'numpy', channel: 'mail', sha256: HASH, ...SEALED },
      'case.embargo': { until: '2027-02-20T12:00:00Z' },
      'case.reporter': { who: c2.who, enc: cert, join: SIG, pgp: '' },
      'case.link': { other: HASH, relation: 'see' },
      'case.review': { decision: 'keep', until: '' },
      'case.shred': { review: HASH },
      ...twoPeople,
    },
    ledger: {
      'ledger.open': {},
      'ledger.accept': { of_chain: HASH, of_id: HASH, of_seq: 0, number: '2026-7F3KQ' },
      'ledger.event': { kind: 'login', about: c1.who, count: 1, note: '' },
    },
  }
}

/** Values of each field that are not of its form: a name, the value. */
function malformed(people: Cast): Readonly<Record<string, readonly (readonly [string, Json])[]>> {
  const wrap = { blob: HASH, epoch: 1, to: people.c1.who }
  const short: readonly [string, Json] = ['too-short', HASH.slice(2)]
  const capitals: readonly [string, Json] = ['in-capitals', HASH.toUpperCase()]
  return {
    name: [
      ['empty', ''],
      ['with-a-control-character', 'a\u0007b'],
      ['of-201', 'n'.repeat(201)],
    ],
    domain: [
      ['in-capitals', 'Example.org'],
      ['with-a-space', 'example org'],
      ['ending-in-a-dot', 'example.org.'],
      ['with-a-path', 'example.org/x'],
      ['empty', ''],
    ],
    server: [['weak', WEAK], short],
    circle: [
      ['unknown', 'team'],
      ['of-a-project-in-capitals', 'p-NumPy'],
      ['of-no-project', 'p-'],
    ],
    epoch: [
      ['zero', 0],
      ['as-text', '1'],
    ],
    cert: [
      ['empty', ''],
      ['not-base64', 'x*=='],
      ['without-padding', 'AAA'],
      ['with-stray-bits', 'AAF='],
      ['over-4-kib', 'AAAA'.repeat(1367)],
    ],
    wraps: [
      ['not-a-list', wrap],
      ['with-a-field-more', [{ ...wrap, more: 1 }]],
      ['without-a-field', [{ blob: HASH, epoch: 1 }]],
      ['to-a-weak-key', [{ ...wrap, to: WEAK }]],
      ['to-a-circle', [{ ...wrap, to: 'all/1' }]],
      ['to-desk-0', [{ ...wrap, to: 'desk/0' }]],
      ['to-desk-01', [{ ...wrap, to: 'desk/01' }]],
      ['of-epoch-0', [{ ...wrap, epoch: 0 }]],
      ['of-a-short-blob', [{ ...wrap, blob: HASH.slice(2) }]],
    ],
    sha256: [short, capitals],
    size: [['as-text', '12']],
    root: [short],
    lost: [
      ['not-a-list', HASH],
      ['of-a-number', [1]],
    ],
    who: [['weak', WEAK], short],
    enc: [['not-base64', 'x*==']],
    handle: [
      ['empty', ''],
      ['with-a-line-feed', 'a\nb'],
      ['of-101', 'h'.repeat(101)],
    ],
    roles: [
      ['unknown', ['admin']],
      ['twice', ['guest', 'guest']],
      ['maintainer-of-nothing', ['maintainer:']],
      ['maintainer-in-capitals', ['maintainer:NumPy']],
      ['as-text', 'guest'],
    ],
    invite: [['too-short', 'ab'.repeat(15)]],
    join: [['too-short', 'ab'.repeat(63)]],
    met: [['unknown', 'mail']],
    reason: [['of-201', 'r'.repeat(201)]],
    what: [short, ['empty', '']],
    path: [
      ['empty', ''],
      ['with-a-line-feed', 'a\nb'],
    ],
    licence: [['empty', '']],
    not_before: [
      ['empty', ''],
      ['on-a-day-that-is-not', '2026-02-30T12:00:00Z'],
    ],
    doc: [short],
    source: [['unknown', 'fax']],
    to: [
      ['without-epoch', 'all'],
      ['epoch-0', 'all/0'],
      ['epoch-01', 'all/01'],
      ['a-person', people.c1.who],
    ],
    body: [short, ['empty', '']],
    files: [['of-a-short-hash', [HASH.slice(2)]]],
    reply: [short],
    label: [
      ['with-a-field-more', { epoch: 1, blob: HASH, more: 1 }],
      ['epoch-0', { epoch: 0, blob: HASH }],
      ['as-text', HASH],
    ],
    sort: [
      ['unknown', 'urgent'],
      ['empty', ''],
    ],
    state: [['unknown', 'done']],
    project: [
      ['in-capitals', 'NumPy'],
      ['of-64', 'p'.repeat(64)],
    ],
    how: [['unknown', 'phone']],
    channel: [['empty', '']],
    until: [['a-date', '2027-02-20']],
    pgp: [['with-a-line-feed', 'AB\nCD']],
    other: [short],
    relation: [['unknown', 'like']],
    decision: [['unknown', 'shred']],
    review: [short],
    of_chain: [short],
    of_id: [short],
    of_seq: [['as-text', '0']],
    number: [
      ['with-a-letter-that-is-not', '2026-7F3KU'],
      ['too-short', '2026-7F3K'],
    ],
    kind: [['unknown', 'logout']],
    about: [['of-129', 'a'.repeat(129)]],
    count: [['as-text', '1']],
    note: [['with-a-line-feed', 'a\nb']],
  }
}

/** Every type: sound, with a field more, without each of its fields, with each field malformed. */
export async function makeTypes(shelf: Shelf, people: Cast): Promise<void> {
  const wrong = malformed(people)
  const covered = new Set<string>()
  for (const [kind, types] of Object.entries(soundHeads(people)) as [
    Kind,
    Record<string, Fields>,
  ][])
    for (const [type, fields] of Object.entries(types)) {
      const name = `${kind === 'case' && !type.includes('.') ? 'case-' : ''}${type.replaceAll('.', '-')}`
      await soundType(shelf, people, kind, type, name, fields)
      const bent = async (label: string, what: string, other: Fields) => {
        const statement = await signed(people, kind, type, other)
        const changed = { against: name, what }
        shelf.reject('statement', `${name}-${label}`, 'F1', changed, inPlace(kind, statement))
      }
      await bent('with-a-field-more', 'a field more', { ...fields, more: 1 })
      for (const field of Object.keys(fields)) {
        const { [field]: _, ...others } = fields
        await bent(`without-${field.replaceAll('_', '-')}`, `${field} is gone`, others)
        // One malformed value of each kind suffices, at the first type that has the field.
        if (covered.has(field)) continue
        covered.add(field)
        for (const [label, value] of wrong[field] ?? [])
          await bent(`${field.replaceAll('_', '-')}-${label}`, field, { ...fields, [field]: value })
      }
    }
  const unknown = Object.keys(wrong).filter((field) => !covered.has(field))
  if (unknown.length > 0) throw new RangeError(`No type has the fields ${unknown.join()}.`)
}

async function soundType(
  shelf: Shelf,
  people: Cast,
  kind: Kind,
  type: string,
  name: string,
  fields: Fields,
): Promise<void> {
  const why = `a sound ${type}, judged alone`
  const statement = await signed(people, kind, type, fields)
  if (!type.endsWith('.open')) {
    shelf.accept('statement', name, why, inPlace(kind, statement))
    return
  }
  const { statement: first, id } = await opening(people, kind, type, fields)
  const { pin } = inPlace(kind, statement)
  const input = {
    kind,
    pin: { desk: kind === 'desk' ? id : pin.desk, chain: id },
    last: null,
    statement: first,
  }
  shelf.accept('statement', name, why, input)
}

function signed(people: Cast, kind: Kind, type: string, fields: Fields) {
  const dir = kind === 'desk' ? '' : HASH
  const head = headInPlace(people.c1.who, type, { dir, ...fields })
  return signText(people.c1.signer, canonicalText(head))
}

async function opening(people: Cast, kind: Kind, type: string, fields: Fields) {
  const { pin } = inPlace(kind, { head: '', sig: '' })
  const place = kind === 'desk' ? {} : { desk: pin.desk, dir: HASH }
  const head = headAfter(NO_DESK, people.c1, type, { ...place, ...fields })
  const statement = await signText(people.c1.signer, canonicalText(head))
  return { statement, id: statementId(statement.head) }
}
