import { ClientError } from '#client'

/** A server that hides who joined must not widen whom a person writes to. */
export function demandShown(
  readers: readonly { readonly who: string }[],
  shown: readonly string[],
): void {
  const same = readers.length === shown.length && readers.every(({ who }) => shown.includes(who))
  if (same) return
  throw new ClientError(
    'problem',
    'Who reads this thread changed since the page showed it. Nothing was sent: look again.',
  )
}
