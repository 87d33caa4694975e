import { isTime } from '#lexicon'
import { addressesIn } from './address.ts'

/** Words of ours about a source. A person’s address must not slip in beside the field that asks for consent. */
export function plain(text: string): string | undefined {
  return addressesIn(text).length === 0
    ? undefined
    : 'An address stands in words here: it belongs into the value of a channel.'
}

export function faultOfDate(text: string): string | undefined {
  return isTime(`${text}T00:00:00Z`) ? undefined : 'Here stands a day, such as 2026-11-21.'
}
