import type { MeShown } from '#worker'
import { counts } from '../../desk-state.ts'
import { go, route } from '../../router.ts'
import { countLanes } from '../queue/queue-state.ts'

/** Whoever runs the machine and reads no report has nothing to do in a queue: they come to their own keys. */
export async function landWhereWorkIs({ roles }: MeShown): Promise<void> {
  await countLanes()
  const { all, closed } = counts.value ?? { all: 1, closed: 0 }
  const at = route.value
  const here = at.page === 'queue' && at.lane === 'all' && at.sort === ''
  if (here && all + closed === 0 && roles.every((role) => role === 'operator'))
    go({ page: 'own' }, 'replace')
}
