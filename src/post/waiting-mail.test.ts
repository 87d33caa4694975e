import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Bytes, bytesOfText } from '#lexicon'
import { postKeysOf } from './post-keys.ts'
import { openWaitingMail, sealWaitingMail } from './waiting-mail.ts'

const { waiting: key } = postKeysOf(new Uint8Array(32).fill(1))
const place = { kind: 'receipt', about: new Uint8Array(32).fill(2) }
const decrypt = { name: 'Refused', code: 'decrypt' }

const bytes = fc.uint8Array({ maxLength: 300 }).map((some): Bytes => new Uint8Array(some))
const text = fc.string({ maxLength: 40 })
const anyMail = fc.record({ from: text, to: text, raw: bytes }, { noNullPrototype: true })

test('what was sealed comes back byte for byte, and only at its place and with its key', async () => {
  await fc.assert(
    fc.asyncProperty(anyMail, async (mail) => {
      const sealed = await sealWaitingMail(key, place, mail)
      assert.deepEqual(await openWaitingMail(key, place, sealed), mail)
      const other = { ...place, about: new Uint8Array(32).fill(3) }
      await assert.rejects(openWaitingMail(key, other, sealed), decrypt)
      await assert.rejects(openWaitingMail(key, { ...place, kind: 'notice' }, sealed), decrypt)
      const foreign = postKeysOf(new Uint8Array(32).fill(4)).waiting
      await assert.rejects(openWaitingMail(foreign, place, sealed), decrypt)
    }),
    { numRuns: 50 },
  )
})

test('every changed or missing byte is refused, and two seals of one mail differ', async () => {
  const mail = { from: '', to: 'volunteer@example.org', raw: bytesOfText('Subject: 1\r\n\r\n') }
  const sealed = await sealWaitingMail(key, place, mail)
  for (const at of sealed.keys()) {
    const changed = sealed.slice()
    changed[at] = (changed[at] ?? 0) ^ 1
    await assert.rejects(openWaitingMail(key, place, changed), decrypt)
    await assert.rejects(openWaitingMail(key, place, sealed.slice(0, at)), decrypt)
  }
  assert.notDeepEqual(await sealWaitingMail(key, place, mail), sealed)
})
