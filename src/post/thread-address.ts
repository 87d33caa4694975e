import { createHmac } from 'node:crypto'
import { type Bytes, hexOfBytes } from '#lexicon'

/** What the tokens of this desk are made with, and the address that they stand in. */
export type ThreadKey = {
  /** Of the seed of the server: it outlives post.key, for answers come late. */
  readonly key: Bytes
  /** An address that the desk takes mail for. */
  readonly from: string
}

/** Where answers to a case go: `security+r…@example.org`. The same for every mail of a case. */
export function replyAddress({ key, from }: ThreadKey, about: Bytes): string {
  return withToken(from, `r${token(key, `reply ${hexOfBytes(about)}`)}`)
}

/**
 * The sender of the envelope of one mail: what comes back there says which one did not arrive. The case is
 * in it, because a restored desk gives numbers out again that it gave out after its backup.
 */
export function bounceAddress({ key, from }: ThreadKey, about: Bytes, mail: number): string {
  return withToken(from, `b${token(key, `bounce ${hexOfBytes(about)} ${mail}`)}`)
}

/** The token of an address, `r…` or `b…`, if it has the form of ours. Whether we gave it, its mark says. */
export function tokenIn(address: string): string | undefined {
  return TOKEN.exec(address)?.[1]?.toLowerCase()
}

/** What the database keeps of a token or a Message-ID: it meets them again and cannot say them. */
export function threadMark({ key }: Pick<ThreadKey, 'key'>, word: string): Bytes {
  return new Uint8Array(createHmac('sha256', key).update(`mark ${word}`).digest())
}

const TOKEN = /\+([rb][a-z2-7]{26})@[^@]+$/i
/** RFC 5321, 4.5.3.1.1: a longer one is refused on its way. */
const LONGEST_LOCAL = 64

/** Without a token where there is no room for one: then References find the case. */
function withToken(from: string, word: string): string {
  const at = from.lastIndexOf('@')
  const local = `${from.slice(0, at)}+${word}`
  return local.length > LONGEST_LOCAL ? from : `${local}${from.slice(at)}`
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

/** 128 bits in 26 letters that survive a server which writes addresses in capitals (RFC 4648, 6). */
function token(key: Bytes, what: string): string {
  const half = createHmac('sha256', key).update(`token ${what}`).digest().subarray(0, 16)
  let bits = 0n
  for (const byte of half) bits = (bits << 8n) | BigInt(byte)
  bits <<= 2n
  let text = ''
  for (let left = 26; left > 0; left--) {
    text = `${LETTERS[Number(bits & 31n)] ?? ''}${text}`
    bits >>= 5n
  }
  return text
}
