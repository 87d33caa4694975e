import { type Bytes, bytesOfHex, hexOfBytes, millisecondsOf } from '#lexicon'
import { namedBlobs } from '#ledger'
import { blobHash, blobHashOfPieces, type DeskHead, readHead } from '#seal'
import { type Logins, pieceHashes, readPiece, StoreError } from '#store'
import { ServerError } from './server-error.ts'

type Count = { blobs: number; bytes: number }
type Key = { readonly chain: Bytes; readonly hash: Bytes }

const BEGINNING: Key = { chain: new Uint8Array(0), hash: new Uint8Array(0) }

const PAGE = 200

/**
 * Reads every stored blob and compares it with the hash under which a signed head names it: key packets
 * and pieces together, wraps and labels whole. That none is missing is the business of the chains.
 */
export async function verifyBlobs(
  { identity, desk }: Logins,
  deskId: string,
  say: (step: string) => void,
): Promise<Count> {
  const count: Count = { blobs: 0, bytes: 0 }
  await demandDeskWraps(identity, deskId)
  await verifyKeys(desk, 'keys.wrap', count)
  await verifyKeys(desk, 'keys.label', count)
  let after = BEGINNING
  for (;;) {
    const page = await blobsAfter(desk, after)
    for (const blob of page) {
      await verifyPieces(desk, blob, count)
      if (count.blobs % 1000 === 0) say(`… ${count.blobs} blobs read.`)
    }
    after = page.at(-1) ?? after
    if (page.length < PAGE) return count
  }
}

/**
 * The desk's own chain names wraps only; each must be there. Those of statements that members gave back
 * after a restore were lost with the database: the ledger shows that they were signed before it and
 * accepted behind it (PROTOCOL 9).
 */
async function demandDeskWraps(db: Logins['identity'], deskId: string): Promise<void> {
  const heads = await db.selectFrom('identity.statement').select(['head', 'sig']).execute()
  const wraps = await db
    .selectFrom('keys.wrap')
    .select('hash')
    .where('chain', '=', bytesOfHex(deskId))
    .execute()
  const present = new Set(wraps.map(({ hash }) => hexOfBytes(hash)))
  const givenBack = await givenBackAfterRestore(db, deskId)
  for (const { head, sig } of heads) {
    const read: DeskHead = readHead({ head, sig: hexOfBytes(sig) }, 'desk')
    const missing = namedBlobs(read).find(({ hash }) => !present.has(hash))
    if (missing !== undefined && !givenBack(read))
      throw new ServerError(
        'refused',
        `Desk chain: statement ${read.seq} names a ${missing.kind} that is missing.`,
      )
  }
}

async function givenBackAfterRestore(
  db: Logins['identity'],
  deskId: string,
): Promise<(head: DeskHead) => boolean> {
  const entries = await db
    .selectFrom('ledger.entry')
    .select(['seq', 'head', 'of_seq', 'type'])
    .where((row) =>
      row.or([row('type', '=', 'ledger.event'), row('of_chain', '=', bytesOfHex(deskId))]),
    )
    .execute()
  const restores: { seq: number; at: number }[] = []
  const accepted = new Map<number, number>()
  for (const { seq, head, of_seq, type } of entries) {
    if (of_seq !== null) accepted.set(of_seq, seq)
    if (type !== 'ledger.event' || !head.includes('"kind":"restore"')) continue
    const { at } = JSON.parse(head) as { at: string }
    restores.push({ seq, at: millisecondsOf(at) })
  }
  return (head) => {
    const place = accepted.get(head.seq) ?? 0
    return restores.some(({ seq, at }) => seq < place && millisecondsOf(head.at) < at)
  }
}

async function verifyKeys(
  db: Logins['desk'],
  table: 'keys.wrap' | 'keys.label',
  count: Count,
): Promise<void> {
  let after = BEGINNING
  for (;;) {
    const page = await db
      .selectFrom(table)
      .select(['chain', 'seq', 'hash', 'bytes'])
      .where((row) => row(row.refTuple('chain', 'hash'), '>', row.tuple(after.chain, after.hash)))
      .orderBy('chain')
      .orderBy('hash')
      .limit(PAGE)
      .execute()
    for (const { chain, seq, hash, bytes } of page) {
      if (blobHash(bytes) !== hexOfBytes(hash)) throw damaged(chain, seq)
      count.blobs += 1
      count.bytes += bytes.length
    }
    after = page.at(-1) ?? after
    if (page.length < PAGE) return
  }
}

function blobsAfter(db: Logins['desk'], after: Key) {
  return db
    .selectFrom('blobs.blob')
    .select(['chain', 'seq', 'hash', 'pieces'])
    .where((row) => row(row.refTuple('chain', 'hash'), '>', row.tuple(after.chain, after.hash)))
    .orderBy('chain')
    .orderBy('hash')
    .limit(PAGE)
    .execute()
}

async function verifyPieces(
  db: Logins['desk'],
  blob: {
    readonly chain: Bytes
    readonly seq: number
    readonly hash: Bytes
    readonly pieces: number
  },
  count: Count,
): Promise<void> {
  const { chain, seq, hash, pieces } = blob
  try {
    const hashes = await pieceHashes(db, chain, hash)
    const whole = hashes.length === pieces && blobHashOfPieces(hashes) === hexOfBytes(hash)
    if (!whole) throw damaged(chain, seq)
    for (let n = 0; n < pieces; n++) count.bytes += (await readPiece(db, chain, hash, n)).length
    count.blobs += 1
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause
    // Destroyed on purpose: of a case that was not, the chain's own check found it missing.
    if (cause.code === 'key-unknown' || cause.code === 'blob-unknown') return
    throw damaged(chain, seq, cause)
  }
}

function damaged(chain: Bytes, seq: number, cause?: unknown): ServerError {
  const name = hexOfBytes(chain).slice(0, 16)
  return new ServerError(
    'refused',
    `Chain ${name}…: what statement ${seq} names is stored damaged.`,
    { cause },
  )
}
