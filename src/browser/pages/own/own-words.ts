import type { OwnWays } from '#worker'

type Passkey = OwnWays['passkeys'][number]

/** What one touch of it does. */
export function passkeyDoes({ unlocks }: Passkey): string {
  return unlocks ? 'opens the desk by itself' : 'says who you are; recovery words open your keys'
}

export function passkeyPlace({ synced }: Passkey): string {
  return synced ? 'copied between devices by its maker' : 'on one device only'
}

/** The label, with a number where another passkey has it: one must know which to remove. */
export function freeLabel(label: string, taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? label : `${label.slice(0, 56)} ${String(n)}`
    if (!taken.includes(name)) return name
  }
}

export type OwnWarning = {
  readonly tone: 'due' | 'late'
  readonly title: string
  readonly text: string
}

/** What would lock this person out, the worst first. */
export function ownWarnings(ways: OwnWays): readonly OwnWarning[] {
  const { passkeys, recovery } = ways
  const warnings: OwnWarning[] = []
  if (passkeys.length <= 1 && !recovery)
    warnings.push({
      tone: 'late',
      title:
        passkeys.length === 0
          ? 'This desk knows no passkey and no recovery words of yours.'
          : 'You have one way in by browser.',
      text: 'Without a key file, losing it loses your key. Add a passkey, and make recovery words.',
    })
  else if (passkeys.length === 0)
    warnings.push({
      tone: 'due',
      title: 'You have no passkey.',
      text: 'Your recovery words alone need another coordinator to release them. Add a passkey for this browser.',
    })
  else if (!recovery)
    warnings.push({
      tone: 'due',
      title: 'You have no recovery words.',
      text: 'They open your keys where a passkey cannot. Make them now and keep them on paper.',
    })
  else if (passkeys.length === 1)
    warnings.push({
      tone: 'due',
      title: 'You have one passkey.',
      text: 'Add a second one on another device: then a lost device costs you nothing.',
    })
  if (passkeys.length > 0 && !passkeys.some(({ unlocks }) => unlocks))
    warnings.push({
      tone: 'due',
      title: 'None of your passkeys opens the desk by itself.',
      text: 'You type your recovery words each time. A phone, a newer browser or a newer security key can do both.',
    })
  return warnings
}

/** May this passkey be removed? The last one may not: the way back would be words alone. */
export function removalWords(
  ways: OwnWays,
  id: string,
): { readonly allowed: boolean; readonly says: string } {
  const others = ways.passkeys.filter((each) => each.id !== id)
  if (others.length === 0)
    return { allowed: false, says: 'This is your last passkey. Add another one first.' }
  const opens = others.some(({ unlocks }) => unlocks)
  return {
    allowed: true,
    says: opens
      ? 'It will not open the desk any more, and the sessions that it began end. Your other passkey stays.'
      : 'It will not open the desk any more, and the sessions that it began end. No other passkey of yours opens keys by itself: you will need your recovery words each time.',
  }
}

export function sessionWay(way: 'passkey' | 'key'): string {
  return way === 'passkey' ? 'browser, by passkey' : 'command line or key file'
}

/** At least so long: one cannot see who would guess at a stolen file. */
const SHORTEST_PASSPHRASE = 12

export function passphraseErrors(
  first: string,
  second: string,
): { readonly first?: string; readonly second?: string } {
  if (first.length < SHORTEST_PASSPHRASE)
    return {
      first: `Use ${SHORTEST_PASSPHRASE} characters or more; four or five random words are good.`,
    }
  if (first !== second) return { second: 'The two are not the same.' }
  return {}
}
