import { type Bytes, bytesOfHex, hexOfBytes } from '#lexicon'
import { blobHashOfPieces, type FileEntry, readSealedFront, Refused, sha256 } from '#seal'
import { type Opened, unsealFile } from '#unseal'
import type { CaseView } from './case-view.ts'
import type { DeskView } from './desk-view.ts'
import type { Keyring } from './keyring.ts'
import { isOwnReport, type Message, recipientsOf } from './message.ts'
import type { Self } from './self.ts'

/**
 * The content of an attachment, as a stream. The list of piece hashes is checked against the signed
 * head, each piece against the list, the content when it ends: whoever saves it keeps the file only
 * when the stream ended (N11). Throws `Refused`.
 */
export async function* fetchFile(
  view: DeskView,
  within: CaseView,
  self: Self,
  keyring: Keyring,
  message: Message,
  entry: FileEntry,
): AsyncGenerator<Opened<Bytes>> {
  const head = within.fold.statements.get(message.id)
  const key = isOwnReport(head, self) ? self.key : await keyring.keyOf(message.to, within)
  const recipients = recipientsOf(head)
  yield* unsealFile(fetchPieces(view, within.id, entry.blob, recipients), entry, key)
}

async function* fetchPieces(
  view: DeskView,
  id: string,
  blob: string,
  recipients: number,
): AsyncGenerator<Uint8Array> {
  const { pieces } = await view.api.call('readFile', { params: { id, blob } })
  const named = pieces.length > 0 && blobHashOfPieces(pieces.map(bytesOfHex)) === blob
  if (!named) throw new Refused('file', 'The desk lists other pieces than the message names.')
  for (const [n, expected] of pieces.entries()) {
    const piece = await view.api.call('readPiece', { params: { id, blob, n } })
    if (hexOfBytes(sha256(piece)) !== expected)
      throw new Refused('file', `Piece ${n} of this file is not the one that was sealed.`)
    // No hidden reader among the key packets (N32).
    if (n === 0 && readSealedFront(piece).recipients !== recipients)
      throw new Refused(
        'grammar',
        'This file is sealed to another number of readers than it must be.',
      )
    yield piece
  }
}
