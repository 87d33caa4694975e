import { hexOfBytes } from '#lexicon'
import {
  blobHashOfPieces,
  type Certificate,
  type FileEntry,
  type Piece,
  runningSha256,
  sealFile,
} from '#seal'
import type { Api } from './api.ts'
import { ClientError } from './client-error.ts'

/** A file on this machine, to be sealed and sent. Each `open` reads it from the beginning. */
export type Source = {
  readonly name: string
  readonly type: string
  readonly size: number
  readonly open: () => AsyncIterable<Uint8Array>
}

export type Progress = (file: string, sent: number, size: number) => void

/** A sealed file at the desk, waiting for the statement that names it. */
export type Sent = { readonly entry: FileEntry; readonly upload: string }

export type UploadDeps = {
  readonly api: Api
  readonly wait: (milliseconds: number) => Promise<void>
  readonly progress: Progress
}

/** How long a cut connection may last: with doubling pauses about a minute. */
const TRIES = 9
const FIRST_PAUSE = 250

/**
 * Seals a file as a stream and sends it piece by piece. A piece is sent again after a cut until the
 * desk has it; the desk keeps each piece once. Nothing is listed until a statement names the file.
 */
export async function sendFile(
  deps: UploadDeps,
  source: Source,
  readers: readonly Certificate[],
): Promise<Sent> {
  const nonce = hexOfBytes(crypto.getRandomValues(new Uint8Array(32)))
  const content = runningSha256()
  const { upload } = await persist(deps, () => deps.api.call('openUpload', { body: {} }))
  const hashes: Uint8Array[] = []
  for await (const piece of sealFile(hashed(source, content), source.size, nonce, readers)) {
    await persist(deps, () => putPiece(deps.api, upload, piece))
    hashes.push(piece.sha256)
    deps.progress(source.name, Math.min(source.size, hashes.length * 2 ** 20), source.size)
  }
  const entry = {
    blob: blobHashOfPieces(hashes),
    nonce,
    name: source.name,
    type: source.type,
    size: source.size,
    sha256: content.hex(),
  }
  return { entry, upload }
}

async function putPiece(api: Api, upload: string, piece: Piece): Promise<void> {
  const params = { upload, n: piece.n }
  const { sha256 } = await api.call('putPiece', { params, body: piece.bytes })
  if (sha256 !== hexOfBytes(piece.sha256))
    throw new ClientError('unavailable', 'A piece arrived damaged; it is sent again.')
}

/** Repeats while nobody answers or the desk asks to wait; any other answer is final. */
export async function persist<T>(
  deps: Pick<UploadDeps, 'wait'>,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let pause = FIRST_PAUSE, left = TRIES; ; pause *= 2, left--) {
    try {
      return await attempt()
    } catch (error) {
      const passing =
        error instanceof ClientError &&
        (error.code === 'unreachable' || error.code === 'unavailable' || error.code === 'journaled')
      if (!passing || left <= 1) throw error
    }
    await deps.wait(pause)
  }
}

async function* hashed(
  source: Source,
  content: ReturnType<typeof runningSha256>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source.open()) {
    content.update(chunk)
    yield chunk
  }
}
