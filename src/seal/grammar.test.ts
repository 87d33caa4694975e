import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { decrypt, readMessage } from 'openpgp'
import { type Bytes, concatBytes, hexOfBytes } from '#lexicon'
import {
  encrypted,
  encryptedParts,
  literalOf,
  MARKER,
  OTHER_PROFILES,
  PADDING,
  PRIVATE,
} from '../../vectors/make/parts.ts'
import { writeBody } from './body.ts'
import { frame } from './frame.ts'
import { blobHash, sha256 } from './hash.ts'
import { PROFILE_V6 } from './openpgp-profile.ts'
import { Refused } from './refused.ts'
import { fileSlot } from './seal-file.ts'
import { readSealed } from './sealed.ts'
import { newSecretKey, type SecretKey, unsealBody, unsealFile, unsealFrame } from './unseal.ts'
import { slotOf } from './statement.ts'
import { hashOf, TRIAL_HEAD } from './trial-message.ts'

/*
 * Messages of the library's own making that are OpenPGP and not ours (N32, K13). The vectors hold the same
 * under committed keys, with the code of each; here they are made anew, and opened as bodies, files and rows.
 */

const NONCE = hashOf('5')
const CONTENT = new Uint8Array(300).fill(9)

let me: SecretKey
let other: SecretKey
before(async () => {
  ;[me, other] = await Promise.all([newSecretKey(), newSecretKey()])
})

type Attack = (whole: Bytes) => Promise<Bytes>

const ATTACKS: Readonly<Record<string, Attack>> = {
  'a hidden second recipient': (whole) => encrypted(whole, [me.cert, other.cert]),
  'a recipient without a name': (whole) => encrypted(whole, [me.cert], { wildcard: true }),
  'sealed to another': (whole) => encrypted(whole, [other.cert]),
  'a password packet': (whole) => encrypted(whole, [me.cert], { passwords: ['password'] }),
  compressed: (whole) => encrypted(whole, [me.cert], { profile: OTHER_PROFILES.compressing }),
  signed: (whole) => encrypted(whole, [me.cert], { signer: other.secret }),
  'signed by the reader': (whole) => encrypted(whole, [me.cert], { signer: me.secret }),
  'two literal packets': (whole) =>
    encryptedParts([{ literal: whole }, { literal: whole }], [me.cert]),
  'a second literal packet in front': (whole) =>
    encryptedParts([{ literal: new Uint8Array(1) }, { literal: whole }], [me.cert]),
  'an unknown packet inside': (whole) =>
    encryptedParts([{ literal: whole }, { raw: PRIVATE }], [me.cert]),
  'SEIPD version 1': (whole) => encryptedParts([{ literal: whole }], [me.cert], 'version-1'),
  'AES-128': (whole) => encryptedParts([{ literal: whole }], [me.cert], 'aes-128'),
  OCB: (whole) => encrypted(whole, [me.cert], { profile: OTHER_PROFILES.ocb }),
  'chunks of 512 KiB': (whole) =>
    encrypted(whole, [me.cert], { profile: OTHER_PROFILES.largeChunks }),
  'a file name': (whole) => encrypted(whole, [me.cert], { filename: 'a.txt' }),
  'a date': (whole) => encrypted(whole, [me.cert], { date: new Date(1e12) }),
  'a text packet': (whole) => encrypted(whole, [me.cert], { text: 'text' }),
  'a marker in front': async (whole) => concatBytes(MARKER, await encrypted(whole, [me.cert])),
  'a marker behind': async (whole) => concatBytes(await encrypted(whole, [me.cert]), MARKER),
  'padding behind': async (whole) => concatBytes(await encrypted(whole, [me.cert]), PADDING),
  'an unknown packet behind': async (whole) =>
    concatBytes(await encrypted(whole, [me.cert]), PRIVATE),
  'a second message behind': async (whole) =>
    concatBytes(await encrypted(whole, [me.cert]), await encrypted(whole, [me.cert])),
  'a plain literal packet': (whole) => Promise.resolve(literalOf(whole)),
  'no packet at all': (whole) => Promise.resolve(whole),
}

const bodyFrame = () =>
  frame(slotOf(TRIAL_HEAD), writeBody({ text: 'words', title: '', files: [] }))
const fileFrame = () => frame(fileSlot(NONCE), CONTENT)

async function openBody(blob: Bytes): Promise<unknown> {
  return unsealBody({ ...TRIAL_HEAD, body: blobHash(blob) }, blob, me, 1)
}

async function openFile(blob: Bytes): Promise<number> {
  const entry = {
    blob: blobHash(blob),
    nonce: NONCE,
    name: 'a.bin',
    type: '',
    size: CONTENT.length,
    sha256: hexOfBytes(sha256(CONTENT)),
  }
  let size = 0
  async function* pieces() {
    yield await Promise.resolve(blob)
  }
  for await (const part of unsealFile(pieces(), entry, me, 1)) size += part.length
  return size
}

async function openRow(blob: Bytes): Promise<unknown> {
  return unsealFrame(slotOf(TRIAL_HEAD), readSealed<'invitation'>(blob, 1), me)
}

test('the sound message opens as a body, as a file and as a row', async () => {
  await openBody(await encrypted(bodyFrame(), [me.cert]))
  await openRow(await encryptedParts([{ literal: bodyFrame() }], [me.cert]))
  assert.equal(await openFile(await encrypted(fileFrame(), [me.cert])), CONTENT.length)
})

for (const [name, attack] of Object.entries(ATTACKS))
  test(`${name}: refused as a body, as a file and as a row`, async () => {
    await assert.rejects(openBody(await attack(bodyFrame())), Refused, 'body')
    await assert.rejects(openRow(await attack(bodyFrame())), Refused, 'row')
    await assert.rejects(openFile(await attack(fileFrame())), Refused, 'file')
  })

test('what we refuse, the library opens: the checks are ours to make', async () => {
  const names = [
    'a hidden second recipient',
    'SEIPD version 1',
    'a marker in front',
    'padding behind',
  ]
  for (const name of names) {
    const binaryMessage = (await ATTACKS[name]?.(bodyFrame())) ?? new Uint8Array(0)
    const message = await readMessage({ binaryMessage, config: PROFILE_V6 })
    const opened: { readonly data: unknown } = await decrypt({
      message,
      decryptionKeys: me.key,
      format: 'binary',
      config: PROFILE_V6,
    })
    assert.ok(opened.data instanceof Uint8Array)
    assert.deepEqual(new Uint8Array(opened.data), bodyFrame(), name)
  }
})
