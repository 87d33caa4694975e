import * as z from 'zod/mini'
import {
  HELD_REASONS,
  isBase64,
  isCaseNumber,
  isRole,
  isTime,
  LIMITS,
  NOTICE_WISHES,
  SORTS,
} from '#lexicon'

/*
 * The shapes of the wire. They bound size and form; what a statement means is judged by the fold alone.
 * Objects are strict: an unknown member is an error, so nothing is assigned by accident (R26).
 */

// Pages forbid eval (R02), and a library that tries it breaks their policy each time.
z.config({ jitless: true })

export const hash = described('32 bytes, hex', matching(/^[0-9a-f]{64}$/))
export const person = described('Ed25519 public key, hex', hash)
export const lookup = described('16 bytes, hex', matching(/^[0-9a-f]{32}$/))
export const uploadId = described('An upload, 16 bytes, hex', lookup)
export const token = described('32 random bytes, hex', hash)
export const signature = matching(/^[0-9a-f]{128}$/)
export const time = described('UTC, whole seconds', z.string().check(z.refine(isTime)))
export const sort = z.enum(SORTS)
/** A lane of the queue, by what the server knows of a case. */
export const caseLane = z.enum(['all', 'new', 'mine', 'waiting', 'closed', 'held'])
export const role = z.string().check(z.maxLength(80), z.refine(isRole))
const seq = z.number().check(z.int(), z.gte(0), z.lte(LIMITS.chain))

/** Where notices go: one mailbox, no display name. */
export const mailAddress = z
  .string()
  .check(z.maxLength(254), z.regex(/^[^\s\p{Cc}@<>()[\],;:\\"]+@[^\s\p{Cc}@<>()[\],;:\\"]+$/u))

export const noticeWish = z.enum(NOTICE_WISHES)

export const statement = named(
  { id: 'Statement', description: 'A signed head, byte for byte' },
  z.strictObject({ head: text(2, LIMITS.head), sig: signature }),
)

/** A statement with the small blobs that its head names, and the uploads that hold its files. */
export const newStatement = named(
  { id: 'NewStatement' },
  z.strictObject({
    statement,
    blobs: z.array(base64(LIMITS.body)).check(z.maxLength(1000)),
    uploads: z
      .array(z.strictObject({ blob: hash, upload: uploadId }))
      .check(z.maxLength(LIMITS.filesPerMessage)),
  }),
)

export const batch = z.strictObject({
  batch: z.array(newStatement).check(z.minLength(1), z.maxLength(LIMITS.batch)),
})

/** The receipts of a batch, in its order. */
export const acceptedBatch = z.strictObject({ accepted: z.array(statement) })

/** Statements of a chain from a place on, each with the ledger entry that accepted it. */
export const chainPage = z.strictObject({
  statements: z.array(z.strictObject({ statement, accepted: statement })),
  more: z.boolean(),
})

export const proof = z.array(hash).check(z.maxLength(64))

export const deskFacts = named(
  { id: 'Desk', description: 'Never the desk id: clients know it, or compute it.' },
  z.strictObject({
    state: z.enum(['not-set-up', 'open', 'restored']),
    name: z.string(),
    domain: z.string(),
    /** The first address that it takes mail for, by its own word; `""` where it takes none. */
    mail: emptyOr(mailAddress),
    /** The server's public key, for `desk.open`. Later the desk chain names it. */
    server: person,
  }),
)

export const vaultText = text(2, LIMITS.vault)

export const vaultDeposit = named(
  { id: 'VaultDeposit' },
  z.strictObject({ lookup, auth_hash: hash, vault: vaultText }),
)

export const report = z.strictObject({ report: newStatement, vault: z.optional(vaultDeposit) })

/** `receipt` is the ledger's acceptance; absent while the report is only in the fsynced journal. */
export const reportTaken = z.strictObject({ receipt: z.optional(statement) })

export const caseRow = named(
  { id: 'CaseRow', description: 'Hints for routing. A client believes only the chain.' },
  z.strictObject({
    id: hash,
    number: z.string().check(z.refine(isCaseNumber)),
    source: z.string(),
    received: time,
    due: emptyOr(time),
    state: z.string(),
    sort: z.string(),
    /** Who took it; `""` is nobody. */
    taken: emptyOr(person),
    acknowledged: z.boolean(),
    /** Why it waits in the lane of held mail, while it does. */
    held: z.optional(z.enum(HELD_REASONS)),
    last: seq,
    /** Places of the newest messages of others that this member can read, since they wrote; the newest first. */
    heard: z.array(seq).check(z.maxLength(10)),
    /** The newest message of the general thread, where the reporter wrote it: they wait for an answer. */
    asked: z.optional(seq),
    /** Somebody claims it, and no coordinator settled that yet. */
    claimed: z.optional(z.boolean()),
    /** The newest `case.title` with its label, for coordinators. */
    title: z.optional(z.strictObject({ statement, label: base64(LIMITS.label) })),
  }),
)

