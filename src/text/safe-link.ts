const SAFE = new Set(['https:', 'http:', 'mailto:'])

/** The address as a browser reads it, if it leads to a page or a mailbox; else `undefined`. Never relative: a sender's text must not lead into the desk by a path. */
export function safeLink(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const parsed = new URL(url)
  return SAFE.has(parsed.protocol) ? parsed.href : undefined
}

/** `example.org`, or the mail address. A host of foreign letters stands in its own plain form (`xn--…`). */
export function hostOf(href: string): string {
  const { protocol, host, pathname } = new URL(href)
  if (protocol !== 'mailto:') return host
  return decoded(pathname)
}

/**
 * Does the text show where the link leads, by itself? Only where it is what a browser makes of the address:
 * a host of look-alike letters is another one there, and what stands before an @ is no host.
 */
export function saysWhere(text: string, href: string): boolean {
  const { username, password } = new URL(href)
  const plain = username === '' && password === ''
  return plain && (text === href || `${text}/` === href)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
