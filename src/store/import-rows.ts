import { createHash, type Hash } from 'node:crypto'
import pg from 'pg'
import { isBase64 } from '#lexicon'
import { connectAdmin, type AdminLogin } from './admin-login.ts'
import type { CopiedTable } from './copied-tables.ts'
import type { TableCount } from './export-rows.ts'
import { StoreError } from './store-error.ts'
import { shapeOf, type Column, type TableShape } from './table-shape.ts'

/** One file of a copy, line by line, and the tables that it may fill. */
export interface CopySource {
  readonly tables: readonly CopiedTable[]
  readonly lines: AsyncIterable<string>
}

/**
 * Fills the empty tables of a migrated database with what `exportRows` wrote. All or nothing: it
 * commits when every file ended in its counts and every count and hash was right.
 */
export async function importRows(
  admin: AdminLogin,
  sources: readonly CopySource[],
): Promise<TableCount[][]> {
  const client = await connectAdmin(admin)
  try {
    await client.query('begin')
    await client.query(`set local timezone = 'UTC'; set local datestyle = 'ISO'`)
    const counts: TableCount[][] = []
    for (const source of sources) counts.push(await importSource(client, source))
    await client.query('commit')
    return counts
  } finally {
    // An open transaction ends with its connection: nothing of a torn copy stays.
    await client.end()
  }
}

type Row = readonly (string | null)[]

interface Filling {
  readonly shape: TableShape
  readonly columns: readonly Column[]
  readonly hash: Hash
  rows: number
  waiting: Row[]
  waitingSize: number
}

const BATCH_ROWS = 200
const BATCH_SIZE = 2 * 1024 * 1024

async function importSource(client: pg.Client, source: CopySource): Promise<TableCount[]> {
  const counts: TableCount[] = []
  let filling: Filling | undefined
  let ended = false
  for await (const text of source.lines) {
    if (text === '') continue
    if (ended) throw damaged('something follows its end')
    const line = parse(text)
    if (isRow(line)) {
      if (filling === undefined) throw damaged('a row belongs to no table')
      await addRow(client, filling, line, text)
      continue
    }
    if (filling !== undefined) counts.push(await finish(client, filling))
    filling = undefined
    if ('end' in line) {
      if (JSON.stringify(line.end) !== JSON.stringify(counts)) {
        throw damaged('its rows are not those that were written')
      }
      ended = true
    } else {
      filling = await begin(client, line, source.tables, counts)
    }
  }
  if (!ended) throw damaged('its end is missing')
  return counts
}

interface TableLine {
  readonly table: string
  readonly columns: readonly string[]
}

async function begin(
  client: pg.Client,
  line: TableLine,
  allowed: readonly string[],
  before: readonly TableCount[],
): Promise<Filling> {
  if (!allowed.includes(line.table) || before.some(({ table }) => table === line.table)) {
    throw damaged(`it must not hold the table ${line.table} here`)
  }
  const shape = await shapeOf(client, line.table)
  const columns = line.columns.map((name) => {
    const column = shape.columns.find((known) => known.name === name)
    if (column === undefined) throw damaged(`${line.table} has no column ${name}`)
    return column
  })
  const { rows } = await client.query<{ filled: boolean }>(
    `select exists (select from ${shape.sql}) as filled`,
  )
  if (rows[0]?.filled !== false) {
    throw new StoreError(
      'not-empty',
      `The database has rows in ${line.table}: restore into an empty one.`,
    )
  }
  return { shape, columns, hash: createHash('sha256'), rows: 0, waiting: [], waitingSize: 0 }
}

async function addRow(client: pg.Client, to: Filling, row: Row, text: string): Promise<void> {
  if (row.length !== to.columns.length) throw damaged('a row has other columns than its table')
  to.hash.update(`${text}\n`)
  to.rows += 1
  to.waiting.push(row)
  to.waitingSize += text.length
  if (to.waiting.length >= BATCH_ROWS || to.waitingSize >= BATCH_SIZE) await flush(client, to)
}

async function finish(client: pg.Client, filling: Filling): Promise<TableCount> {
  await flush(client, filling)
  const { shape, hash, rows } = filling
  for (const { name } of shape.columns.filter((column) => column.identity)) {
    // The next number must come after the ones that were brought.
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), max(${pg.escapeIdentifier(name)})) from ${shape.sql}
       having count(*) > 0`,
      [shape.sql, name],
    )
  }
  return { table: shape.table, rows, sha256: hash.digest('hex') }
}

async function flush(client: pg.Client, filling: Filling): Promise<void> {
  const { shape, columns, waiting } = filling
  if (waiting.length === 0) return
  const names = columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ')
  const values: (string | Buffer | null)[] = []
  const tuples = waiting.map((row) => {
    const places = row.map((value, at) => {
      const type = columns[at]?.type ?? 'text'
      values.push(value !== null && type === 'bytea' ? bytesOf(value) : value)
      return `$${values.length}::${type}`
    })
    return `(${places.join(', ')})`
  })
  await client.query(
    `insert into ${shape.sql} (${names}) overriding system value values ${tuples.join(', ')}`,
    values,
  )
  filling.waiting = []
  filling.waitingSize = 0
}

function parse(text: string): Row | TableLine | { end: unknown } {
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch {
    throw damaged('a line is not JSON')
  }
  if (isRow(line)) return line
  if (typeof line === 'object' && line !== null) {
    if ('end' in line) return { end: line.end }
    if ('table' in line && typeof line.table === 'string' && 'columns' in line) {
      const { table, columns } = line
      if (isRow(columns)) return { table, columns: columns.map(String) }
    }
  }
  throw damaged('a line has no known form')
}

function isRow(value: unknown): value is Row {
  return Array.isArray(value) && value.every((item) => item === null || typeof item === 'string')
}

function bytesOf(base64: string): Buffer {
  if (!isBase64(base64)) throw damaged('a value is not base64')
  return Buffer.from(base64, 'base64')
}

function damaged(why: string): StoreError {
  return new StoreError('copy-damaged', `This copy is damaged, ${why}: take another.`)
}
