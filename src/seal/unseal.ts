import { LiteralDataPacket, readMessage, SecretKeyPacket } from 'openpgp'
import {
  type Bytes,
  bytesOfBase64,
  bytesOfHex,
  concatBytes,
  sameBytes,
  textOfBytes,
} from '#lexicon'
import { type Body, type FileEntry, readBody } from './body.ts'
import { type BoxKey, importBoxKey, openBox } from './box.ts'
import { parseCanonical } from './canonical.ts'
import { followPieces } from './followed-pieces.ts'
import { emptyOr, exactly, matching, text } from './form.ts'
import { FRAME_HEAD, frameSize, isZero, readFrameHead, unframe } from './frame.ts'
import { blobHash, blobHashByEngine, runningSha256 } from './hash.ts'
import { LABEL_TEXT } from './label.ts'
import { type MailBody, readMail } from './mail-body.ts'
import { openPackets, readingKeyOf } from './unseal-packet.ts'
import { PROFILE_V4 } from './openpgp-profile.ts'
import { signerOfSeed } from './person.ts'
import { demand, Refused, type RefusedCode } from './refused.ts'
import { chunksOf, fileSlot, streamOf } from './seal-file.ts'
import {
  type Opened,
  readSealed,
  readSealedFront,
  type Sealed,
  type SealedFront,
} from './sealed.ts'
import { readSecretKey, type SecretKey } from './secret-keys.ts'
import { slotByEngine, slotOf } from './statement.ts'
import type { AnyHead, Wrap } from './statement-forms.ts'
import {
  type Bundle,
  type Vault,
  vaultAad,
  type VaultKey,
  type VaultKind,
  withKey,
  withoutKey,
} from './vault.ts'

/*
 * [Note: the one door that opens]
 * Everything that turns ciphertext into content is in this file, or behind it in unseal-pgp.ts and
 * unseal-packet.ts, and only there may a value become `Opened`. The server's process never loads them: the wall check follows imports
 * from every entry.
 * Each function verifies first and returns only what passed; none returns content with a warning.
 */

export { type Opened } from './sealed.ts'
export { clearSign, keyEnds } from './clear-sign.ts'
export { type OpenedPgp, unsealPgp } from './unseal-pgp.ts'
export { newMailKey, newSecretKey, readSecretKey, type SecretKey } from './secret-keys.ts'

type HeadOfBody = AnyHead & { readonly body: string; readonly files?: readonly string[] }

/** The body of an accepted statement. Throws `Refused` grammar, decrypt, slot, frame or body. */
export async function unsealBody(
  head: HeadOfBody,
  blob: Bytes,
  key: SecretKey,
  recipients: number,
): Promise<Opened<Body>> {
  const payload = await payloadOf(head, blob, key, recipients)
  return readBody(payload, head.files ?? []) as Opened<Body>
}

/** The same for what came by mail: sealed by the letterbox to one key. What is in it was only carried, and may be anything. */
export async function unsealMail(
  head: HeadOfBody,
  blob: Bytes,
  key: SecretKey,
): Promise<Opened<MailBody>> {
  return readMail(await payloadOf(head, blob, key, 1)) as Opened<MailBody>
}

async function payloadOf(
  head: HeadOfBody,
  blob: Bytes,
  key: SecretKey,
  recipients: number,
): Promise<Bytes> {
  const named = (await blobHashByEngine(blob)) === head.body
  demand(named, 'body', 'These are not the bytes that the head names.')
  return openFrame(await slotByEngine(head), readSealed<'body'>(blob, recipients), key)
}

/**
 * The secret key of an epoch, from a wrap that an accepted statement names for me. The key inside must
 * be the key of that epoch byte for byte (K7, K9). Throws `Refused` wrap, me, grammar, decrypt, slot or frame.
 */
