import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { test } from 'node:test'
import { openPackets, readingKeyOf } from '../src/seal/unseal-packet.ts'
import { reportersOpenpgp, without } from './build-browser-openpgp.ts'

const WHOLE = readFileSync('node_modules/openpgp/dist/lightweight/openpgp.mjs', 'utf8')

registerHooks({
  resolve(name, context, next) {
    if (name !== 'openpgp') return next(name, context)
    return { url: 'postern:openpgp', format: 'module', shortCircuit: true }
  },
  load(url, context, next) {
    if (url !== 'postern:openpgp') return next(url, context)
    return { source: reportersOpenpgp(WHOLE), format: 'module', shortCircuit: true }
  },
})
const library = await import('openpgp')
const { config, createMessage, encrypt, enums, generateKey, readKey, readMessage } = library

const V6 = {
  ...config,
  v6Keys: true,
  aeadProtect: true,
  preferredAEADAlgorithm: enums.aead.gcm,
} as const

test('what stays makes keys, reads certificates and seals; our own reader opens that', async () => {
  const { privateKey } = await generateKey({
    type: 'curve25519',
    userIDs: [{ name: 'postern' }],
    format: 'object',
    config: V6,
  })
  const encryptionKeys = await readKey({ binaryKey: privateKey.toPublic().write(), config: V6 })
  await encryptionKeys.verifyPrimaryKey(undefined, undefined, V6)
  const binary = new Uint8Array(100_000).fill(7)
  const message = await createMessage({ binary, date: new Date(0) })
  const sealed: unknown = await encrypt({ message, encryptionKeys, format: 'binary', config: V6 })
  assert.ok(sealed instanceof Uint8Array)
  const parts: Uint8Array[] = []
  const packets = [new Uint8Array(sealed)].values()
  const source = { next: () => Promise.resolve(packets.next()) }
  for await (const part of openPackets(source, await readingKeyOf(privateKey))) parts.push(part)
  assert.deepEqual(new Uint8Array(Buffer.concat(parts)), binary)
  const byLibrary = async () => readMessage({ binaryMessage: new Uint8Array(sealed), config: V6 })
  await assert.rejects(byLibrary, /is not part of this page/)
})

test('what is left out refuses, and says what it is', async () => {
  const rsa = generateKey({ type: 'rsa', userIDs: [{ name: 'x' }], config })
  await assert.rejects(rsa, /is not part of this page/)
  const message = await createMessage({ binary: Uint8Array.of(1) })
  const byPassword = encrypt({ message, passwords: ['x'], config: V6 })
  await assert.rejects(byPassword, /is not part of this page/)
})

test('a part that is not there once, by its name, stops the build', () => {
  assert.throws(() => without(WHOLE, 'noSuchPart'), /has 0 parts called noSuchPart/)
  const twice = 'function one() {\n}\nfunction one() {\n}\n'
  assert.throws(() => without(twice, 'one'), /has 2 parts called one/)
})

test('of a class one method may go, and it is the one of that class', () => {
  const source = ['one', 'two']
    .map(
      (name) =>
        `class ${name} {\n    async seal(a = {}) {\n        ${name}()\n    }\n    open() {\n    }\n}`,
    )
    .join('\n')
  const left = without(source, 'two.seal')
  assert.match(left, /class one \{\n {4}async seal\(a = \{\}\) \{\n {8}one\(\)/)
  assert.match(left, /class two \{\n {4}seal\(\) \{ throw .*two\.seal.*\n {4}open\(\)/)
  assert.throws(() => without(source, 'two.none'), /has 0 parts called two\.none/)
})

test('only the part itself is replaced, and a kind of packet keeps its number', () => {
  const source = [
    'const a = 1;',
    'class Two extends One {',
    '    static get tag() {',
    '        return 2;',
    '    }',
    '    read() {',
    '    }',
    '}',
    'const b = 2;',
  ].join('\n')
  const left = without(source, 'Two')
  assert.match(left, /^const a = 1;\nclass Two \{\n {4}static get tag\(\)[^]*\nconst b = 2;$/)
  assert.doesNotMatch(left, /read\(\)/)
})
