import pg from 'pg'
import { StoreError } from './store-error.ts'

export interface Column {
  readonly name: string
  readonly type: string
  readonly identity: boolean
}

export interface TableShape {
  readonly table: string
  /** Ready for SQL. */
  readonly sql: string
  readonly columns: readonly Column[]
  /** The columns of the primary key, in its order. */
  readonly key: readonly string[]
}

export async function shapeOf(client: pg.Client, table: string): Promise<TableShape> {
  const [schema = '', name = ''] = table.split('.')
  const sql = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`
  const { rows: columns } = await client.query<Column>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attidentity <> '' as identity
     from pg_attribute a where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped
     order by a.attnum`,
    [sql],
  )
  const { rows: key } = await client.query<{ name: string }>(
    `select a.attname as name from pg_index i
     cross join lateral unnest(i.indkey::int2[]) with ordinality k(attnum, at)
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
     where i.indrelid = to_regclass($1) and i.indisprimary order by k.at`,
    [sql],
  )
  if (columns.length === 0 || key.length === 0) {
    throw new StoreError('unknown-table', `The database has no table ${table} to copy.`)
  }
  return { table, sql, columns, key: key.map((column) => column.name) }
}
