/** How much of something is taken, by whom: so much in all, so much by each. */
export type Tally = {
  /** False when it is too much; then nothing was taken. */
  readonly take: (who: string, amount: number) => boolean
  readonly give: (who: string, amount: number) => void
}

export function openTally(most: { readonly all: number; readonly each: number }): Tally {
  const taken = new Map<string, number>()
  let all = 0
  return {
    take: (who, amount) => {
      const own = (taken.get(who) ?? 0) + amount
      if (own > most.each || all + amount > most.all) return false
      taken.set(who, own)
      all += amount
      return true
    },
    give: (who, amount) => {
      const own = (taken.get(who) ?? 0) - amount
      if (own > 0) taken.set(who, own)
      else taken.delete(who)
      all -= amount
    },
  }
}

/** Whoever has one IPv6 address has 2^64 of them: their network counts as one. */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip
  const [before = '', after = ''] = ip.split('::', 2)
  const left = before === '' ? [] : before.split(':')
  const right = after === '' ? [] : after.split(':')
  const between = ip.includes('::') ? 8 - left.length - right.length : 0
  return [...left, ...Array.from({ length: between }, () => '0'), ...right].slice(0, 4).join(':')
}
