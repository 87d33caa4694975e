import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Bytes, bytesOfBase64, DAY, millisecondsOf } from '#lexicon'
import { type FileEntry, readBody } from './body.ts'
import { foldCase } from './case-fold.ts'
import { readCertificate } from './certificate.ts'
import { readCheckpoint } from './checkpoint.ts'
import { readCode } from './code.ts'
import { parseCanonical } from './canonical.ts'
import { foldDesk } from './desk-fold.ts'
import { frame, unframe } from './frame.ts'
import { assertFreshDirectory } from './fresh-directory.ts'
import { readClaimOffer } from './claim.ts'
import { readInvitation } from './invitation.ts'
import { readLabel } from './label.ts'
import { verifyReceipt } from './receipt.ts'
import { Refused, type RefusedCode } from './refused.ts'
import { readSealed } from './sealed.ts'
import { readHead, type Statement, statementId } from './statement.ts'
import {
  clearSign,
  newMailKey,
  readSecretKey,
  unsealBody,
  unsealFile,
  unwrapKey,
} from './unseal.ts'
import { readVault } from './vault.ts'

/** A way to each code that this room throws; the room that throws it, for the others. */
const WAYS: Readonly<Record<RefusedCode, (() => unknown) | 'elsewhere'>> = {
  F1: () => parseCanonical('{ }'),
  F2: () => foldDesk([], 'ab'.repeat(32)),
  F3: () => foldVector('case-conversation-signature-altered'),
  F4: () => foldVector('case-newer-dir-unknown'),
  F5: () => foldVector('case-ack-by-a-maintainer'),
  F6: () => foldVector('case-revoked-unproved'),
  F7: () => foldVector('case-message-in-the-newest-epoch-or-an-older-one'),
  F8: () => foldVector('desk-late-approval-of-an-admission-by-root'),
  F9: 'elsewhere',
  H1: 'elsewhere',
  H2: 'elsewhere',
  H3: 'elsewhere',
  pin: 'elsewhere',
  'stale-directory': async () => {
    const { pin, statements } = vector('chain/accept/desk-small') as ChainVector
    const directory = await foldDesk(statements, pin.desk)
    assertFreshDirectory(directory, millisecondsOf(directory.now.at) + 30 * DAY)
  },
  changed: 'elsewhere',
  cert: () => readCertificate('AAAA'),
  grammar: () => readSealed(Uint8Array.of(1), 1),
  decrypt: () => openBodyVector('message-altered-in-its-data'),
  slot: () => unframe(new Uint8Array(32).fill(1), frame(new Uint8Array(32), new Uint8Array(1))),
  frame: () => unframe(new Uint8Array(32), new Uint8Array(513)),
  body: () => readBody(Uint8Array.of(10), []),
  file: () => openFileVector('of-another-size'),
  wrap: () => openWrapVector('of-another-epoch-key'),
  me: () => openWrapVector('for-another'),
  label: () => readLabel(new Uint8Array(284), 'ab'.repeat(32)),
  vault: () => readVault('{}'),
  code: () => readCode('one two three'),
  derive: 'elsewhere',
  of: () => readReceiptVector('of-another-statement'),
  by: () => readReceiptVector('by-another'),
  checkpoint: () =>
    readCheckpoint('', 'security.example.org/postern/abababababababab', 'ab'.repeat(32)),
  claim: () => {
    const place = { desk: 'ab'.repeat(32), caseId: 'cd'.repeat(32) }
    return readClaimOffer('{}', place, 'ab'.repeat(16), [])
  },
  'clear-sign': async () => clearSign('no end', await newMailKey(), 0),
  invitation: () => readInvitation('{}', { desk: 'ab'.repeat(32), lookup: 'ab'.repeat(16) }, []),
}

