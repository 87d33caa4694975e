import type { ReleasesShown } from '#worker'

/** What a reader of the public pages finds at this place. */
export function placeWords(path: string): string {
  if (path === '.well-known/security.txt') return 'security.txt'
  if (path === 'directory/index.json') return 'The directory of projects'
  if (path.startsWith('keys/')) return 'A public key'
  const page = PAGES.get(path)
  if (page !== undefined) return page
  return path.startsWith('guides/') ? 'A guide' : 'A document'
}

const PAGES: ReadonlyMap<string, string> = new Map([
  ['pages/security.md', 'The security page'],
  ['pages/about.md', 'The page about this desk'],
  ['guides/reporters.md', 'The guide for reporters'],
  ['guides/maintainers.md', 'The guide for maintainers'],
  ['guides/coordinators.md', 'The guide for coordinators'],
])

/** Why no reader of the chain publishes it, and what helps. */
export function refusalWords(why: ReleasesShown['refused'][number]['why']): string {
  switch (why) {
    case 'path':
      return 'Its place is none in the public tree. Release it anew, at a lower-case path.'
    case 'licence':
      return 'Its licence is none that this desk publishes under. Release it anew, under a listed one.'
    case 'doc':
      return 'Another version came first, which its author had not seen. Look at that one, then release anew.'
  }
}
