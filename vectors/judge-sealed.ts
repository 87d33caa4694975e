import {
  base64OfBytes,
  type Bytes,
  bytesOfBase64,
  bytesOfHex,
  hexOfBytes,
  millisecondsOf,
  MINUTE,
  sameBytes,
  textOfBytes,
} from '#lexicon'
import {
  type Body,
  canonicalText,
  type FileEntry,
  fileKey,
  type HeadOf,
  invitationKeys,
  invitationSlot,
  type Joining,
  joinMac,
  joinMessage,
  type Json,
  labelKey,
  loginMessage,
  parseCanonical,
  readHead,
  readInvitation,
  readLabel,
  readSealed,
  readVault,
  slotOf,
  type Statement,
  type VaultKind,
  verifySignature,
} from '#seal'
import {
  openLabel,
  openVault,
  readSecretKey,
  unsealBody,
  unsealFile,
  unsealFrame,
  unwrapKey,
} from '#unseal'
import { CheckFailed } from './check-failed.ts'

type BodyVector = {
  readonly format: 'body'
  readonly statement: Statement
  readonly secret_key: string
  readonly recipients: number
  readonly blob: string
  readonly body?: Body
}

type WrapVector = {
  readonly format: 'wrap'
  readonly kind?: 'desk' | 'case'
  readonly statement: Statement | string
  readonly index: number
  readonly me: string
  readonly my_secret_key: string
  readonly blob: string
  /** The certificate of the epoch, where the head does not carry it (`grant`). */
  readonly cert?: string
}

type FileVector = {
  readonly format: 'file'
  readonly entry: FileEntry
  readonly secret_key: string
  readonly recipients: number
  readonly blob: string
  readonly content?: string
}

type LabelVector = {
  readonly format: 'label'
  readonly desk: string
  readonly statement: Statement
  readonly desk_secret_key: string
  readonly label: string
  readonly title?: string
}

type VaultVector = {
  readonly format: 'vault'
  readonly desk: string
  readonly vault: string
  readonly way: { readonly kind: VaultKind; readonly id: string }
  /** The key of the box, hex; or the passphrase of a key file. */
  readonly key?: string
  readonly passphrase?: string
  readonly cert?: string
  readonly bundle?: { readonly sign: string; readonly pgp: string; readonly root: string }
}

type InvitationVector = {
  readonly format: 'invitation'
  readonly desk: string
  readonly now: string
  readonly desk_secret_key: string
  /** The active coordinators, as the reader's desk chain names them. */
  readonly coordinators: readonly string[]
  readonly lookup: string
  readonly sealed: string
  readonly joined: Omit<Joining, 'desk' | 'invite'> & {
    readonly join: string
    readonly mac: string
  }
  readonly inside?: Json
}

type LoginVector = {
  readonly format: 'login'
  readonly desk: string
  readonly origin: string
  readonly nonce: string
  readonly now: string
  readonly who: string
  readonly time: string
  readonly sig: string
  /** The hash that is signed. */
  readonly message?: string
}

export type SealedVector =
  BodyVector | WrapVector | FileVector | LabelVector | VaultVector | InvitationVector | LoginVector

export function judgeSealed(vector: SealedVector): Promise<void> {
  switch (vector.format) {
    case 'body':
      return judgeBody(vector)
    case 'wrap':
      return judgeWrap(vector)
    case 'file':
      return judgeFile(vector)
    case 'label':
      return judgeLabel(vector)
    case 'vault':
      return judgeVault(vector)
    case 'invitation':
      return judgeInvitation(vector)
    case 'login':
      return judgeLogin(vector)
  }
}

async function judgeBody(vector: BodyVector): Promise<void> {
  const head = readHead(vector.statement, 'case')
  if (!('body' in head)) throw new RangeError('This head names no body.')
  const key = await readSecretKey(bytesOfBase64(vector.secret_key))
  const blob = bytesOfBase64(vector.blob)
  const body: Body = await unsealBody(head, blob, key, vector.recipients)
  same(vector.body, body)
}

