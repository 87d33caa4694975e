import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import type { Bytes } from '#lexicon'
import { StoreError } from './store-error.ts'

/** Every room that enters the database has a login of its own; grants.sql says what it may do. */
export const ROOMS = ['intake', 'ledger', 'identity', 'desk', 'retention', 'post', 'site'] as const
export type Room = (typeof ROOMS)[number]

/** Logins belong to the whole server, so they carry the name of their database. */
export function loginOf(database: string, room: Room): string {
  const login = `${database}_${room}`
  if (Buffer.byteLength(login) <= 63) return login
  throw new StoreError(
    'name-too-long',
    `The database name ${database} is too long: PostgreSQL would cut the login ${login}; at most 53 bytes.`,
  )
}

export function passwordOf(secret: Bytes, room: Room): string {
  return createHmac('sha256', secret).update(`postern login ${room}`).digest('hex')
}

/**
 * What PostgreSQL stores of a password (RFC 5803). We send this instead of the password, which a server
 * may write to its log. The salt is derived, so that every start asks for the same login.
 */
export function verifierOf(secret: Bytes, room: Room): string {
  const rounds = 4096
  const salt = createHmac('sha256', secret).update(`postern salt ${room}`).digest().subarray(0, 16)
  const salted = pbkdf2Sync(passwordOf(secret, room), salt, rounds, 32, 'sha256')
  const key = (name: string) => createHmac('sha256', salted).update(name).digest()
  const stored = createHash('sha256').update(key('Client Key')).digest('base64')
  const server = key('Server Key').toString('base64')
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${stored}:${server}`
}