export async function unwrapKey(
  head: AnyHead & { readonly wraps: readonly Wrap[] },
  wrap: Wrap,
  blob: Bytes,
  me: { readonly reader: string; readonly key: SecretKey },
  epochCert: string,
): Promise<Opened<SecretKey>> {
  demand(wrap.to === me.reader, 'me', 'This wrap is for somebody else.')
  demand(head.wraps.includes(wrap), 'wrap', 'No accepted statement names this wrap.')
  demand(blobHash(blob) === wrap.blob, 'wrap', 'These are not the bytes that the head names.')
  const secret = await openFrame(slotOf(head), readSealed<'wrap'>(blob, 1), me.key)
  const key = await secretKeyInside(secret, 'wrap')
  demand(key.cert === epochCert, 'wrap', 'The key in this wrap is not the key of the epoch.')
  return key as Opened<SecretKey>
}

/** A payload in a frame, sealed to one key apart from any chain (invitations). */
export async function unsealFrame(
  slot: Bytes,
  blob: Sealed<'invitation'>,
  key: SecretKey,
): Promise<Opened<Bytes>> {
  return (await openFrame(slot, blob, key)) as Opened<Bytes>
}

/** The key of the labels of one epoch, imported once: a queue opens thousands. */
export function importLabelKey(key: Bytes): Promise<BoxKey> {
  return importBoxKey(key)
}

/** A title from the queue: opened, it proves that a holder of the desk key wrote it for this case and place. */
export async function openLabel(
  key: Bytes | BoxKey,
  slot: Bytes,
  label: Sealed<'label'>,
): Promise<Opened<{ readonly title: string }>> {
  const padded = await openBox(key, slot, label, 'label')
  const end = padded.indexOf(0)
  const sound = padded.length === LABEL_TEXT && end >= 0 && isZero(padded.subarray(end))
  demand(sound, 'label', 'This label is not padded as it must be.')
  return { title: textOf(padded.slice(0, end), 'label') } as Opened<{ readonly title: string }>
}

/**
 * An attachment as a stream. `pieces` were checked against the hash list, and that list against the
 * head, before they come here. The content may be used only when the stream ended without an error:
 * size, padding and the author's SHA-256 are known at the end (N11). `recipients` is how many readers
 * the head names: whoever has the head says it.
 * Throws `Refused` grammar, decrypt, slot, frame or file.
 */
export async function* unsealFile(
  pieces: AsyncIterable<Uint8Array>,
  entry: FileEntry,
  key: SecretKey,
  recipients?: number,
): AsyncGenerator<Opened<Bytes>> {
  const hash = runningSha256()
  let head: Bytes = new Uint8Array(0)
  const whole = frameSize(entry.size)
  let given = 0
  let seen = 0
  const followed = followPieces(pieces[Symbol.asyncIterator](), (front) => {
    demandSealedTo(front, key)
    const named = recipients === undefined || front.recipients === recipients
    demand(named, 'grammar', 'This is sealed to another number of readers than its head names.')
  })
  for await (const data of openLiteral(followed, key)) {
    seen += data.length
    let chunk = new Uint8Array(data)
    if (head.length < FRAME_HEAD) {
      const missing = FRAME_HEAD - head.length
      head = concatBytes(head, chunk.subarray(0, missing))
      chunk = chunk.slice(missing)
      if (head.length < FRAME_HEAD) continue
      const length = readFrameHead(head, fileSlot(entry.nonce))
      demand(length === entry.size, 'file', 'This file has another size than the message says.')
    }
    // Not only at the end: whoever is told of a hundred bytes makes no room for a gigabyte of zeros.
    demand(seen <= whole, 'frame', LONGER)
    const content = chunk.slice(0, entry.size - given)
    demand(isZero(chunk.subarray(content.length)), 'frame', 'The padding is not zero.')
    given += content.length
    hash.update(content)
    if (content.length > 0) yield content as Opened<Bytes>
  }
  demand(given === entry.size && seen === whole, 'frame', LONGER)
  demand(hash.hex() === entry.sha256, 'file', 'This is not the content that its author named.')
}

const LONGER = 'This file is cut off, or longer than it says.'

const hex32 = matching(/^[0-9a-f]{64}$/)
const bundleForm = exactly({
  pgp: text(1, 8192),
  root: emptyOr(hex32),
  sign: hex32,
})

