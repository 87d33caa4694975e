import { bytesOfHex, hexOfBytes, millisecondsOf, titleOf } from '#lexicon'
import {
  assertFreshDirectory,
  checkpointOrigin,
  foldCase,
  foldDesk,
  frameSize,
  isFresh,
  leafHash,
  padme,
  readCertificate,
  readCheckpoint,
  type Statement,
  verifyConsistency,
  verifyInclusion,
} from '#seal'
import { shownTime } from '#client'
import { CheckFailed } from './check-failed.ts'

type CheckpointVector = {
  readonly format: 'checkpoint'
  readonly domain: string
  readonly desk: string
  readonly server: string
  readonly note: string
  readonly size?: number
  readonly root?: string
}

type TreeVector = { readonly format: 'tree'; readonly proof: readonly string[] } & (
  | {
      readonly proves: 'inclusion'
      /** The id of the entry; its leaf is SHA-256(00 ‖ id). */
      readonly id: string
      readonly index: number
      readonly size: number
      readonly root: string
    }
  | {
      readonly proves: 'consistency'
      readonly old_size: number
      readonly old_root: string
      readonly size: number
      readonly root: string
    }
)

type ClockVector = { readonly format: 'clock'; readonly at: string; readonly accepted_at: string }

type SealingVector = { readonly format: 'sealing' } & (
  | {
      readonly before: 'directory'
      readonly desk: string
      readonly desk_chain: readonly Statement[]
      readonly now: string
    }
  | {
      readonly before: 'circle'
      readonly desk: string
      readonly case: string
      readonly desk_chain: readonly Statement[]
      readonly statements: readonly Statement[]
      readonly to: string
      readonly now: string
    }
  | { readonly before: 'certificate'; readonly cert: string }
)

type TitleVector = { readonly format: 'title'; readonly text: string; readonly title: string }

type PadmeVector = {
  readonly format: 'padme'
  /** Bytes of payload, and of the whole frame around it. */
  readonly payload: number
  readonly frame: number
}

export type SmallVector =
  CheckpointVector | TreeVector | ClockVector | SealingVector | TitleVector | PadmeVector

export function judgeSmall(vector: SmallVector): Promise<void> {
  switch (vector.format) {
    case 'checkpoint':
      return judgeCheckpoint(vector)
    case 'tree':
      return judgeTree(vector)
    case 'clock':
      return judgeClock(vector)
    case 'sealing':
      return judgeSealing(vector)
    case 'title':
      return judgeTitle(vector)
    case 'padme':
      return judgePadme(vector)
  }
}

async function judgeCheckpoint(vector: CheckpointVector): Promise<void> {
  const origin = checkpointOrigin(vector.domain, vector.desk)
  const { size, root } = await readCheckpoint(vector.note, origin, vector.server)
  const other = size !== vector.size || hexOfBytes(root) !== vector.root
  if (other) throw new CheckFailed('other', `${size} ${hexOfBytes(root)}`)
}

async function judgeTree(vector: TreeVector): Promise<void> {
  const proof = vector.proof.map(bytesOfHex)
  const root = bytesOfHex(vector.root)
  if (vector.proves === 'inclusion') {
    const leaf = leafHash(bytesOfHex(vector.id))
    if (!verifyInclusion(leaf, vector.index, vector.size, proof, root))
      throw new CheckFailed('H2', 'not included')
    return
  }
  const { old_size, old_root, size } = vector
  if (!verifyConsistency(old_size, size, bytesOfHex(old_root), root, proof))
    throw new CheckFailed('H3', 'not consistent')
}

/** F9: the author's time is shown only where it does not run ahead of the ledger's. */
async function judgeClock({ at, accepted_at }: ClockVector): Promise<void> {
  if (shownTime(at, accepted_at) !== at) throw new CheckFailed('F9', 'ahead')
}

async function judgeSealing(vector: SealingVector): Promise<void> {
  if (vector.before === 'certificate') {
    await readCertificate(vector.cert)
    return
  }
  const directory = await foldDesk(vector.desk_chain, vector.desk)
  if (vector.before === 'directory')
    return assertFreshDirectory(directory, millisecondsOf(vector.now))
  const never = () => Promise.resolve(false)
  const fold = await foldCase(vector.statements, vector.case, directory, never)
  if (!isFresh(fold, vector.to, directory.now, vector.now)) throw new CheckFailed('F7', 'stale')
}

async function judgeTitle({ text, title }: TitleVector): Promise<void> {
  if (titleOf(text) !== title) throw new CheckFailed('title', titleOf(text))
}

async function judgePadme({ payload, frame }: PadmeVector): Promise<void> {
  if (frameSize(payload) !== frame || padme(frame) !== frame)
    throw new CheckFailed('frame', String(frameSize(payload)))
}
