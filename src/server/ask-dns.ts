import { Resolver } from 'node:dns/promises'
import type { Resolve } from '#intake'

/** The name servers of this machine, asked once: who needs a second try has had our time already. */
export function askDns(): Resolve {
  const resolver = new Resolver({ timeout: 2000, tries: 1 })
  return async (name, type) => (await resolver.resolve(name, type)) as string[] | string[][]
}
