import { type Bytes, hexOfBytes, LIMITS } from '#lexicon'
import {
  blobHashOfPieces,
  type Certificate,
  type FileEntry,
  type Piece,
  runningSha256,
  sealFile,
  sha256ByEngine,
} from '#seal'
import type { Api } from './api.ts'
import { ClientError } from './client-error.ts'

/** A file on this machine, to be sealed and sent. Each `open` reads it from the beginning. */
export type Source = {
  readonly name: string
  readonly type: string
  readonly size: number
  readonly open: () => AsyncIterable<Uint8Array>
  /** All of it at once, where that is quicker and memory allows. */
  readonly whole?: () => Promise<Bytes>
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
  const { pieces, entry } = sealSource(source, readers)
  const { upload } = await persist(deps, () =>
    deps.api.call('openUpload', { body: {} }, deps.signal),
  )
  let sent = 0
  for await (const piece of pieces) {
    await persist(deps, () => putPiece(deps, upload, piece))
    sent += piece.bytes.length
    deps.progress(source.name, Math.min(source.size, sent), source.size)
  }
  return { entry: await entry(), upload }
}

/** A file sealed as a stream, and what a message says of it, once all its pieces were taken. */
export function sealSource(
  source: Source,
  readers: readonly Certificate[],
): { readonly pieces: AsyncIterable<Piece>; readonly entry: () => Promise<FileEntry> } {
  const { size } = source
  const nonce = hexOfBytes(crypto.getRandomValues(new Uint8Array(32)))
  const { content, sha256 } =
    source.whole === undefined || size > HELD ? passing(source) : held(source.whole)
  const hashes: Uint8Array[] = []
  const sealed = async function* () {
    for await (const piece of sealFile(content, size, nonce, readers)) {
      hashes.push(piece.sha256)
      yield piece
    }
  }
  const entry = async () => ({
    blob: blobHashOfPieces(hashes),
    nonce,
    name: nameOf(source),
    type: /^[\x20-\x7e]{0,127}$/.test(source.type) ? source.type : '',
    size,
    sha256: await sha256(),
  })
  return { pieces: sealed(), entry }
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
    await pauseOf(deps, pause)
  }
}

/** A pause may be half a minute: whoever takes the file out meanwhile is not kept waiting by it. */
async function pauseOf(
  { wait, signal }: Pick<UploadDeps, 'wait' | 'signal'>,
  pause: number,
): Promise<void> {
  if (signal === undefined) return wait(pause)
  const { promise: raised, resolve: raise } = Promise.withResolvers<undefined>()
  const onAbort = () => raise(undefined)
  signal.addEventListener('abort', onAbort, { once: true })
  await Promise.race([wait(pause), raised])
  signal.removeEventListener('abort', onAbort)
}

type Content = {
  readonly content: AsyncIterable<Uint8Array>
  /** Of what went by, in hex. */
  readonly sha256: () => Promise<string>
}

/** Up to here a file is held whole, so that the engine can hash what is sealed. */
const HELD = 64 * LIMITS.piece
/** The library takes fewer turns for larger parts. */
const PART = 4 * LIMITS.piece

function held(whole: () => Promise<Bytes>): Content {
  let hash: Promise<Bytes> | undefined
  const content = async function* () {
    const bytes = await whole()
    hash = sha256ByEngine(bytes)
    for (let at = 0; at < bytes.length; at += PART) yield bytes.subarray(at, at + PART)
  }
  const sha256 = async () => hexOfBytes(await (hash ?? sha256ByEngine(new Uint8Array(0))))
  return { content: content(), sha256 }
}

function passing(source: Source): Content {
  const hash = runningSha256()
  const content = async function* () {
    for await (const chunk of source.open()) {
      hash.update(chunk)
      yield chunk
    }
  }
  return { content: content(), sha256: () => Promise.resolve(hash.hex()) }
}
