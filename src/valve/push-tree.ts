import { createHash } from 'node:crypto'
import { MINUTE, SECOND } from '#lexicon'
import { BRANCH, newestCommit } from './commit-tree.ts'
import type { Git } from './git.ts'

const FIRST_PAUSE = 5 * SECOND
const LONGEST_PAUSE = 15 * MINUTE

/** Where the repository beside ours stands, as we saw it last. */
export async function pushedState(git: Git, to: string): Promise<'pushed' | 'waits'> {
  const [ours, theirs] = [await newestCommit(git), await newestCommit(git, markOf(to))]
  return ours === theirs ? 'pushed' : 'waits'
}

/** Pushes what is newer than what we pushed last. Never by force: a history that was changed there is somebody's to look at. */
export async function pushTree(git: Git, to: string): Promise<void> {
  const commit = await newestCommit(git)
  if (commit === '' || (await pushedState(git, to)) === 'pushed') return
  await git.ask(['push', '--quiet', '--end-of-options', to, `${commit}:${BRANCH}`])
  await git.ask(['update-ref', markOf(to), commit])
}

/** Until it succeeded, with doubling pauses. Ends early when it is told to stop. */
export async function pushPatiently(
  push: () => Promise<void>,
  deps: {
    readonly pause: (milliseconds: number) => Promise<void>
    readonly stopped: () => boolean
    readonly failed: (error: unknown) => void
  },
): Promise<void> {
  for (let wait = FIRST_PAUSE; !deps.stopped(); wait = Math.min(2 * wait, LONGEST_PAUSE)) {
    try {
      return await push()
    } catch (error) {
      deps.failed(error)
    }
    await deps.pause(wait)
  }
}

/** One mark for each repository that was ever pushed to. It is a name here and protects nothing. */
function markOf(to: string): string {
  return `refs/pushed/${createHash('sha256').update(to).digest('hex').slice(0, 16)}`
}
