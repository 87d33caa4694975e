import * as z from 'zod'
import { isBase64, isCaseNumber, isRole, isTime, LIMITS, SORTS } from '#lexicon'

/*
 * The shapes of the wire. They bound size and form; what a statement means is judged by the fold alone.
 * Objects are strict: an unknown member is an error, so nothing is assigned by accident (R26).
 */

// Pages forbid eval (R02), and a library that tries it breaks their policy each time.
z.config({ jitless: true })

export const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: '32 bytes, hex' })
export const person = hash.meta({ description: 'Ed25519 public key, hex' })
export const lookup = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .meta({ description: '16 bytes, hex' })
export const uploadId = lookup.meta({ description: 'An upload, 16 bytes, hex' })
export const token = hash.meta({ description: '32 random bytes, hex' })
export const signature = z.string().regex(/^[0-9a-f]{128}$/)
export const time = z.string().refine(isTime).meta({ description: 'UTC, whole seconds' })
export const sort = z.enum(SORTS)
/** A lane of the queue, by what the server knows of a case. */
export const caseLane = z.enum(['all', 'new', 'mine', 'waiting', 'closed'])
export const role = z.string().max(80).refine(isRole)
const seq = z.number().int().min(0).max(LIMITS.chain)

/** Where notices go: one mailbox, no display name. */
export const mailAddress = z
  .string()
  .max(254)
  .regex(/^[^\s\p{Cc}@<>()[\],;:\\"]+@[^\s\p{Cc}@<>()[\],;:\\"]+$/u)

export function base64(mostBytes: number) {
  return z
    .string()
    .min(4)
    .max(Math.ceil(mostBytes / 3) * 4)
    .refine(isBase64)
    .meta({ description: `Base64 of at most ${mostBytes} bytes` })
}

export const statement = z
  .strictObject({ head: z.string().min(2).max(LIMITS.head), sig: signature })
  .meta({ id: 'Statement', description: 'A signed head, byte for byte' })

/** A statement with the small blobs that its head names, and the uploads that hold its files. */
export const newStatement = z
  .strictObject({
    statement,
    blobs: z.array(base64(LIMITS.body)).max(1000),
    uploads: z.array(z.strictObject({ blob: hash, upload: uploadId })).max(LIMITS.filesPerMessage),
  })
  .meta({ id: 'NewStatement' })

export const batch = z.strictObject({ batch: z.array(newStatement).min(1).max(LIMITS.batch) })

/** The receipts of a batch, in its order. */
export const acceptedBatch = z.strictObject({ accepted: z.array(statement) })

/** Statements of a chain from a place on, each with the ledger entry that accepted it. */
export const chainPage = z.strictObject({
  statements: z.array(z.strictObject({ statement, accepted: statement })),
  more: z.boolean(),
})

export const proof = z.array(hash).max(64)

export const deskFacts = z
  .strictObject({
    state: z.enum(['not-set-up', 'open', 'restored']),
    name: z.string(),
    domain: z.string(),
    /** The server's public key, for `desk.open`. Later the desk chain names it. */
    server: person,
  })
  .meta({ id: 'Desk', description: 'Never the desk id: clients know it, or compute it.' })

export const vaultText = z.string().min(2).max(LIMITS.vault)

export const vaultDeposit = z
  .strictObject({ lookup, auth_hash: hash, vault: vaultText })
  .meta({ id: 'VaultDeposit' })

export const report = z.strictObject({
  report: newStatement,
  vault: vaultDeposit.optional(),
})

/** `receipt` is the ledger's acceptance; absent while the report is only in the fsynced journal. */
export const reportTaken = z.strictObject({ receipt: statement.optional() })

export const caseRow = z
  .strictObject({
    id: hash,
    number: z.string().refine(isCaseNumber),
    source: z.string(),
    received: time,
    due: z.union([z.literal(''), time]),
    state: z.string(),
    sort: z.string(),
    /** Who took it; `""` is nobody. */
    taken: z.union([z.literal(''), person]),
    acknowledged: z.boolean(),
    last: seq,
    /** The newest `case.title` with its label, for coordinators. */
    title: z.strictObject({ statement, label: base64(LIMITS.label) }).optional(),
  })
  .meta({ id: 'CaseRow', description: 'Hints for routing. A client believes only the chain.' })

export const joining = z
  .strictObject({
    who: person,
    enc: base64(LIMITS.certificate),
    handle: z.string().min(1).max(100),
    join: signature,
    mac: hash,
  })
  .meta({ id: 'Joining' })

export const invitation = z
  .strictObject({
    lookup,
    by: person,
    roles: z.array(role).max(20),
    expires: time,
    sealed: base64(LIMITS.wrap),
    joined: joining.optional(),
  })
  .meta({ id: 'Invitation' })

function base64url(mostBytes: number) {
  const most = Math.ceil((mostBytes * 4) / 3)
  return z.string().regex(new RegExp(`^[A-Za-z0-9_-]{1,${most}}$`))
}

/** WebAuthn has longer ones; no known authenticator does, and the name of a key in a vault ends here. */
export const credentialId = base64url(384)
export const passkeyLabel = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[^\p{Cc}]+$/u)

/** A new passkey as the browser made it. What its PRF gives never stands here (K19). */
export const registration = z
  .strictObject({
    id: credentialId,
    client_data: base64url(4096),
    attestation: base64url(16_384),
    transports: z.array(z.string().regex(/^[a-z-]{1,20}$/)).max(8),
  })
  .meta({ id: 'Registration' })

export const assertion = z
  .strictObject({
    id: credentialId,
    client_data: base64url(4096),
    authenticator_data: base64url(4096),
    signature: base64url(1024),
  })
  .meta({ id: 'Assertion' })

/** The ways in of a new member: a first passkey, the vault, the ticket of the recovery words. */
export const enrolment = z
  .strictObject({
    registration,
    label: passkeyLabel,
    vault: vaultText,
    recovery: z.strictObject({ lookup, auth_hash: hash }),
  })
  .meta({ id: 'Enrolment' })

export const ownPasskey = z.strictObject({
  id: credentialId,
  label: passkeyLabel,
  added: time,
  used: z.union([z.literal(''), time]),
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