export const joining = named(
  { id: 'Joining' },
  z.strictObject({
    who: person,
    enc: base64(LIMITS.certificate),
    handle: text(1, 100),
    join: signature,
    mac: hash,
  }),
)

export const invitation = named(
  { id: 'Invitation' },
  z.strictObject({
    lookup,
    by: person,
    roles: z.array(role).check(z.maxLength(20)),
    expires: time,
    sealed: base64(LIMITS.wrap),
    joined: z.optional(joining),
  }),
)

/** A claim of a case, as its author's client made it: like an answer to an invitation, without a handle. */
export const claiming = named(
  { id: 'Claiming' },
  z.strictObject({ who: person, enc: base64(LIMITS.certificate), join: signature, mac: hash }),
)

/** Where a claim link stands. `over`: the case was destroyed. */
export const claimState = z.enum(['open', 'taken', 'used', 'expired', 'over'])

/** What a client makes of a code that lets a mail reporter claim their case. */
export const claimOffer = named(
  { id: 'ClaimOffer' },
  z.strictObject({ lookup, auth_hash: hash, expires: time, sealed: base64(LIMITS.wrap) }),
)

/** A claim link of a case. A client believes what it opens of `sealed`, and the claim by its own checks. */
export const claimRow = named(
  { id: 'Claim' },
  z.strictObject({
    lookup,
    made: time,
    expires: time,
    sealed: base64(LIMITS.wrap),
    /** Later tries with the same code: somebody else has it too. */
    attempts: z.int(),
    settled: z.enum(['', 'accepted', 'refused']),
    claim: z.optional(z.extend(claiming, { at: time })),
  }),
)

/** WebAuthn has longer ones; no known authenticator does, and the name of a key in a vault ends here. */
export const credentialId = base64url(384)
export const passkeyLabel = text(1, 60).check(z.regex(/^[^\p{Cc}]+$/u))

/** A new passkey as the browser made it. What its PRF gives never stands here (K19). */
export const registration = named(
  { id: 'Registration' },
  z.strictObject({
    id: credentialId,
    client_data: base64url(4096),
    attestation: base64url(16_384),
    transports: z.array(matching(/^[a-z-]{1,20}$/)).check(z.maxLength(8)),
  }),
)

export const assertion = named(
  { id: 'Assertion' },
  z.strictObject({
    id: credentialId,
    client_data: base64url(4096),
    authenticator_data: base64url(4096),
    signature: base64url(1024),
  }),
)

/** The ways in of a new member: a first passkey, the vault, the ticket of the recovery words. */
export const enrolment = named(
  { id: 'Enrolment' },
  z.strictObject({
    registration,
    label: passkeyLabel,
    vault: vaultText,
    recovery: z.strictObject({ lookup, auth_hash: hash }),
  }),
)

export const ownPasskey = z.strictObject({
  id: credentialId,
  label: passkeyLabel,
  added: time,
  used: emptyOr(time),
  /** Synchronised by its maker, or bound to one device. */
  synced: z.boolean(),
})

export const ownSession = z.strictObject({
  id: lookup,
  way: z.enum(['passkey', 'key']),
  opened: time,
  seen: time,
  current: z.boolean(),
})

export const recoveryRequest = z.strictObject({
  who: person,
  asked: time,
  released: z.boolean(),
})

export function base64(mostBytes: number) {
  const most = Math.ceil(mostBytes / 3) * 4
  const shape = text(4, most).check(z.refine(isBase64))
  return described(`Base64 of at most ${mostBytes} bytes`, shape)
}

function text(least: number, most: number) {
  return z.string().check(z.minLength(least), z.maxLength(most))
}

export function emptyOr<S extends z.ZodMiniType>(shape: S) {
  return z.union([z.literal(''), shape])
}

function matching(pattern: RegExp) {
  return z.string().check(z.regex(pattern))
}

function base64url(mostBytes: number) {
  const most = Math.ceil((mostBytes * 4) / 3)
  return matching(new RegExp(`^[A-Za-z0-9_-]{1,${most}}$`))
}

/** The same shape, with a sentence of its own in the API's document. */
function described<S extends z.ZodMiniType>(description: string, shape: S): S {
  const own = shape.check()
  z.globalRegistry.add(own, { description })
  return own
}

/** Stands in the API's document under its own name. */
function named<S extends z.ZodMiniType>(meta: { id: string; description?: string }, shape: S): S {
  z.globalRegistry.add(shape, meta)
  return shape
}
