import { PgBoss } from 'pg-boss'
import { SECOND } from '#lexicon'
import type { Connection } from '#store'

/** Work that comes back. It may run twice or late: doing it twice must change nothing. */
export type Task = {
  readonly name: string
  /** Five fields, UTC. */
  readonly cron: string
  readonly run: () => Promise<void>
}

export type JobQueue = { readonly stop: () => Promise<void> }

const STOP_WITHIN = 5 * SECOND

/**
 * The job queue, in the schema `boss` under the login of post. Of several processes over one database
 * one does each job.
 */
export async function startJobQueue(deps: {
  readonly connection: Connection
  readonly tasks: readonly Task[]
  /** How often it looks for work. */
  readonly everySeconds?: number
  /** Told of what went wrong; the queue itself tries again. */
  readonly failed: (task: string, error: unknown) => void
}): Promise<JobQueue> {
  const { connection, tasks, failed, everySeconds = 10 } = deps
  const boss = new PgBoss({
    ...reachable(connection),
    application_name: 'postern jobs',
    // The schema is there and not ours to make; what is in it is.
    schema: 'boss',
    createSchema: false,
    max: 2,
  })
  let stopping = false
  // Without a listener an error of its connections would end our process.
  boss.on('error', (error) => {
    if (!stopping) failed('queue', error)
  })
  try {
    await boss.start()
    for (const { name, cron, run } of tasks) {
      await boss.createQueue(name, { retryLimit: 2, retryDelay: 60 })
      await boss.work(name, { pollingIntervalSeconds: everySeconds }, async () => {
        try {
          await run()
        } catch (error) {
          failed(name, error)
          throw error
        }
      })
      await boss.schedule(name, cron, null, { tz: 'UTC' })
    }
  } catch (error) {
    stopping = true
    // Its timers and connections would keep the process alive after everybody else went.
    await boss.stop({ graceful: false }).catch((fault: unknown) => failed('queue', fault))
    throw error
  }
  return {
    stop: () => {
      // That its connections end is no news then.
      stopping = true
      return boss.stop({ graceful: true, timeout: STOP_WITHIN })
    },
  }
}

/** Only how to get there: our ways of reading values are not those of pg-boss. */
function reachable({
  connectionString,
  host,
  port,
  user,
  database,
  password,
  options,
}: Connection) {
  return {
    ...(connectionString !== undefined && { connectionString }),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user }),
    ...(database !== undefined && { database }),
    ...(typeof password === 'string' && { password }),
    ...(options !== undefined && { options }),
  }
}
