/** What is wrong with a mail address of a project, in a sentence. */
export function faultOfAddress(text: string): string | undefined {
  if (!ADDRESS.test(text) || text.length > 254)
    return 'Here stands one mail address, such as security@example.org.'
  const host = text.slice(text.lastIndexOf('@') + 1)
  return host === host.toLowerCase() ? undefined : 'Write the part behind the @ in small letters.'
}

/** Every address in a text, as written. */
export function addressesIn(text: string): readonly string[] {
  return text.match(IN_TEXT) ?? []
}

/**
 * Does this address belong to a role, not to a person? Only what says so counts: a word of a role or of the
 * project before the @, or a host of lists. Everything else is taken for a person's (nobody's address is
 * shown by mistake).
 */
export function isRoleAddress(address: string, names: readonly string[] = []): boolean {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at).toLowerCase()
  const host = address.slice(at + 1).toLowerCase()
  if (LIST_HOSTS.test(host)) return true
  if (local.split(/[.+_-]/).some((part) => ROLES.has(part))) return true
  const bare = local.replace(/[^a-z0-9]/g, '')
  return names.some((name) => name.toLowerCase().replace(/[^a-z0-9]/g, '') === bare)
}

const LOCAL = String.raw`[A-Za-z0-9](?:[A-Za-z0-9._%+=-]*[A-Za-z0-9_+=-])?`
const HOST = String.raw`[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+`
const ADDRESS = new RegExp(`^${LOCAL}@${HOST}$`)
const IN_TEXT =
  /[A-Za-z0-9][A-Za-z0-9._%+=-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}(?<![.-])/g

const LIST_HOSTS =
  /(^|\.)(lists?|googlegroups|groups|discuss|discourse|zulipchat|python)\.|^mail\.python\.org$/
const ROLES = new Set(
  'security secure secteam psirt cert cve vulnerability vulnerabilities report reports disclosure contact info hello support help team core council steering committee maintainers maintainer devel dev developers users list admin admins abuse board coc conduct office project foundation webmaster postmaster'.split(
    ' ',
  ),
)
