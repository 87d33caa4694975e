import { concatBytes, LIMITS } from '#lexicon'
import { Refused } from '#seal'
import type { CaseView } from './case-view.ts'
import type { Desk } from './desk.ts'
import { fetchFile } from './download.ts'
import { differingKeys, keysOf, NO_KEYS, type KeysFound } from './keys-in-mail.ts'
import type { Keyring } from './keyring.ts'
import type { Message } from './message.ts'

/** What a file with a key is called, and how its name ends where a browser does not know the type. */
export const KEY_TYPE = 'application/pgp-keys'
const KEY_NAME = /\.(?:asc|pgp|gpg|key)$/i
/** In armor a key is longer, and it may bring others along. */
const LARGEST = 2 * LIMITS.foundKey
const MOST_FILES = 4

/**
 * The key that a reporter sealed into their report as a file. It was signed with the report and cannot be
 * exchanged, so nobody pins it. Only one that names the address that they gave: a report may bring somebody else's
 * key as evidence.
 */
export async function keyInReport(
  { view, self }: Pick<Desk, 'view' | 'self'>,
  within: CaseView,
  keyring: Keyring,
  opening: Message,
  address: string,
): Promise<KeysFound> {
  const files = opening.files.filter(
    ({ name, type, size }) => size <= LARGEST && (type === KEY_TYPE || KEY_NAME.test(name)),
  )
  let found = NO_KEYS
  for (const entry of files.slice(0, MOST_FILES)) {
    try {
      const parts: Uint8Array[] = []
      const content = fetchFile(view, within, self, keyring, opening, entry)
      for await (const part of content) parts.push(part)
      const bytes = concatBytes(...parts)
      const given = isArmored(bytes) ? new TextDecoder().decode(bytes) : bytes
      const place = { from: 'form', seq: opening.seq, vouched: true, address } as const
      const more = await keysOf([given], { ...place, now: view.clock() })
      found = { keys: [...found.keys, ...more.keys], refused: [...found.refused, ...more.refused] }
    } catch (error) {
      // A file that does not open is said where it is shown.
      if (!(error instanceof Refused)) throw error
    }
  }
  const distinct = differingKeys(found.keys)
  return distinct.length > 1
    ? { keys: [], refused: ['The report brought several keys for this address.'] }
    : { keys: distinct, refused: found.refused }
}

/** An OpenPGP packet begins with its highest bit set. */
function isArmored([first = 0]: Uint8Array): boolean {
  return first < 0x80
}
