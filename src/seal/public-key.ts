import { readKey, unarmor, enums } from 'openpgp'
import { type Bytes, hexOfBytes } from '#lexicon'
import { certificatesIn } from './reporter-certificate.ts'
import { demand, Refused } from './refused.ts'

/**
 * One armored public key, read from a file that strangers may write, and nothing else in its armor: what a
 * program skips when it reads, a secret key beside the public one, would be published all the same.
 * Throws `Refused` cert for anything else.
 */
export async function readPublicKey(armored: string): Promise<{ readonly fingerprint: string }> {
  demand(ONLY.test(armored), 'cert', 'This is not one armored public key and nothing beside it.')
  const [bytes, ...more] = await certificatesIn(armored)
  demand(bytes !== undefined && more.length === 0, 'cert', 'This is not one public key.')
  const all = packetsOf(await bytesInArmor(armored))
  const read = packetsOf(bytes)
  const same = all.length === read.length && all.every((packet, i) => packet === read[i])
  demand(same, 'cert', 'Something else than one public key stands in this armor.')
  const key = await readKey({ binaryKey: bytes })
  return { fingerprint: key.getFingerprint().toUpperCase() }
}

const ONLY =
  /^-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n[^-]*-----END PGP PUBLIC KEY BLOCK-----\r?\n?$/

async function bytesInArmor(armored: string): Promise<Bytes> {
  try {
    const armor: unknown = await unarmor(armored)
    const { type, data } = armor as { readonly type: unknown; readonly data: unknown }
    demand(type === enums.armor.publicKey, 'cert', 'This is not the armor of a public key.')
    demand(data instanceof Uint8Array, 'cert', 'This is not the armor of a public key.')
    return new Uint8Array(data)
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    throw new Refused('cert', 'This is not the armor of a public key.', { cause })
  }
}

/** Each with its kind, in one order: programs write the same packets with other headers and in another sequence. */
function packetsOf(bytes: Bytes): readonly string[] {
  const packets: string[] = []
  for (let at = 0; at < bytes.length;) {
    const { tag, start, end } = headerAt(bytes, at)
    demand(end <= bytes.length, 'cert', 'A packet of this key is cut off.')
    packets.push(`${tag} ${hexOfBytes(bytes.slice(start, end))}`)
    at = end
  }
  return packets.sort()
}

/** RFC 9580, 4.2: both forms of the header. A length that is not given at once is for encrypted data only. */
function headerAt(bytes: Bytes, at: number) {
  const byte = (n: number) => bytes[at + n] ?? 0
  const big = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => byte(from + n)).reduce((sum, b) => sum * 256 + b, 0)
  const first = byte(0)
  demand(first >= 0x80, 'cert', 'This is not an OpenPGP key.')
  const [tag, header, length] =
    first < 0xc0
      ? ([(first >> 2) & 15, ...oldLength(first & 3, big)] as const)
      : ([first & 63, ...newLength(byte(1), big)] as const)
  const start = at + header
  return { tag, start, end: start + length }
}

type Big = (from: number, count: number) => number

function oldLength(kind: number, big: Big): readonly [number, number] {
  demand(kind < 3, 'cert', 'A packet of this key has no length.')
  const count = 1 << kind
  return [1 + count, big(1, count)]
}

function newLength(first: number, big: Big): readonly [number, number] {
  if (first < 192) return [2, first]
  if (first < 224) return [3, big(1, 2) - 0xc000 + 192]
  demand(first === 255, 'cert', 'A packet of this key has no length.')
  return [6, big(2, 4)]
}
