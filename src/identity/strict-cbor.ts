import { textOfBytes } from '#lexicon'

/** What passkeys are made of: RFC 8949 without tags, fractions and endless items. */
export type Cbor = number | string | boolean | null | Uint8Array | readonly Cbor[] | CborMap
export type CborMap = ReadonlyMap<number | string, Cbor>

type Read<T> = { readonly value: T; readonly end: number }
const DEEPEST = 4

/** The one item in these bytes, to the last of them. Throws a RangeError for one byte more or less. */
export function readCbor(bytes: Uint8Array): Cbor {
  const { value, end } = readItem(bytes, 0)
  if (end !== bytes.length) throw new RangeError('something follows')
  return value
}

/** The map that begins here, and where it ends. Throws a RangeError. */
export function readCborMap(bytes: Uint8Array, start: number): Read<CborMap> {
  const { value, end } = readItem(bytes, start)
  if (!(value instanceof Map)) throw new RangeError('not a map')
  return { value, end }
}

function readItem(bytes: Uint8Array, start: number, depth = 0): Read<Cbor> {
  if (depth > DEEPEST) throw new RangeError('nested too deeply')
  const major = (bytes[start] ?? 0) >> 5
  const { value: argument, end: at } = readArgument(bytes, start)
  switch (major) {
    case 0:
      return { value: argument, end: at }
    case 1:
      return { value: -1 - argument, end: at }
    case 2:
      return readBytes(bytes, at, argument)
    case 3: {
      const { value, end } = readBytes(bytes, at, argument)
      return { value: textOfBytes(value), end }
    }
    case 4:
      return readList(bytes, at, argument, depth)
    case 5:
      return readMap(bytes, at, argument, depth)
    default:
      return { value: simple(bytes[start]), end: at }
  }
}

/** Up to 32 bits: nothing of a passkey is longer. */
function readArgument(bytes: Uint8Array, start: number): Read<number> {
  const small = (bytes[start] ?? 31) & 31
  if (small < 24) return { value: small, end: start + 1 }
  if (small > 26) throw new RangeError('not a length')
  const size = 1 << (small - 24)
  const { value, end } = readBytes(bytes, start + 1, size)
  return { value: value.reduce((sum, byte) => sum * 256 + byte, 0), end }
}

function readBytes(bytes: Uint8Array, start: number, length: number): Read<Uint8Array> {
  const end = start + length
  if (end > bytes.length) throw new RangeError('cut off')
  return { value: bytes.slice(start, end), end }
}

function readList(bytes: Uint8Array, start: number, count: number, depth: number): Read<Cbor> {
  const value: Cbor[] = []
  let end = start
  for (let n = 0; n < count; n++) {
    const item = readItem(bytes, end, depth + 1)
    value.push(item.value)
    end = item.end
  }
  return { value, end }
}

function readMap(bytes: Uint8Array, start: number, count: number, depth: number): Read<CborMap> {
  const value = new Map<number | string, Cbor>()
  let end = start
  for (let n = 0; n < count; n++) {
    const { value: key, end: middle } = readItem(bytes, end, depth + 1)
    const item = readItem(bytes, middle, depth + 1)
    const plain = typeof key === 'number' || typeof key === 'string'
    if (!plain || value.has(key)) throw new RangeError('not a key of a map')
    value.set(key, item.value)
    end = item.end
  }
  return { value, end }
}

function simple(byte: number | undefined): boolean | null {
  if (byte === 0xf4) return false
  if (byte === 0xf5) return true
  if (byte === 0xf6) return null
  throw new RangeError('not an item that passkeys have')
}
