import {
  base64OfBytes,
  type Bytes,
  bytesOfBase64,
  bytesOfHex,
  bytesOfText,
  concatBytes,
  hexOfBytes,
  isBase64,
  sameBytes,
} from '#lexicon'
import { sha256 } from './hash.ts'
import { type Person, type Signer, verifySignature } from './person.ts'
import { demand, Refused } from './refused.ts'

/** The ledger at one moment: so many entries, with this root. */
export type Checkpoint = { readonly size: number; readonly root: Bytes }

/** A checkpoint together with the signed text that proves it: kept for showing to others. */
export type SignedCheckpoint = Checkpoint & { readonly note: string }

const ED25519 = 1
const KEY_HASH = 4

export function checkpointOrigin(domain: string, deskId: string): string {
  return `${domain}/postern/${deskId.slice(0, 16)}`
}

/** `size:root` as heads carry it in `log`; `""` for the empty ledger. */
export function logMark({ size, root }: Checkpoint): string {
  return size === 0 ? '' : `${size}:${hexOfBytes(root)}`
}

export function readLogMark(mark: string): Checkpoint | undefined {
  if (mark === '') return undefined
  const [size, root] = mark.split(':')
  return { size: Number(size), root: bytesOfHex(root ?? '') }
}

/** A C2SP `tlog-checkpoint` signed note. */
export async function signCheckpoint(
  signer: Signer,
  origin: string,
  { size, root }: Checkpoint,
): Promise<string> {
  const text = `${origin}\n${size}\n${base64OfBytes(root)}\n`
  const signature = bytesOfHex(await signer.sign(bytesOfText(text)))
  const stamp = concatBytes(keyHash(origin, signer.who), signature)
  return `${text}\n\u2014 ${origin} ${base64OfBytes(stamp)}\n`
}

/** Throws `Refused` checkpoint unless the note is ours, well formed and signed by `server`. */
export async function readCheckpoint(
  note: string,
  origin: string,
  server: Person,
): Promise<SignedCheckpoint> {
  const cut = note.indexOf('\n\n')
  const text = note.slice(0, cut + 1)
  const lines = text.split('\n')
  const [name, size, root, end, ...extensions] = lines
  const form =
    name === origin &&
    size !== undefined &&
    /^(?:0|[1-9]\d{0,14})$/.test(size) &&
    root !== undefined &&
    /^[A-Za-z0-9+/]{43}=$/.test(root) &&
    isBase64(root) &&
    end === '' &&
    extensions.length === 0
  demand(form, 'checkpoint', 'This is not a checkpoint of this desk.')
  const signature = ownSignature(note.slice(cut + 2), origin, server)
  const signed = await verifySignature(server, bytesOfText(text), hexOfBytes(signature))
  demand(signed, 'checkpoint', 'The server did not sign this checkpoint.')
  return { size: Number(size), root: bytesOfBase64(root), note }
}

/** Others may cosign a note; only the server's own line counts here. */
function ownSignature(lines: string, origin: string, server: Person): Bytes {
  const prefix = `\u2014 ${origin} `
  for (const line of lines.split('\n')) {
    const encoded = line.slice(prefix.length)
    if (!line.startsWith(prefix) || !isBase64(encoded)) continue
    const stamp = bytesOfBase64(encoded)
    if (sameBytes(stamp.subarray(0, KEY_HASH), keyHash(origin, server)))
      return stamp.slice(KEY_HASH)
  }
  throw new Refused('checkpoint', 'The server did not sign this checkpoint.')
}

function keyHash(origin: string, server: Person): Bytes {
  const named = concatBytes(bytesOfText(`${origin}\n`), Uint8Array.of(ED25519), bytesOfHex(server))
  return sha256(named).slice(0, KEY_HASH)
}
