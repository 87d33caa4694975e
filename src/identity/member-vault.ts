import { bytesOfHex, hexOfBytes } from '#lexicon'
import { demand, type Person, readVault, type Vault } from '#seal'
import { base64UrlOfBytes } from './base64url.ts'
import type { Db } from './identity-deps.ts'
import { IdentityError } from './identity-error.ts'

/** The ticket of recovery words: the words themselves never come here. */
export type RecoveryTicket = { readonly lookup: string; readonly auth_hash: string }

/** This member's vault as they left it. */
export async function readMemberVault(db: Db, who: Person): Promise<string | undefined> {
  const row = await db
    .selectFrom('keys.member_vault')
    .select('vault')
    .where('who', '=', bytesOfHex(who))
    .executeTakeFirst()
  return row?.vault
}

/**
 * Replaces the vault of this person. Every way in that stands must still open it: of two browsers that
 * change it at once the slower one would lock the other's passkey out. Throws `Refused` vault, or
 * `IdentityError` conflict.
 */
export async function storeMemberVault(tx: Db, who: Person, text: string): Promise<void> {
  const vault = readOwnVault(who, text)
  const person = bytesOfHex(who)
  const before = await tx
    .selectFrom('keys.member_vault')
    .select('vault')
    .where('who', '=', person)
    .forUpdate()
    .executeTakeFirst()
  const passkeys = await tx
    .selectFrom('identity.passkey')
    .select('id')
    .where('who', '=', person)
    .execute()
  const recovery = await tx
    .selectFrom('identity.recovery')
    .select('lookup')
    .where('who', '=', person)
    .executeTakeFirst()
  const names = new Set(passkeys.map(({ id }) => base64UrlOfBytes(id)))
  const opened = before === undefined ? [] : readVault(before.vault).keys
  const kept = opened.every(
    ({ kind, id }) => kind !== 'prf' || !names.has(id) || hasKey(vault, kind, id),
  )
  if (!kept) throw new IdentityError('conflict', 'Another passkey opens this vault since then.')
  const known = vault.keys.every(({ kind, id }) => kind !== 'prf' || names.has(id))
  demand(known, 'vault', 'This vault has a key of a passkey that is not yours.')
  const words = recovery === undefined || hasKey(vault, 'recovery', hexOfBytes(recovery.lookup))
  demand(words, 'vault', 'The recovery words would not open this vault.')
  await tx
    .insertInto('keys.member_vault')
    .values({ who: person, vault: text })
    .onConflict((own) => own.column('who').doUpdateSet({ vault: text }))
    .execute()
}

/**
 * Replaces the recovery words. Throws `IdentityError` conflict where another person has such a lookup, and
 * where words that must be replaced come back as the new ones.
 */
export async function storeRecovery(tx: Db, who: Person, ticket: RecoveryTicket): Promise<void> {
  const person = bytesOfHex(who)
  const { lookup, auth_hash } = ticket
  const before = await tx
    .deleteFrom('identity.recovery')
    .where('who', '=', person)
    .returning(['lookup', 'replace_since'])
    .executeTakeFirst()
  const used = before !== undefined && before.replace_since !== null
  if (used && hexOfBytes(before.lookup) === lookup)
    throw new IdentityError('conflict', 'These recovery words were used: make others.')
  const stored = await tx
    .insertInto('identity.recovery')
    .values({ who: person, lookup: bytesOfHex(lookup), auth_hash: bytesOfHex(auth_hash) })
    .onConflict((known) => known.doNothing())
    .executeTakeFirst()
  if (stored.numInsertedOrUpdatedRows !== 1n)
    throw new IdentityError('conflict', 'There are such recovery words: make others.')
}

/**
 * Whoever came by the words alone makes others before anything that lasts: the paper was read. Throws
 * `IdentityError` must-renew.
 */
export async function demandUnusedWords(db: Db, who: Person): Promise<void> {
  const { renew } = await readRecovery(db, who)
  if (renew)
    throw new IdentityError('must-renew', 'The recovery words were used: make new ones first.')
}

/** Whether this member has recovery words, and whether they must be replaced. */
export async function readRecovery(
  db: Db,
  who: Person,
): Promise<{ recovery: boolean; renew: boolean }> {
  const row = await db
    .selectFrom('identity.recovery')
    .select('replace_since')
    .where('who', '=', bytesOfHex(who))
    .executeTakeFirst()
  return { recovery: row !== undefined, renew: row !== undefined && row.replace_since !== null }
}

/** Never the box of a passphrase: whoever has the disk could guess it (PROTOCOL 4.2, `file`). */
function readOwnVault(who: Person, text: string): Vault {
  const vault = readVault(text)
  demand(vault.who === who, 'vault', 'This is the vault of another person.')
  const ways = vault.keys.every(({ kind }) => kind === 'prf' || kind === 'recovery')
  demand(ways && vault.keys.length > 0, 'vault', 'Passkeys and recovery words open a vault here.')
  return vault
}

function hasKey(vault: Vault, kind: string, id: string): boolean {
  return vault.keys.some((key) => key.kind === kind && key.id === id)
}
