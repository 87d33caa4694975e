import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { decryptSessionKeys, readMessage } from 'openpgp'
import { type Bytes, bytesOfBase64, concatBytes, hexOfBytes } from '#lexicon'
import {
  closeVault,
  labelKey,
  newCode,
  readCertificate,
  readSealedFront,
  receiptKeys,
  sealBody,
  sealFile,
  sealLabel,
  wrapKey,
} from '#seal'
import { newMailKey, newSecretKey, readSecretKey, type SecretKey } from '#unseal'

/*
 * R36. The same thing, for the same people, in the same place, many times over: each time another session
 * key and another salt, from which the nonces are derived (RFC 9580 5.13.2), or another nonce.
 */

const TIMES = 60
const SLOT = new Uint8Array(32).fill(7)
const DESK = 'ab'.repeat(32)
const NONCE = '5'.repeat(64)
const BODY = { text: 'The same text.', title: '', files: [] }
/** An encrypted packet, as the new format writes it. */
const DATA = 0xd2
const RECEIPT = receiptKeys(newCode(), DESK)

let reader: SecretKey
let mail: SecretKey

before(async () => {
  ;[reader, mail] = await Promise.all([newSecretKey(), newMailKey('Example Foundation')])
})

test('bodies, wraps and files: no session key and no salt comes again', async () => {
  const certificate = await readCertificate(reader.cert)
  const keys: string[] = []
  const salts: string[] = []
  for (let n = 0; n < TIMES; n++)
    for (const blob of [
      await sealBody(SLOT, BODY, [certificate]),
      await wrapKey(SLOT, reader.secret, certificate),
      await fileOf(reader),
    ]) {
      keys.push(...(await sessionKeysOf(blob, reader)))
      salts.push(saltOf(blob))
    }
  assert.equal(keys.length, 3 * TIMES)
  demandAllDifferent([...keys, ...salts])
})

test('to a key of version 4 either: its session keys are as fresh', async () => {
  const certificate = await readCertificate(mail.cert)
  const keys: string[] = []
  for (let n = 0; n < TIMES; n++)
    keys.push(...(await sessionKeysOf(await sealBody(SLOT, BODY, [certificate]), mail)))
  assert.equal(keys.length, TIMES)
  demandAllDifferent(keys)
})

test('labels under one key, and every box of a vault: no nonce comes again', async () => {
  const key = labelKey(reader.secret, DESK)
  const nonces: string[] = []
  for (let n = 0; n < TIMES; n++) {
    nonces.push(hexOfBytes((await sealLabel(key, SLOT, 'The same title')).slice(0, 12)))
    nonces.push(...(await vaultNonces()))
  }
  demandAllDifferent(nonces)
})

test('what is compared here would show a key that comes again', async () => {
  const blob = await sealBody(SLOT, BODY, [await readCertificate(reader.cert)])
  const twice = [...(await sessionKeysOf(blob, reader)), ...(await sessionKeysOf(blob, reader))]
  assert.throws(() => demandAllDifferent(twice))
  assert.throws(() => demandAllDifferent([saltOf(blob), saltOf(blob)]))
  assert.notEqual(saltOf(blob), '0'.repeat(64))
})

function demandAllDifferent(values: readonly string[]): void {
  assert.ok(values.every((value) => value.length >= 24))
  assert.equal(new Set(values).size, values.length)
}

async function fileOf({ cert }: SecretKey): Promise<Bytes> {
  const content = new Uint8Array(1000).fill(9)
  async function* source() {
    yield await Promise.resolve(content)
  }
  const pieces: Bytes[] = []
  for await (const piece of sealFile(source(), content.length, NONCE, [
    await readCertificate(cert),
  ]))
    pieces.push(piece.bytes)
  return concatBytes(...pieces)
}

async function sessionKeysOf(blob: Bytes, { secret }: SecretKey): Promise<string[]> {
  const message = await readMessage({ binaryMessage: blob })
  const { key } = await readSecretKey(secret)
  const found = await decryptSessionKeys({ message, decryptionKeys: key })
  return found.map(({ data }) => hexOfBytes(new Uint8Array(data)))
}

/** Of SEIPD version 2: after the header come version, cipher, mode and chunk size, then 32 bytes of salt. */
function saltOf(blob: Bytes): string {
  const { data } = readSealedFront(blob)
  assert.equal(blob[data], DATA)
  const first = blob[data + 1] ?? 0
  const body = data + 2 + (first < 192 || (first >= 224 && first < 255) ? 0 : first < 224 ? 1 : 4)
  assert.deepEqual([...blob.subarray(body, body + 3)], [2, 9, 3])
  return hexOfBytes(blob.slice(body + 4, body + 36))
}

/** The nonces of all its boxes, as they stand in front of each. */
async function vaultNonces(): Promise<string[]> {
  const { lookup, wrap } = RECEIPT
  const bundle = { sign: new Uint8Array(32).fill(5), pgp: reader.secret, root: undefined }
  const way = { kind: 'receipt', id: lookup, key: wrap } as const
  const vault = await closeVault(DESK, 'ab'.repeat(32), bundle, [way])
  const boxes = [vault.bundle, ...vault.keys.map(({ box }) => box)]
  return boxes.map((box) => hexOfBytes(bytesOfBase64(box).slice(0, 12)))
}
