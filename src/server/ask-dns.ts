import { lookup, Resolver } from 'node:dns/promises'
import type { Resolve } from '#intake'
import type { MailSettings } from './mail-settings.ts'

type Servers = Pick<MailSettings, 'dns'> | undefined

/** Asked once: who needs a second try has had our time already. */
export function askDns(mail: Servers): Resolve {
  const resolver = resolverOf(mail)
  return async (name, type) => (await resolver.resolve(name, type)) as string[] | string[][]
}

/**
 * All addresses of a name that a mail brought. Where no name server was named the machine's own way is taken,
 * with its file of hosts; else nobody but those is asked.
 */
export function addressesFor(mail: Servers): (name: string) => Promise<readonly string[]> {
  if (mail?.dns === undefined)
    return async (name) =>
      (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address)
  const resolver = resolverOf(mail)
  return async (name) => {
    const both = await Promise.allSettled([resolver.resolve6(name), resolver.resolve4(name)])
    const found = both.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    if (found.length === 0) throw new Error('the name has no address')
    return found
  }
}

/** The name servers that the settings name, or those of this machine. */
export function resolverOf(mail: Servers): Resolver {
  const resolver = new Resolver({ timeout: 2000, tries: 1 })
  if (mail?.dns !== undefined) resolver.setServers(mail.dns)
  return resolver
}
