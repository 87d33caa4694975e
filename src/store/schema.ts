import type { ColumnType, Generated } from 'kysely'
import type { Bytes } from '#lexicon'

/** bytea: whatever holds bytes goes in, `Bytes` come out. */
type Octets = ColumnType<Bytes, Uint8Array, Uint8Array>
type OctetsOrNull = ColumnType<Bytes | null, Uint8Array | null | undefined, Uint8Array | null>
/** jsonb: JSON text goes in. */
type Json = ColumnType<unknown, string | null | undefined, string | null>
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>

/** Every table that rooms use, by its full name. What a login may do with it: grants.sql. */
export interface Schema {
  'ledger.entry': LedgerEntry
  'ledger.node': LedgerNode
  'identity.statement': IdentityStatement
  'identity.server': IdentityServer
  'identity.setup': IdentitySetup
  'identity.challenge': IdentityChallenge
  'identity.session': IdentitySession
  'identity.invitation': IdentityInvitation
  'identity.address': IdentityAddress
  'identity.passkey': IdentityPasskey
  'identity.recovery': IdentityRecovery
  'identity.recovery_request': IdentityRecoveryRequest
  'desk.case': DeskCase
  'desk.statement': DeskStatement
  'desk.reader': DeskReader
  'desk.claim': DeskClaim
  'blobs.upload': BlobsUpload
  'blobs.piece': BlobsPiece
  'blobs.blob': BlobsBlob
  'keys.packet': KeysPacket
  'keys.wrap': KeysWrap
  'keys.label': KeysLabel
  'keys.vault': KeysVault
  'keys.invitation': KeysInvitation
  'keys.member_vault': KeysMemberVault
  'intake.mail': IntakeMail
  'intake.thread': IntakeThread
  'intake.stored_mail': IntakeStoredMail
  'post.outbox': PostOutbox
  'post.mail': PostMail
  'post.delivery': PostDelivery
  'post.answered': PostAnswered
  'post.told': PostTold
  'post.warned': PostWarned
  'valve.document': ValveDocument
  'valve.draft': ValveDraft
}

export interface LedgerEntry {
  seq: number
  id: Octets
  type: string
  head: string
  sig: Octets
  of_chain: OctetsOrNull
  of_id: OctetsOrNull
  of_seq: Maybe<number>
}

export interface LedgerNode {
  level: number
  idx: number
  hash: Octets
}

export interface IdentityStatement {
  seq: number
  id: Octets
  type: string
  head: string
  sig: Octets
}

export interface IdentityServer {
  only_row: Generated<boolean>
  public_key: Octets
  restored_at: Maybe<Date>
}

export interface IdentitySetup {
  secret_hash: Octets
  expires: Date
}

export interface IdentityChallenge {
  nonce_hash: Octets
  expires: Date
}

export interface IdentitySession {
  token_hash: Octets
  kind: 'member' | 'reporter'
  who: Octets
  case_id: OctetsOrNull
  opened: Date
  seen: Date
  id: Octets
  way: Maybe<'passkey' | 'key'>
  passkey: OctetsOrNull
  proved: Date
}

export interface IdentityAddress {
  who: Bytes
  address: string
  noted: Date
  notices: Generated<'once' | 'daily' | 'mute'>
  looked: Generated<Date>
}

export interface IdentityPasskey {
  id: Octets
  who: Octets
  public_key: Octets
  counter: number
  transports: string[]
  label: string
  added: Date
  used: Maybe<Date>
  synced: boolean
}

export interface IdentityRecovery {
  lookup: Octets
  auth_hash: Octets
  who: Octets
  replace_since: Maybe<Date>
}

export interface IdentityRecoveryRequest {
  who: Octets
  asked: Date
  released: Maybe<Date>
  released_by: OctetsOrNull
  seen: Maybe<Date>
  given: Maybe<Date>
}

