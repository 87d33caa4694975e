import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { base64OfBytes, bytesOfBase64, bytesOfText, headerValues, readMailHeaders } from '#lexicon'
import type { MailFacts } from '#seal'
import { newMailKey } from '#unseal'
import { answerByMail } from './answer-by-mail.ts'
import type { Desk } from './desk.ts'
import type { Keyring } from './keyring.ts'
import { trialApi, trialCase, trialView } from './trial-desk.ts'
import { planMail } from './mail-plan.ts'
import { senderOf } from './mail-sender.ts'
import { settleKey } from './settle-key.ts'
import type { Mail } from './mail.ts'
import type { Message } from './message.ts'

const ADDRESS = 'reporter@example.net'
const NONE = { domain: '', verdict: 'none' } as const
const FACTS: MailFacts = {
  client: { helo: '', ip: '', tls: false },
  from: ADDRESS,
  results: {
    arc: 'none',
    dkim: [],
    dmarc: { ...NONE, policy: '' },
    spf: { domain: 'example.net', verdict: 'pass' },
  },
  thread: 'new',
  to: [],
  way: 'smtp',
}
/** Two keys that name the same person. */
const keys: { fingerprint: string; cert: string; armored: string }[] = []
before(async () => {
  for (let n = 0; n < 2; n++) {
    const { key, cert } = await newMailKey(`Reporter <${ADDRESS}>`)
    keys.push({ cert, fingerprint: key.getFingerprint(), armored: key.toPublic().armor() })
  }
})
const armored = (n: number) => keys[n]?.armored ?? ''

function message(seq: number, text: string, more: Partial<Mail> = {}): Message {
  const lines = [`From: ${ADDRESS}`, `Message-ID: <${seq}@example.net>`, `Subject: S${seq}`, '']
  const raw = bytesOfText([...lines, text].join('\r\n'))
  const facts = more.facts ?? FACTS
  const sender = senderOf(headerValues(readMailHeaders(raw), 'from'), facts)
  const rest = { subject: `S${seq}`, date: '', size: raw.length, sealed: false, raw }
  const mail: Mail = { facts, sender, kind: 'person', returned: undefined, ...rest, ...more }
  return { id: String(seq), seq, mail } as Message
}

/** The plan, and which addresses' domains were asked; with `published` they give that. */
async function planned(messages: readonly Message[], published?: string) {
  const told = { from: 'security@example.org', relay: true, reply_to: '', deliveries: [] }
  const calls: string[] = []
  const call = (name: string) => {
    calls.push(name)
    return Promise.resolve(told)
  }
  const view = trialView({ api: trialApi(call), clock: () => Date.now() })
  const reporter = { who: '', enc: '', pgp: '' }
  const within = trialCase({ id: '', fold: { sort: '', reporter, statements: new Map() } })
  const asked: string[] = []
  const plan = await planMail({ view } as Desk, within, {} as Keyring, messages, (address) => {
    if (published === undefined) return Promise.resolve(undefined)
    asked.push(address)
    return Promise.resolve(published)
  })
  return { plan, asked, calls, within }
}

test('of several keys before a pin none is taken silently', async () => {
  const one = await planned([message(0, armored(0)), message(3, armored(0))])
  assert.equal(one.plan.key.state, 'first')
  const two = await planned([message(0, armored(0)), message(3, armored(1)), message(5, 'x')])
  const { key } = two.plan
  assert.ok(key.state === 'changed' && key.before !== undefined)
  assert.equal(key.pin.fingerprint, keys[0]?.fingerprint)
  assert.equal(key.before.certificate.fingerprint, keys[0]?.fingerprint)
  assert.equal(key.found.certificate.fingerprint, keys[1]?.fingerprint)
  assert.deepEqual([two.plan.answers, two.plan.subject], ['<5@example.net>', 'S5'])
  const same = await planned([message(0, `${armored(0)}\r\n${armored(1)}`)])
  assert.equal(same.plan.key.state, 'changed', 'two in one mail')
})

test('a key that no domain vouches for waits until somebody says that it holds', async () => {
  const spf = { domain: 'example.net', verdict: 'temperror' } as const
  const facts = { ...FACTS, results: { ...FACTS.results, spf } }
  const one = await planned([message(0, armored(0), { facts })])
  assert.ok(one.plan.key.state === 'offered')
  assert.equal(one.plan.key.found.certificate.fingerprint, keys[0]?.fingerprint)
  const desk = {} as Desk
  const words = { text: 'words', files: [] }
  const { plan, within } = one
  const mailing = { way: 'pgp', plan, keyring: {} as Keyring, close: false } as const
  await assert.rejects(answerByMail(desk, within, words, mailing), { code: 'problem' })
  assert.throws(() => settleKey(desk, within, plan.key, 'old'), { code: 'not-found' })
  // The same key in a mail that its domain vouches for, before or after.
  for (const [a, b] of [
    [{ facts }, {}],
    [{}, { facts }],
  ] as const) {
    const two = await planned([message(0, armored(0), a), message(3, armored(0), b)])
    assert.equal(two.plan.key.state, 'first')
  }
  // What nobody vouches for takes the place of nothing.
  const other = await planned([message(0, armored(0)), message(3, armored(1), { facts })])
  assert.equal(other.plan.key.state, 'changed')
})

test('a domain is asked only when somebody wants it, and of nobody who failed a check', async () => {
  const looked = await planned([message(0, 'words')])
  assert.ok(looked.plan.key.state === 'none' && looked.plan.key.asks === true)
  const cert = base64OfBytes(bytesOfBase64(keys[0]?.cert ?? ''))
  const wanted = await planned([message(0, 'words')], cert)
  assert.deepEqual([wanted.plan.key.state, wanted.asked], ['first', [ADDRESS]])
  const spf = { domain: 'example.net', verdict: 'fail' } as const
  const failed = { ...FACTS, results: { ...FACTS.results, spf } }
  for (const more of [
    { facts: failed },
    { facts: { ...FACTS, way: 'import' as const } },
    { kind: 'list' as const },
  ]) {
    const { plan, asked } = await planned([message(0, 'words', more)], cert)
    assert.deepEqual(asked, [], JSON.stringify(more))
    assert.ok(plan.key.state === 'none' && plan.key.asks === undefined)
  }
})

test('a mail that is too large for a key is not fetched', async () => {
  const large = { size: 5 * 1024 * 1024, raw: undefined }
  const { plan, calls } = await planned([message(0, armored(0)), message(3, '', large)])
  assert.deepEqual(calls, ['readDeliveries'])
  assert.equal(plan.key.state, 'first')
  assert.equal(plan.answers, '<0@example.net>')
})

test('without another key there is nothing to say', async () => {
  const { plan, within } = await planned([message(0, 'words')])
  for (const which of ['new', 'old'] as const)
    assert.throws(() => settleKey({} as Desk, within, plan.key, which), { code: 'not-found' })
})
