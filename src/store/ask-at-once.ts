import {
  CompiledQuery,
  type PostgresPool,
  type PostgresPoolClient,
  type RawBuilder,
  type Transaction,
} from 'kysely'
import type pg from 'pg'
import type { Schema } from './schema.ts'

/** What came back for one of several questions: its rows, and how many rows it touched. */
export type Answer<Row> = { readonly rows: readonly Row[]; readonly count: number }

type Answers<Rows extends readonly unknown[]> = { readonly [N in keyof Rows]: Answer<Rows[N]> }
type Questions<Rows extends readonly unknown[]> = {
  readonly [N in keyof Rows]: RawBuilder<Rows[N]>
}

/**
 * Asks several questions of one transaction in one go: the server answers them in this order, each sees what
 * those before it did, and we wake up once. The first that fails fails all, and with them the transaction.
 * Every text is prepared on its connection and stays there: only for texts that do not vary with their values.
 */
export async function askAtOnce<Rows extends readonly unknown[]>(
  tx: Transaction<Schema>,
  questions: Questions<Rows>,
): Promise<Answers<Rows>> {
  return ask(tx, questions, false)
}

/**
 * The same as the last of a transaction, which is committed with them: it saves a turn. Nothing may be asked
 * behind it. What was not committed throws.
 */
export async function askAndCommit<Rows extends readonly unknown[]>(
  tx: Transaction<Schema>,
  questions: Questions<Rows>,
): Promise<Answers<Rows>> {
  return ask(tx, questions, true)
}

async function ask<Rows extends readonly unknown[]>(
  tx: Transaction<Schema>,
  questions: Questions<Rows>,
  commits: boolean,
): Promise<Answers<Rows>> {
  const compiled = questions.map((question) => question.compile(tx))
  const several = new Several(compiled, commits)
  const { rows } = await tx.executeQuery(CompiledQuery.raw(SEVERAL, [several]))
  return rows as [...Answers<Rows>]
}

/** Never sent: our connections put the questions in its place. */
const SEVERAL = 'several questions'

class Several {
  readonly questions: readonly CompiledQuery[]
  readonly commits: boolean
  constructor(questions: readonly CompiledQuery[], commits: boolean) {
    this.questions = questions
    this.commits = commits
  }
}

/** A pool for kysely whose connections know what `askAtOnce` says to them. */
export function askingPool(pool: pg.Pool): PostgresPool {
  // kysely remembers what it knows of a connection by the object.
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: {},
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect()
      const asking = known.get(client) ?? askingClient(client)
      known.set(client, asking)
      return asking
    },
  }
}

function askingClient(client: pg.PoolClient): PostgresPoolClient {
  let committed = false
  const query = async (text: string, values: readonly unknown[]) => {
    // kysely ends every transaction by itself.
    if (committed && text !== 'commit' && text !== 'rollback')
      throw new RangeError('this transaction is committed already')
    if (committed) {
      committed = false
      return { command: text === 'commit' ? 'COMMIT' : 'ROLLBACK', rowCount: 0, rows: [] }
    }
    const [several] = values
    if (!(several instanceof Several)) return client.query(text, [...values])
    const answers = await askAll(client, several)
    committed = several.commits
    return answers
  }
  return {
    release: (destroy) => client.release(destroy),
    query: query as PostgresPoolClient['query'],
  }
}

async function askAll(client: pg.PoolClient, { questions, commits }: Several) {
  const asked = questions.map(({ sql: text, parameters }) =>
    client.query({ text, values: [...parameters], name: nameOf(text) }),
  )
  // Of a transaction that failed PostgreSQL makes a rollback.
  const ended = commits ? client.query('commit') : undefined
  // All of them, or the connection would go back to the pool with answers on their way.
  const [answers, end] = await Promise.all([Promise.allSettled(asked), settled(ended)])
  const rows = answers.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason
    return { rows: answer.value.rows as unknown[], count: answer.value.rowCount ?? 0 }
  })
  if (end instanceof Error) throw end
  if (commits && end?.command !== 'COMMIT') throw new Error('the transaction was rolled back')
  return { command: 'SELECT', rowCount: rows.length, rows }
}

async function settled(asked: Promise<pg.QueryResult> | undefined) {
  try {
    return await asked
  } catch (error) {
    return error instanceof Error ? error : new Error('it failed', { cause: error })
  }
}

/** The same name on every connection: a name stands for one text. */
const names = new Map<string, string>()

function nameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = `postern_${names.size}`
  names.set(text, name)
  return name
}
