import { setTimeout as pause } from 'node:timers/promises'
import { sweepClaims } from '#desk'
import { type IdentityDeps, sweepSessions } from '#identity'
import { type IntakeDeps, replayJournal, sweepMailMarks } from '#intake'
import { CLAIM_LIVES, DAY, SECOND } from '#lexicon'
import { type JobQueue, startJobQueue, sweepMail, sweepNotices, sweepOutbox } from '#post'
import { type Database, isDatabaseAway, sweepUploads } from '#store'
import { type Log, tracesOf } from './log.ts'
import { clock } from './rooms.ts'

const UPLOADS_LIVE = DAY
const NOTICES_LIVE = 7 * DAY
/** Mail servers give up after five days. */
const MARKS_LIVE = 7 * DAY
const JOURNAL_PAUSE = 3 * SECOND

export type ChoreDeps = {
  /** Tells members what changed; absent where nothing was said of mail. */
  readonly tell?: (() => Promise<void>) | undefined
  readonly log: Log
}

export type Chores = { readonly stop: () => Promise<void> }

/** What goes on behind the door: the journal of the time without a database, and the hourly sweep. */
export function startChores(
  { identity, intake }: { readonly identity: IdentityDeps; readonly intake: IntakeDeps },
  database: Database,
  { tell, log }: ChoreDeps,
): Chores {
  const failed = (event: string) => (error: unknown) => log({ event, ...tracesOf(error) })
  const sweep = async (): Promise<void> => {
    const uploads = await sweepUploads(database.logins.retention, clock() - UPLOADS_LIVE)
    await sweepSessions(identity)
    await sweepClaims(database.logins.retention, clock() - CLAIM_LIVES)
    await sweepOutbox(database.logins.post, clock() - NOTICES_LIVE)
    await sweepMailMarks(database.logins.post, clock() - MARKS_LIVE)
    await sweepNotices(database.logins.post, clock())
    const unsent = await sweepMail(database.logins.post, clock())
    if (uploads > 0) log({ event: 'swept', uploads })
    if (unsent > 0) log({ event: 'mail-expired', unsent })
  }
  // After the door is open: it takes longer than everything else together on a new database.
  const stopping = new AbortController()
  const queue = startPatiently(stopping.signal, failed('queue-failed'), () =>
    startJobQueue({
      connection: database.jobs,
      tasks: [
        { name: 'sweep', cron: '17 * * * *', run: sweep },
        ...(tell === undefined ? [] : [{ name: 'notices', cron: '* * * * *', run: tell }]),
      ],
      failed: (task, error) => log({ event: 'task-failed', task, ...tracesOf(error) }),
    }),
  )

  let running: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    if (intake.journal.list().length === 0) return
    running = running.then(() => emptyJournal(intake, log)).catch(failed('journal-failed'))
  }, JOURNAL_PAUSE)
  return {
    stop: async () => {
      stopping.abort()
      clearInterval(timer)
      await running
      await (await queue)?.stop().catch(failed('queue-failed'))
    },
  }
}

const LONGEST_PAUSE = 60 * SECOND

/** The database may blink in the first second: a queue that never starts would never sweep. */
async function startPatiently(
  stopping: AbortSignal,
  failed: (error: unknown) => void,
  start: () => Promise<JobQueue>,
): Promise<JobQueue | undefined> {
  for (let wait = 5 * SECOND; !stopping.aborted; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
    try {
      return await start()
    } catch (error) {
      failed(error)
    }
    // Rejects when we stop: then there is nothing more to start.
    await pause(wait, undefined, { signal: stopping }).catch(() => undefined)
  }
  return undefined
}

/** Files what came while the database was away. What cannot be filed yet stays. */
export async function emptyJournal(intake: IntakeDeps, log: Log): Promise<void> {
  try {
    const { accepted, refused, waiting } = await replayJournal(intake)
    if (accepted + refused > 0) log({ event: 'journal', accepted, refused, waiting })
  } catch (error) {
    if (!isDatabaseAway(error)) throw error
  }
}
