import { faultOfAddress, isRoleAddress } from './address.ts'
import type { About, Contact } from './policy.ts'
import { readYaml } from './strict-yaml.ts'
import { faultOfSecureAddress } from './web-address.ts'

/** What a file for machines says: its contacts in their order, and the day or moment after which it does not count. */
export type Stated = {
  readonly contacts: readonly Contact[]
  readonly expires: string
  readonly faults: readonly string[]
}

/** A security.txt, signed or not, read for its contacts only: nothing here says that it is valid (RFC 9116). */
export function readSecurityTxt(text: string, about: About = {}): Stated {
  const contacts: Contact[] = []
  const faults: string[] = []
  let expires = ''
  for (const [n, line] of text
    .split(/\r\n|\n/)
    .slice(0, 1000)
    .entries()) {
    const [, name, value] = /^(?:- )?([A-Za-z-]+):\s+(\S.*)$/.exec(line.slice(0, 2000)) ?? []
    if (name === undefined || value === undefined) continue
    if (/^expires$/i.test(name)) expires = value.trim()
    if (!/^contact$/i.test(name)) continue
    const found = contactOf(value.trim(), about)
    if (found === undefined) faults.push(`Its contact on line ${n + 1} is no address that we know.`)
    else contacts.push({ ...found, line: n + 1 })
  }
  if (expires === '') faults.push('It has no Expires, which RFC 9116 requires.')
  else if (Number.isNaN(Date.parse(expires))) faults.push('Its Expires is no moment.')
  return { contacts, expires, faults }
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
    const read = typeof found === 'string' ? contactOf(`mailto:${found}`, about) : undefined
    return read === undefined ? [] : [{ ...read, line: lineAt(place) }]
  })
  const expires = at('header', 'expiration-date')
  return { contacts, expires: typeof expires === 'string' ? expires : '', faults: [] }
}

function contactOf(value: string, about: About): Omit<Contact, 'line'> | undefined {
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
