import pg from 'pg'
import type { Bytes } from '#lexicon'
import { StoreError } from './store-error.ts'

const BYTEA: number = pg.types.builtins.BYTEA
const INT8: number = pg.types.builtins.INT8

/**
 * How values come back from our connections only: other users of node-postgres in this process keep
 * their own ways. bytea is `Bytes`, bigint a number, everything else as node-postgres does it.
 */
export const VALUES: pg.CustomTypesConfig = { getTypeParser: parserFor }

/** Bytes that own their memory: small Buffers share one pool with whatever else is in it. */
export function bytesOfBytea(text: string): Bytes {
  if (!text.startsWith('\\x')) throw new TypeError('bytea_output is not hex')
  const buffer = Buffer.from(text.slice(2), 'hex')
  const own = buffer.length === buffer.buffer.byteLength
  return own ? new Uint8Array(buffer.buffer) : new Uint8Array(buffer)
}

function numberOfInt8(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number)) return number
  throw new StoreError(
    'unsafe-integer',
    'The database holds a number beyond 2^53: nothing of ours is that large.',
  )
}

function parserFor(oid: number, format?: 'text' | 'binary'): unknown {
  if (format === 'binary') return pg.types.getTypeParser(oid, format)
  if (oid === BYTEA) return bytesOfBytea
  if (oid === INT8) return numberOfInt8
  return pg.types.getTypeParser(oid, 'text')
}
