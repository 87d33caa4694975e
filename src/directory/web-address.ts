/** What is wrong with a web address, in a sentence. One spelling only: two would be two channels. */
export function faultOfWebAddress(text: string): string | undefined {
  if (!/^https?:\/\//.test(text)) return 'Here stands a web address that begins with https://.'
  if (!URL.canParse(text)) return 'This is not a web address.'
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return 'No name or password stands in an address.'
  if (!url.hostname.includes('.')) return 'The host of this address is not in the public net.'
  if (url.href !== text && url.href !== `${text}/`) return `Write it as ${url.href}`
  return undefined
}

export function faultOfSecureAddress(text: string): string | undefined {
  return text.startsWith('https://')
    ? faultOfWebAddress(text)
    : 'This address must begin with https://.'
}

/**
 * `host/owner/name` of a repository, however it is written: https, ssh, git@host:owner/name, with .git, with
 * a page of it behind. Undefined for what is no such address.
 */
export function repositoryName(text: string): string | undefined {
  const bare = text.trim().replace(/^git\+/, '')
  const scp = /^(?:[\w.-]+@)?(?<host>[\w-]+(?:\.[\w-]+)+):(?!\/\/)(?<path>[^\s]+)$/.exec(
    bare,
  )?.groups
  const written = scp === undefined ? bare : `https://${scp['host']}/${scp['path']}`
  const whole = /^[a-z+]+:\/\//i.test(written) ? written : `https://${written}`
  if (!URL.canParse(whole)) return undefined
  const { hostname, pathname, protocol } = new URL(whole)
  if (!/^(https?|ssh|git):$/.test(protocol) || !hostname.includes('.')) return undefined
  const path = pathname.split('/').filter((part) => part !== '')
  const host = hostname.toLowerCase().replace(/^www\./, '')
  const parts = depthAt(host) === undefined ? path : path.slice(0, depthAt(host))
  const name = parts
    .map((part) => part.toLowerCase())
    .join('/')
    .replace(/\.git$/, '')
  return name === '' ? undefined : `${host}/${name}`
}

/** At these hosts a repository is owner/name, and what stands behind is a page of it. */
function depthAt(host: string): number | undefined {
  return ['github.com', 'codeberg.org', 'bitbucket.org'].includes(host) ? 2 : undefined
}
