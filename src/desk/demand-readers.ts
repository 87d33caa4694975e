import { type Bytes, bytesOfHex, concatBytes } from '#lexicon'
import { demandSealedTo, type TakenBlob } from '#ledger'
import {
  type CaseFold,
  demand,
  type DirectoryState,
  memberOf,
  readSealedFront,
  type SealedFront,
  splitKeyName,
} from '#seal'
import { type Schema, sql, type Transaction } from '#store'

/**
 * What came with a statement is sealed to exactly the key that its head names, in the state after it:
 * the fold sees heads only, and a body for another key would be accepted and never read (N32).
 * Throws `Refused` grammar.
 */
export async function demandReaders(
  tx: Transaction<Schema>,
  after: CaseFold,
  state: DirectoryState,
  taken: readonly TakenBlob[],
): Promise<void> {
  for (const blob of taken) {
    if (blob.kind === 'label') continue
    const front =
      blob.kind === 'file' ? await frontOfUpload(tx, bytesOfHex(blob.upload)) : blob.front
    await demandSealedTo(front, [certificateOf(after, state, blob.to)])
  }
}

/** Of a key name or a person, as the chains know them now. */
function certificateOf(fold: CaseFold, state: DirectoryState, to: string): string {
  const cert = to.includes('/')
    ? epochCertificate(fold, state, to)
    : personCertificate(fold, state, to)
  demand(cert !== undefined, 'grammar', 'This is sealed to somebody without a key.')
  return cert
}

function epochCertificate(fold: CaseFold, state: DirectoryState, to: string): string | undefined {
  const { circle, epoch } = splitKeyName(to)
  const epochs = circle === 'desk' ? state.desk : fold.circles.get(circle)
  return epochs?.[epoch - 1]?.cert
}

function personCertificate(fold: CaseFold, state: DirectoryState, who: string): string | undefined {
  return who === fold.reporter.who ? fold.reporter.enc : memberOf(state, who)?.enc
}

/** Key packets and the first bytes behind them, put together again. */
async function frontOfUpload(tx: Transaction<Schema>, upload: Bytes): Promise<SealedFront> {
  const row = await tx
    .selectFrom('keys.packet')
    .innerJoin('blobs.piece', 'blobs.piece.upload', 'keys.packet.upload')
    .select('keys.packet.bytes as keyPackets')
    .select(sql<Bytes>`substring(blobs.piece.bytes from 1 for 16)`.as('data'))
    .where('keys.packet.upload', '=', upload)
    .where('blobs.piece.n', '=', 0)
    .executeTakeFirstOrThrow()
  return readSealedFront(concatBytes(row.keyPackets, row.data))
}