async function judgeWrap(vector: WrapVector): Promise<void> {
  const { statement, index, me, blob } = vector
  const text = typeof statement === 'string' ? (JSON.parse(statement) as Statement) : statement
  const head = readHead(text, vector.kind ?? 'case')
  if (!('wraps' in head)) throw new RangeError('This head names no wraps.')
  const wrap = head.wraps[index]
  if (wrap === undefined) throw new RangeError('This head names fewer wraps.')
  const cert = vector.cert ?? ('cert' in head ? head.cert : '')
  const key = await readSecretKey(bytesOfBase64(vector.my_secret_key))
  await unwrapKey(head, wrap, bytesOfBase64(blob), { reader: me, key }, cert)
}

async function judgeFile(vector: FileVector): Promise<void> {
  const key = await readSecretKey(bytesOfBase64(vector.secret_key))
  const content: Uint8Array[] = []
  const pieces = oneByOne([bytesOfBase64(vector.blob)])
  for await (const chunk of unsealFile(pieces, vector.entry, key, vector.recipients))
    content.push(chunk)
  same(vector.content, base64OfBytes(Buffer.concat(content)))
}

async function judgeLabel(vector: LabelVector): Promise<void> {
  const head = readHead(vector.statement, 'case') as HeadOf<'case.title'>
  const label = readLabel(bytesOfBase64(vector.label), head.label.blob)
  const key = labelKey(bytesOfBase64(vector.desk_secret_key), vector.desk)
  const { title } = await openLabel(key, slotOf(head), label)
  same(vector.title, title)
}

async function judgeVault(vector: VaultVector): Promise<void> {
  const vault = readVault(vector.vault)
  const { kind, id } = vector.way
  const key =
    vector.passphrase === undefined
      ? bytesOfHex(vector.key ?? '')
      : await fileKey(vector.passphrase, vector.desk, vault.who)
  const opened = await openVault(vector.desk, vault, { kind, id, key }, vector.cert)
  same(vector.bundle, {
    sign: hexOfBytes(opened.sign),
    pgp: base64OfBytes(opened.pgp),
    root: opened.root === undefined ? '' : hexOfBytes(opened.root),
  })
}

/** What a coordinator's client checks of an answered invitation (PROTOCOL 6). */
async function judgeInvitation(vector: InvitationVector): Promise<void> {
  const { desk, lookup, joined, now } = vector
  const key = await readSecretKey(bytesOfBase64(vector.desk_secret_key))
  const sealed = readSealed<'invitation'>(bytesOfBase64(vector.sealed), 1)
  const text = textOfBytes(await unsealFrame(invitationSlot(desk, lookup), sealed, key))
  const invited = await readInvitation(text, { desk, lookup }, vector.coordinators)
  same(vector.inside, parseCanonical(text))
  const keys = invitationKeys(invited.code, desk)
  if (millisecondsOf(now) > millisecondsOf(invited.expires))
    throw new CheckFailed('invitation', 'expired')
  const joining = { desk, enc: joined.enc, handle: joined.handle, invite: lookup, who: joined.who }
  const made = joinMac(keys.mac, joining)
  if (!sameBytes(made, bytesOfHex(joined.mac))) throw new CheckFailed('invitation', 'mac')
  const signed = await verifySignature(joined.who, joinMessage(joining), joined.join)
  if (!signed) throw new CheckFailed('invitation', 'join')
}

/** What the server checks of an answered challenge: its own origin, within a minute, by that key. */
async function judgeLogin(vector: LoginVector): Promise<void> {
  const { desk, origin, nonce, who, time, sig, now } = vector
  const message = loginMessage({ desk, nonce, origin, time, who })
  same(vector.message, hexOfBytes(message))
  const onTime = Math.abs(millisecondsOf(now) - millisecondsOf(time)) <= MINUTE
  const signed = await verifySignature(who, message, sig)
  if (!onTime || !signed) throw new CheckFailed('login', 'claim')
}

/** What came out is what the vector says, where it says it. */
function same(expected: Json | undefined, own: Json): void {
  if (expected === undefined) return
  if (canonicalText(expected) !== canonicalText(own)) throw new CheckFailed('other', 'content')
}

async function* oneByOne(pieces: readonly Bytes[]): AsyncGenerator<Bytes> {
  for (const piece of pieces) yield await Promise.resolve(piece)
}
