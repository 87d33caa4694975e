import { phase } from '../../desk-state.ts'
import { route } from '../../router.ts'
import { knownCase } from '../case/case-memory.ts'

/** Numbers may stand in the title of the window; titles of reports may not: histories keep it. */
export function titleNow(): string {
  if (phase.value !== 'open') return phase.value === 'stopped' ? 'Stopped' : 'Locked'
  const at = route.value
  switch (at.page) {
    case 'queue':
      return 'Queue'
    case 'case':
      return knownCase(at.id)?.number ?? 'Case'
    case 'people':
      return 'People'
    case 'own':
      return 'Keys and sessions'
    case 'mail':
      return 'Mail'
    case 'publish':
      return 'Publish'
    case 'search':
      return 'Search'
    case 'lost':
      return 'Nothing here'
  }
}
