import { openPace } from '#lexicon'

/**
 * How many receipts the desk writes: whoever forges senders makes it write to people who know nothing of it, and
 * whoever uses all of them up takes them from others. Kept in memory: a new start forgets it.
 */
export type ReceiptPace = {
  /**
   * For mails that are looked at together: is there one more for this network, after those to which this said yes?
   * Nothing is used up by asking. `""` is a network without a share of its own.
   */
  readonly room: () => (network: string) => boolean
  /** `once` says which one: of a transaction that was rolled back and is tried again the second is not counted. */
  readonly spend: (network: string, once: string) => void
}

type Limit = { readonly burst: number; readonly perHour: number }

/** One network leaves four fifths of them to others. */
const USUAL = { all: { burst: 100, perHour: 100 }, each: { burst: 20, perHour: 20 } }
const MOST_REMEMBERED = 1000

/** `clock` in milliseconds. */
export function openReceiptPace(
  clock: () => number,
  { all, each }: { readonly all: Limit; readonly each: Limit } = USUAL,
): ReceiptPace {
  const whole = openPace(all, clock)
  const shares = openPace(each, clock)
  const spent = new Set<string>()
  return {
    room: () => {
      const said = new Map<string, number>()
      let together = 0
      return (network) => {
        const own = said.get(network) ?? 0
        if (whole.left('') < together + 1) return false
        if (network !== '' && shares.left(network) < own + 1) return false
        said.set(network, own + 1)
        together += 1
        return true
      }
    },
    spend: (network, once) => {
      if (spent.has(once)) return
      spent.add(once)
      const [oldest] = spent
      if (oldest !== undefined && spent.size > MOST_REMEMBERED) spent.delete(oldest)
      whole.take('')
      if (network !== '') shares.take(network)
    },
  }
}
