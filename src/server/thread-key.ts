import type { Bytes } from '#lexicon'
import type { ThreadKey } from '#post'
import { deriveBeforeDesk } from '#seal'
import type { MailSettings } from './mail-settings.ts'

/**
 * What answers are known by. It comes of the seed, which the backups hold: a restored desk knows the
 * answers to what it sent before. Answers go to an address that we take mail for, whatever stands in From.
 */
export function threadKeyOf(
  seed: Bytes,
  { addresses, from }: Pick<MailSettings, 'addresses' | 'from'>,
): ThreadKey {
  const own = from !== undefined && addresses.includes(from) ? from : addresses[0]
  return { key: deriveBeforeDesk(seed, 'thread tokens'), from: own ?? from ?? '' }
}