/** The keys of a person, opened. */
export type OpenedVault = Opened<Bundle & { readonly key: SecretKey }>

/**
 * The keys of a person. The public keys are computed from the secrets and must be `who` and, when
 * given, the certificate that the chain names (K11). Throws `Refused` vault.
 */
export async function openVault(
  desk: string,
  vault: Vault,
  way: VaultKey,
  expectedCert?: string,
): Promise<OpenedVault> {
  return openBundle(desk, vault, await openMain(desk, vault, way), expectedCert)
}

/** A vault whose ways in can be changed. Its bundle and main key stay as they are, and the key stays in here. */
export type OpenVault = {
  readonly opened: OpenedVault
  readonly vault: Vault
  /** One more way in. `newest` is what another device deposited meanwhile: its ways in are kept. */
  readonly add: (key: VaultKey, newest?: Vault) => Promise<Vault>
  /** One way in less, never the last. */
  readonly remove: (kind: VaultKind, id: string, newest?: Vault) => Promise<Vault>
}

/** Opens a vault to change who opens it. Throws `Refused` vault, as all that it gives. */
export async function reopenVault(desk: string, vault: Vault, way: VaultKey): Promise<OpenVault> {
  const main = await openMain(desk, vault, way)
  const opened = await openBundle(desk, vault, main)
  // A vault of somebody else, or with another bundle, does not open with this key (K11).
  const demandOwn = async (other: Vault) => {
    if (other !== vault) await openBundle(desk, other, main, opened.key.cert)
  }
  return {
    opened,
    vault,
    add: async (key, newest = vault) => {
      await demandOwn(newest)
      return withKey(desk, newest, main, key)
    },
    remove: async (kind, id, newest = vault) => {
      await demandOwn(newest)
      return withoutKey(newest, kind, id)
    },
  }
}

async function openMain(desk: string, vault: Vault, way: VaultKey): Promise<Bytes> {
  const own = vault.keys.find(({ kind, id }) => kind === way.kind && id === way.id)
  if (own === undefined) throw new Refused('vault', 'This vault has no such key.')
  const aad = vaultAad(desk, vault.who, way.kind, way.id)
  return openBox(way.key, aad, vaultBytes(own.box), 'vault')
}

async function openBundle(
  desk: string,
  vault: Vault,
  main: Bytes,
  expectedCert?: string,
): Promise<OpenedVault> {
  const aad = vaultAad(desk, vault.who, 'bundle', '')
  const inside = await openBox(main, aad, vaultBytes(vault.bundle), 'vault')
  const bundle: unknown = parsed(textOf(inside, 'vault'), 'vault')
  demand(bundleForm(bundle), 'vault', 'This vault holds something else than keys.')
  const sign = bytesOfHex(bundle.sign)
  const pgp = vaultBytes(bundle.pgp)
  const key = await secretKeyInside(pgp, 'vault')
  const { who } = await signerOfSeed(sign)
  demand(who === vault.who, 'vault', 'The keys in this vault belong to somebody else.')
  const fits = expectedCert === undefined || key.cert === expectedCert
  demand(fits, 'vault', 'The encryption key in this vault is not the one in the directory.')
  const root = bundle.root === '' ? undefined : bytesOfHex(bundle.root)
  return { sign, pgp, root, key } as OpenedVault
}

async function openFrame(slot: Bytes, blob: Bytes, key: SecretKey): Promise<Bytes> {
  demandSealedTo(readSealedFront(blob), key)
  const parts: Uint8Array[] = []
  for await (const chunk of openLiteral(blob, key)) parts.push(chunk)
  return unframe(slot, concatBytes(...parts))
}

async function secretKeyInside(secret: Bytes, code: RefusedCode): Promise<SecretKey> {
  try {
    const key = await readSecretKey(secret)
    // The library takes the public parts as they stand: they are computed again from the secrets (K11).
    for (const { keyPacket } of [key.key, ...key.key.subkeys])
      if (keyPacket instanceof SecretKeyPacket) await keyPacket.validate()
    if (sameBytes(new Uint8Array(key.key.write()), secret)) return key
  } catch (cause) {
    throw new Refused(code, 'There is no key in here.', { cause })
  }
  throw new Refused(code, 'There is more than a key in here.')
}

