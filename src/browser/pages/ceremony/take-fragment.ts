/**
 * What stood after `#` in the address. It is a secret, so it leaves the address at once: the history, a
 * picture of the screen and the next page then do not have it.
 */
export function takeFragment(): string {
  const fragment = location.hash.slice(1)
  if (fragment !== '') history.replaceState(null, '', location.pathname)
  return decoded(fragment)
}

/** Somebody opened another link in this tab: the browser changes the address and loads nothing. */
export function onOtherFragment(hear: (fragment: string) => void): void {
  addEventListener('hashchange', () => {
    const fragment = takeFragment()
    if (fragment !== '') hear(fragment)
  })
}

/** A mail program may have written the link in percent signs. */
export function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}