export interface IdentityInvitation {
  lookup: Octets
  auth_hash: Octets
  by_whom: Octets
  roles: string[]
  expires: Date
  joined: Json
  joined_at: Maybe<Date>
  admitted: Generated<boolean>
}

export interface DeskCase {
  id: Octets
  number: string
  source: string
  received: Date
  last_seq: Generated<number>
  state: Generated<string>
  sort: Generated<string>
  acknowledged: Maybe<Date>
  closed: Maybe<Date>
  title_seq: Maybe<number>
  taken: OctetsOrNull
  /** Written as text, read as what it says. */
  recent: ColumnType<unknown, string | null | undefined, string | null>
  asked_seq: Maybe<number>
  held: Generated<string>
}

export interface DeskStatement {
  chain: Octets
  seq: number
  id: Octets
  type: string
  head: string
  sig: Octets
  accepted: Date
}

export interface DeskReader {
  case_id: Octets
  circle: string
  epoch: number
  who: Octets
}

/** A code that lets somebody claim a case, and what was posted with it. */
export interface DeskClaim {
  lookup: Octets
  auth_hash: Octets
  case_id: Octets
  sealed: Octets
  made: Date
  expires: Date
  who: OctetsOrNull
  enc: Maybe<string>
  joined: OctetsOrNull
  mac: OctetsOrNull
  claimed: Maybe<Date>
  attempts: Generated<number>
  settled: Maybe<'accepted' | 'refused'>
}

export interface BlobsUpload {
  id: Octets
  opened: Date
}

export interface BlobsPiece {
  upload: Octets
  n: number
  sha256: Octets
  size: number
  bytes: Octets
}

export interface BlobsBlob {
  chain: Octets
  seq: number
  hash: Octets
  upload: Octets
  kind: 'body' | 'file'
  circle: string
  size: number
  pieces: number
}

export interface KeysPacket {
  upload: Octets
  bytes: Octets
}

export interface KeysWrap {
  chain: Octets
  seq: number
  hash: Octets
  circle: string
  epoch: number
  reader: string
  bytes: Octets
}

export interface KeysLabel {
  chain: Octets
  seq: number
  hash: Octets
  bytes: Octets
}

export interface KeysVault {
  lookup: Octets
  auth_hash: Octets
  case_id: Octets
  who: Octets
  vault: string
  /** Since when it opens nothing. */
  ended: Maybe<Date>
}

export interface KeysInvitation {
  lookup: Octets
  bytes: Octets
}

export interface KeysMemberVault {
  who: Octets
  vault: string
}

/** A mail that was taken, by a keyed hash of its bytes. */
export interface IntakeStoredMail {
  mark: Octets
  taken: Date
}

export interface IntakeMail {
  mark: Octets
  taken: Date
}

/** What an answer by mail is known by: keyed hashes of what we sent. */
export interface IntakeThread {
  mark: Octets
  about: Octets
  mail: Maybe<number>
}

/** A mail that waits to be sent, sealed with its address under post.key. */
export interface PostMail {
  id: number
  kind: string
  about: Octets
  sealed: Octets
  written: Date
  due: Maybe<Date>
  tries: Generated<number>
  answer: Generated<string>
}

/** What became of a mail. */
export interface PostDelivery {
  mail: Generated<number>
  kind: string
  about: Octets
  state: string
  at: Date
  answer: Generated<string>
  statement: OctetsOrNull
}

/** Whom the desk answered by itself on a day, by a keyed hash. */
export interface PostAnswered {
  mark: Octets
  day: number
}

export interface PostOutbox {
  id: ColumnType<number, never, never>
  kind: string
  about: Octets
  written: Date
  author: OctetsOrNull
}

export interface PostTold {
  who: Octets
  at: Date
  upto: Date
}

export interface PostWarned {
  who: Octets
  about: Octets
}

/** What may be published, found by its hash. */
export interface ValveDocument {
  sha256: Octets
  bytes: Octets
  taken: Date
}

export interface ValveDraft {
  path: string
  sha256: Octets
  author: Octets
  at: Date
}