const LITERAL_BINARY = 0x62

/** Yields what is sealed; a later failure throws, so nothing yielded counts before the end. */
async function* openLiteral(
  blob: Bytes | AsyncGenerator<Bytes>,
  key: SecretKey,
): AsyncGenerator<Uint8Array> {
  if (versionOf(key) === 4) yield* openByLibrary(blob, key)
  else {
    const parts = blob instanceof Uint8Array ? onePart(blob) : blob
    yield* openPackets(parts, await readingKeyOf(key.key))
  }
}

async function* onePart(bytes: Bytes): AsyncGenerator<Bytes> {
  yield await Promise.resolve(bytes)
}

/**
 * The form of mail, version 4: key packets, one encrypted packet, and inside exactly one literal packet:
 * binary, no name, date 0 (PROTOCOL 2.1).
 */
async function* openByLibrary(
  blob: Bytes | AsyncGenerator<Bytes>,
  key: SecretKey,
): AsyncGenerator<Uint8Array> {
  const config = PROFILE_V4
  const given: unknown = blob instanceof Uint8Array ? blob : streamOf(blob)
  try {
    const outer = await readMessage({ binaryMessage: given as Uint8Array, config })
    const inner = await outer.decrypt([key.key], undefined, undefined, undefined, config)
    demandLiteral(inner)
    const data: unknown = inner.getLiteralData()
    if (data === null) throw new Refused('grammar', 'This message is empty.')
    yield* chunksOf(data)
    await demandEnd(inner)
    await demandEnd(outer)
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    throw new Refused('decrypt', 'This does not open with this key.', { cause })
  }
}

type AnyMessage = { readonly packets: Iterable<unknown> & object; getFilename(): string | null }

/** The library would open SEIPD v1 with a version 6 key, and compares eight bytes of a fingerprint. */
function demandSealedTo(front: SealedFront, key: SecretKey): void {
  const own = front.version === versionOf(key)
  demand(own, 'grammar', 'This is sealed under another profile than the key it is opened with.')
  const subkeys = key.key.subkeys.map((subkey) => subkey.getFingerprint())
  const named = front.version === 4 || front.fingerprints.some((each) => subkeys.includes(each))
  demand(named, 'decrypt', 'This is sealed to other keys.')
}

function versionOf(key: SecretKey): 4 | 6 {
  return key.key.keyPacket.version === 6 ? 6 : 4
}

/** Fields that openpgp sets and its type declarations do not name. */
function demandLiteral(inner: AnyMessage): void {
  const [literal, ...others] = [...inner.packets]
  const sound =
    literal instanceof LiteralDataPacket &&
    others.length === 0 &&
    Reflect.get(literal, 'format') === LITERAL_BINARY &&
    (inner.getFilename() ?? '') === '' &&
    Number(Reflect.get(literal, 'date')) === 0
  demand(sound, 'grammar', 'The sealed message holds something else than one plain packet.')
}

/** Packets that follow appear on the list's stream, which is of the library's own kind for whole blobs. */
async function demandEnd(message: AnyMessage): Promise<void> {
  const rest: unknown = Reflect.get(message.packets, 'stream')
  if (typeof rest !== 'object' || rest === null || !('getReader' in rest)) return
  const next = await (rest as ReadableStream<unknown>).getReader().read()
  demand(next.done, 'grammar', 'The sealed message holds a second packet.')
}

function textOf(bytes: Bytes, code: RefusedCode): string {
  try {
    return textOfBytes(bytes)
  } catch (cause) {
    throw new Refused(code, 'This is not text.', { cause })
  }
}

function parsed(json: string, code: RefusedCode): unknown {
  try {
    return parseCanonical(json)
  } catch (cause) {
    throw new Refused(code, 'This is not canonical JSON.', { cause })
  }
}

function vaultBytes(base64: string): Bytes {
  try {
    return bytesOfBase64(base64)
  } catch (cause) {
    throw new Refused('vault', 'This vault is damaged.', { cause })
  }
}
