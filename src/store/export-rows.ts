import { createHash } from 'node:crypto'
import pg from 'pg'
import { connectAdmin, type AdminLogin } from './admin-login.ts'
import type { CopiedTable } from './copied-tables.ts'
import { shapeOf, type TableShape } from './table-shape.ts'
import { bytesOfBytea } from './values.ts'

/** One file of a copy: which tables, and where its lines go. A line ends in LF. */
export interface CopyTarget {
  readonly tables: readonly CopiedTable[]
  readonly write: (line: string) => Promise<void>
}

export interface TableCount {
  readonly table: string
  readonly rows: number
  /** Of the row lines of the table, in hex. */
  readonly sha256: string
}

/**
 * Writes all rows of all targets as they stood at one moment. Each target gets, per table, a line
 * `{"table","columns"}` and one line per row in the order of the primary key: a JSON array of strings
 * and nulls, where bytea is base64 and all else is PostgreSQL's own text. The last line is
 * `{"end":[{"table","rows","sha256"}]}`: without it the file is a torn one.
 */
export async function exportRows(
  admin: AdminLogin,
  targets: readonly CopyTarget[],
): Promise<TableCount[][]> {
  const client = await connectAdmin(admin)
  try {
    await client.query('begin isolation level repeatable read read only')
    // One text per value, whatever this login usually sees.
    await client.query(
      `set local timezone = 'UTC'; set local datestyle = 'ISO'; set local extra_float_digits = 1`,
    )
    const counts: TableCount[][] = []
    for (const target of targets) counts.push(await exportTarget(client, target))
    await client.query('commit')
    return counts
  } finally {
    await client.end()
  }
}

async function exportTarget(
  client: pg.Client,
  { tables, write }: CopyTarget,
): Promise<TableCount[]> {
  const counts: TableCount[] = []
  for (const table of tables) {
    const shape = await shapeOf(client, table)
    const columns = shape.columns.map((column) => column.name)
    await write(`${JSON.stringify({ table, columns })}\n`)
    counts.push(await exportTable(client, shape, write))
  }
  await write(`${JSON.stringify({ end: counts })}\n`)
  return counts
}

async function exportTable(
  client: pg.Client,
  shape: TableShape,
  write: CopyTarget['write'],
): Promise<TableCount> {
  const columns = shape.columns.map((column) => pg.escapeIdentifier(column.name)).join(', ')
  const key = shape.key.map((name) => pg.escapeIdentifier(name)).join(', ')
  await client.query(
    `declare copied no scroll cursor for select ${columns} from ${shape.sql} order by ${key}`,
  )
  // The rows that are held at once: pieces have 1 MiB each.
  const batch = shape.table === 'blobs.piece' ? 4 : 100
  const isBytea = shape.columns.map((column) => column.type === 'bytea')
  const hash = createHash('sha256')
  let rows = 0
  for (;;) {
    const fetched = await client.query<(string | null)[]>({
      text: `fetch forward ${batch} from copied`,
      rowMode: 'array',
      types: { getTypeParser: () => (text: string) => text },
    })
    for (const row of fetched.rows) {
      const values = row.map((value, at) =>
        value !== null && isBytea[at] === true ? base64OfBytea(value) : value,
      )
      const line = `${JSON.stringify(values)}\n`
      hash.update(line)
      rows += 1
      await write(line)
    }
    if (fetched.rows.length < batch) break
  }
  await client.query('close copied')
  return { table: shape.table, rows, sha256: hash.digest('hex') }
}

function base64OfBytea(text: string): string {
  return Buffer.from(bytesOfBytea(text)).toString('base64')
}
