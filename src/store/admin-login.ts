import pg from 'pg'
import { StoreError } from './store-error.ts'
import { VALUES } from './values.ts'

/**
 * Whoever owns the database: a URL (`postgres://…`), or the parts of one. It migrates and makes the
 * rooms' logins; no room ever works with it.
 */
export type AdminLogin = string | AdminParts

export interface AdminParts {
  readonly host: string
  readonly user: string
  readonly database: string
  readonly port?: number
  readonly password?: string
}

/** What node-postgres and pg-boss take. */
export type Connection = pg.ClientConfig

const CONNECT_WITHIN = 10_000

/** An open connection of the owner. The caller ends it. */
export async function connectAdmin(admin: AdminLogin): Promise<pg.Client> {
  const client = new pg.Client({
    ...partsOf(admin),
    types: VALUES,
    connectionTimeoutMillis: CONNECT_WITHIN,
    application_name: 'postern admin',
  })
  // Without a listener a server that goes away would end our process; the query in flight fails anyway.
  client.on('error', () => undefined)
  try {
    await client.connect()
    // The settings of this login may be meant for people: waiting for another start takes its time.
    await client.query(
      `set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0;
       set synchronous_commit = on; set search_path = pg_catalog; set bytea_output = hex`,
    )
  } catch (cause) {
    const why = cause instanceof Error && cause.message !== '' ? cause.message : 'no answer'
    throw new StoreError('no-connection', `The database does not let us in: ${why}.`, { cause })
  }
  return client
}

/** The same server and database, as somebody else. `options` as in PGOPTIONS. */
export function connectionAs(
  admin: AdminLogin,
  user: string,
  password: string,
  options: string,
): Connection {
  const rest = {
    types: VALUES,
    connectionTimeoutMillis: CONNECT_WITHIN,
    application_name: user,
    keepAlive: true,
  }
  if (typeof admin !== 'string') return { ...admin, user, password, options, ...rest }
  const own = new URLSearchParams(admin.split('?')[1]).get('options')
  const more = new URLSearchParams({
    user,
    password,
    options: own === null ? options : `${own} ${options}`,
  })
  // node-postgres takes the last of equal parameters, and a parameter before the user of the URL.
  const text = more.toString().replaceAll('+', '%20')
  const joint = admin.includes('?') ? '&' : '?'
  return { connectionString: `${checkedUrl(admin)}${joint}${text}`, ...rest }
}

function partsOf(admin: AdminLogin): Connection {
  return typeof admin === 'string' ? { connectionString: checkedUrl(admin) } : { ...admin }
}

function checkedUrl(url: string): string {
  if (/^postgres(?:ql)?:\/\/[^#\s]*$/.test(url)) return url
  // The URL itself holds a password: it is not repeated.
  throw new StoreError(
    'bad-url',
    'The database URL must look like postgres://user:password@host:5432/database.',
  )
}
