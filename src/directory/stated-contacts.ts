import { faultOfAddress, isRoleAddress } from './address.ts'
import type { About, Contact } from './policy.ts'
import { readYaml } from './strict-yaml.ts'
import { faultOfSecureAddress } from './web-address.ts'

/** What a file for machines says: its contacts in their order, and the moment after which it does not count. */
export type Stated = { readonly contacts: readonly Contact[]; readonly expires: string }

/** The address of a Contact (RFC 9116, 2.5.3), as a channel; undefined for one that we do not know, such as a telephone. */
export function statedContact(value: string, about: About = {}): Omit<Contact, 'line'> | undefined {
  const address = /^(?:mailto:)?([^\s?]+@[^\s?]+)/i.exec(value)?.[1]
  if (address !== undefined) {
    if (faultOfAddress(address) !== undefined) return undefined
    const personal = !isRoleAddress(address, about.names)
    return { kind: 'mail', value: personal ? '' : address, personal, derived: false }
  }
  if (faultOfSecureAddress(value) !== undefined) return undefined
  const github = /^https:\/\/github\.com\/[^/]+\/[^/]+\/security\/advisories(\/new)?$/.test(value)
  if (!github) return { kind: 'form', value, personal: false, derived: false }
  const whole = value.replace(/(\/new)?$/, '/new')
  return { kind: 'github', value: whole, personal: false, derived: false }
}

/** A security-insights.yml of version 1 or 2. Throws `DirectoryError` for what is no plain YAML. */
export function readSecurityInsights(text: string, about: About = {}): Stated {
  const { value, lineAt } = readYaml(text)
  const at = (...place: string[]) =>
    place.reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
          ? (inner as Record<string, unknown>)[name]
          : undefined,
      value,
    )
  const places = [
    ['vulnerability-reporting', 'email-contact'],
    ['project', 'vulnerability-reporting', 'contact', 'email'],
    ['repository', 'vulnerability-reporting', 'contact', 'email'],
  ]
  const contacts = places.flatMap((place) => {
    const found = at(...place)
    const read = typeof found === 'string' ? statedContact(`mailto:${found}`, about) : undefined
    return read === undefined ? [] : [{ ...read, line: lineAt(place) }]
  })
  const expires = at('header', 'expiration-date')
  return { contacts, expires: typeof expires === 'string' ? expires : '' }
}
