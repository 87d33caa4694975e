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

/** Bytes of the file that the desk has, of how many. */
export type Progress = (file: string, sent: number, size: number) => void

/** A sealed file at the desk, waiting for the statement that names it. */
export type Sent = { readonly entry: FileEntry; readonly upload: string }

export type UploadDeps = {
  readonly api: Api
  readonly wait: (milliseconds: number) => Promise<void>
  readonly progress: Progress
  /** Ends the upload: what was sent so far is named by nobody, and the desk sweeps it after a day. */
  readonly signal?: AbortSignal | undefined
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
  let sent = 0
  for await (const piece of sealFile(hashed(source, content), source.size, nonce, readers)) {
    await persist(deps, () => putPiece(deps, upload, piece))
    hashes.push(piece.sha256)
    sent += piece.bytes.length
    deps.progress(source.name, Math.min(source.size, sent), source.size)
  }
  const entry = {
    blob: blobHashOfPieces(hashes),
    nonce,
    name: nameOf(source),
    type: /^[\x20-\x7e]{0,127}$/.test(source.type) ? source.type : '',
    size: source.size,
    sha256: content.hex(),
  }
  return { entry, upload }
}

/**
 * As the body takes it: one line of at most 255. A disk allows line ends in names, and a report must not
 * fail for one; the end stays, for it says what a file is.
 */
function nameOf({ name }: Source): string {
  const line = name.toWellFormed().replace(/\p{Cc}/gu, '_')
  if (line === '') return 'attachment'
  return line.length <= 255 ? line : `${line.slice(0, 200)}_${line.slice(-50)}`.toWellFormed()
}

async function putPiece(
  { api, signal }: Pick<UploadDeps, 'api' | 'signal'>,
  upload: string,
  piece: Piece,
): Promise<void> {
  const params = { upload, n: piece.n }
  const { sha256 } = await api.call('putPiece', { params, body: piece.bytes }, signal)
  if (sha256 !== hexOfBytes(piece.sha256))
    throw new ClientError('unavailable', 'A piece arrived damaged; it is sent again.')
}

/**
 * Repeats while nobody answers or the desk asks to wait; any other answer is final. Rejects with the
 * reason of the signal as soon as that is raised.
 */
export async function persist<T>(
  deps: Pick<UploadDeps, 'wait' | 'signal'>,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let pause = FIRST_PAUSE, left = TRIES; ; pause *= 2, left--) {
    deps.signal?.throwIfAborted()
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
