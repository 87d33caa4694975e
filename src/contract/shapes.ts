import { z } from 'zod'
import { isBase64, isCaseNumber, isRole, isTime, LIMITS } from '#lexicon'

/*
 * The shapes of the wire. They bound size and form; what a statement means is judged by the fold alone.
 * Objects are strict: an unknown member is an error, so nothing is assigned by accident (R26).
 */

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

export const vaultDeposit = z
  .strictObject({ lookup, auth_hash: hash, vault: z.string().min(2).max(LIMITS.vault) })
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