for (const [code, way] of Object.entries(WAYS))
  if (way !== 'elsewhere')
    test(`${code}: refused with this code, in one sentence that says no secret`, async () => {
      await assert.rejects(
        async () => {
          await way()
        },
        (error) => {
          assert.ok(error instanceof Refused, String(error))
          assert.equal(error.code, code)
          assert.match(error.message, /^[\p{Lu}“\p{Ll}/0-9].*[.]$/u)
          assert.doesNotMatch(error.message, /[0-9a-f]{32}|\n/)
          return true
        },
      )
    })

test('every code that this room throws has a way to it above, and no other has', () => {
  const room = new URL('.', import.meta.url).pathname
  const sources = globSync('*.ts', { cwd: room })
    .filter((file) => !file.endsWith('.test.ts') && file !== 'refused.ts')
    .map((file) => readFileSync(`${room}${file}`, 'utf8'))
  const thrown = new Set<string>()
  for (const source of sources)
    for (const [, code = ''] of source.matchAll(THROWS)) thrown.add(code)
  const here = Object.entries(WAYS).filter(([, way]) => way !== 'elsewhere')
  assert.deepEqual(
    [...thrown].filter((code) => code in WAYS).toSorted(),
    here.map(([code]) => code).toSorted(),
  )
})

/** A code as the first argument of `Refused`, or as a later one of `demand` and of what passes it on. */
const THROWS = /(?:Refused\(|,)\s*'([a-zA-Z0-9-]+)'/g

type ChainVector = {
  readonly pin: { readonly desk: string; readonly chain: string }
  readonly desk_chain?: readonly Statement[]
  readonly statements: readonly Statement[]
}

function vector(name: string): unknown {
  const file = new URL(`../../vectors/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8'))
}

async function foldVector(name: string): Promise<unknown> {
  const { pin, desk_chain, statements } = vector(`chain/reject/${name}`) as ChainVector
  if (desk_chain === undefined) return foldDesk(statements, pin.desk)
  const directory = await foldDesk(desk_chain, pin.desk)
  return foldCase(statements, pin.chain, directory, () => Promise.resolve(false))
}

async function openBodyVector(name: string): Promise<unknown> {
  type BodyVector = { statement: Statement; secret_key: string; recipients: number; blob: string }
  const { statement, secret_key, recipients, blob } = vector(`body/reject/${name}`) as BodyVector
  const head = readHead(statement, 'case')
  assert.ok('body' in head)
  const key = await readSecretKey(bytesOfBase64(secret_key))
  return unsealBody(head, bytesOfBase64(blob), key, recipients)
}

async function openFileVector(name: string): Promise<void> {
  type FileVector = { entry: FileEntry; secret_key: string; blob: string }
  const { entry, secret_key, blob } = vector(`file/reject/${name}`) as FileVector
  const key = await readSecretKey(bytesOfBase64(secret_key))
  async function* pieces(): AsyncGenerator<Bytes> {
    yield await Promise.resolve(bytesOfBase64(blob))
  }
  for await (const part of unsealFile(pieces(), entry, key, 1)) assert.ok(part.length > 0)
}

async function openWrapVector(name: string): Promise<unknown> {
  type WrapVector = {
    statement: Statement
    index: number
    me: string
    my_secret_key: string
    blob: string
  }
  const { statement, index, me, my_secret_key, blob } = vector(`wrap/reject/${name}`) as WrapVector
  const head = readHead(statement, 'case')
  assert.ok(head.type === 'case.key')
  const wrap = head.wraps[index]
  assert.ok(wrap !== undefined)
  const key = await readSecretKey(bytesOfBase64(my_secret_key))
  return unwrapKey(head, wrap, bytesOfBase64(blob), { reader: me, key }, head.cert)
}

function readReceiptVector(name: string): Promise<unknown> {
  type ReceiptVector = { desk: string; server: string; case_open: Statement; receipt: Statement }
  const { desk, server, case_open, receipt } = vector(`receipt/reject/${name}`) as ReceiptVector
  const id = statementId(case_open.head)
  return verifyReceipt(receipt, server, { desk, chain: id, id, seq: 0 })
}
