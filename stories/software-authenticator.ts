import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { concatBytes } from '#lexicon'

/*
 * A passkey in memory, for tests: what a browser and an authenticator make together (WebAuthn Level 3,
 * 5.8, 6.1, 6.5), and every way to make it wrong.
 */

/** What to do otherwise than an honest browser and an honest authenticator. */
export type Twist = {
  readonly type?: string
  readonly origin?: string
  readonly rpId?: string
  /** Of the client data beside the usual ones. */
  readonly client?: Readonly<Record<string, unknown>>
  /** User present 1, verified 4, may be copied 8, is copied 16, attested 64, extensions 128. */
  readonly flags?: number
  readonly counter?: number
  /** Changes the bytes before they are signed and sent. */
  readonly data?: (authenticatorData: Uint8Array) => Uint8Array
  readonly attestation?: (object: Uint8Array) => Uint8Array
  readonly format?: string
  readonly statement?: ReadonlyMap<string, Cbor>
  /** Attests with its own key (8.2). */
  readonly attestsItself?: true
  /** The COSE key to show. */
  readonly key?: ReadonlyMap<number, Cbor>
  /** The id that the request names. */
  readonly id?: string
}

export type Algorithm = -7 | -8 | -257

export type SoftwareAuthenticator = {
  readonly id: string
  counter: number
  readonly register: (nonce: string, twist?: Twist) => MadeRegistration
  readonly assert: (nonce: string, twist?: Twist) => MadeAssertion
}
export type MadeRegistration = {
  readonly id: string
  readonly client_data: string
  readonly attestation: string
  readonly transports: string[]
}
export type MadeAssertion = {
  readonly id: string
  readonly client_data: string
  readonly authenticator_data: string
  readonly signature: string
}

const VERIFIED = 1 | 4
const ATTESTED = 64

/** A fresh passkey for this origin. `nonce` is what the desk's challenge said, in hex. */
export function newAuthenticator(
  origin: string,
  { algorithm = -7, counting = false }: { algorithm?: Algorithm; counting?: boolean } = {},
): SoftwareAuthenticator {
  const rawId = new Uint8Array(randomBytes(32))
  const name = base64Url(rawId)
  const { publicKey, privateKey } = keyPair(algorithm)
  const coseKey = coseKeyOf(publicKey, algorithm)
  const signature = (data: Uint8Array, client: string): Uint8Array => {
    const digest = createHash('sha256').update(Buffer.from(client, 'base64url')).digest()
    const signed = concatBytes(data, new Uint8Array(digest))
    return new Uint8Array(sign(algorithm === -8 ? null : 'sha256', signed, privateKey))
  }
  const passkey: SoftwareAuthenticator = {
    id: name,
    counter: 0,
    register(nonce, twist = {}) {
      const client_data = clientData('webauthn.create', nonce, origin, twist)
      const attested = concatBytes(
        new Uint8Array(16),
        Uint8Array.of(0, rawId.length),
        rawId,
        encodeCbor(twist.key ?? coseKey),
      )
      const front = frontOf(origin, twist, VERIFIED | ATTESTED, passkey.counter)
      const data = (twist.data ?? same)(concatBytes(front, attested))
      const own = new Map<string, Cbor>([
        ['alg', algorithm],
        ['sig', signature(data, client_data)],
      ])
      const itself = twist.attestsItself === true
      const object = encodeCbor(
        new Map<string, Cbor>([
          ['fmt', twist.format ?? (itself ? 'packed' : 'none')],
          ['attStmt', twist.statement ?? (itself ? own : new Map())],
          ['authData', data],
        ]),
      )
      const attestation = base64Url((twist.attestation ?? same)(object))
      return { id: twist.id ?? name, client_data, attestation, transports: ['internal'] }
    },
    assert(nonce, twist = {}) {
      if (counting) passkey.counter += 1
      const client_data = clientData('webauthn.get', nonce, origin, twist)
      const data = (twist.data ?? same)(frontOf(origin, twist, VERIFIED, passkey.counter))
      return {
        id: twist.id ?? name,
        client_data,
        authenticator_data: base64Url(data),
        signature: base64Url(signature(data, client_data)),
      }
    },
  }
  return passkey
}

function same(bytes: Uint8Array): Uint8Array {
  return bytes
}

function clientData(usual: string, nonce: string, origin: string, twist: Twist): string {
  const data = {
    type: twist.type ?? usual,
    challenge: base64Url(new Uint8Array(Buffer.from(nonce, 'hex'))),
    origin: twist.origin ?? origin,
    crossOrigin: false,
    ...twist.client,
  }
  return Buffer.from(JSON.stringify(data)).toString('base64url')
}

/** Hash of the relying party, flags, counter. */
function frontOf(origin: string, twist: Twist, usual: number, counter: number): Uint8Array {
  const rpId = twist.rpId ?? new URL(origin).hostname
  const front = new Uint8Array(37)
  front.set(createHash('sha256').update(rpId).digest())
  front[32] = twist.flags ?? usual
  new DataView(front.buffer).setUint32(33, twist.counter ?? counter)
  return front
}

function keyPair(algorithm: Algorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  if (algorithm === -8) return generateKeyPairSync('ed25519')
  if (algorithm === -257) return generateKeyPairSync('rsa', { modulusLength: 2048 })
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

function coseKeyOf(publicKey: KeyObject, algorithm: Algorithm): ReadonlyMap<number, Cbor> {
  const jwk = publicKey.export({ format: 'jwk' })
  const bytes = (text: string | undefined) => new Uint8Array(Buffer.from(text ?? '', 'base64url'))
  const alg: [number, Cbor] = [3, algorithm]
  if (algorithm === -8) return new Map([[1, 1], alg, [-1, 6], [-2, bytes(jwk.x)]])
  if (algorithm === -257) return new Map([[1, 3], alg, [-1, bytes(jwk.n)], [-2, bytes(jwk.e)]])
  return new Map([[1, 2], alg, [-1, 1], [-2, bytes(jwk.x)], [-3, bytes(jwk.y)]])
}

export type Cbor = number | string | Uint8Array | ReadonlyMap<number | string, Cbor>

/** As much of RFC 8949 as passkeys need. */
function encodeCbor(value: Cbor): Uint8Array {
  if (typeof value === 'number') return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value)
  if (typeof value === 'string') {
    const text = new TextEncoder().encode(value)
    return concatBytes(cborHead(3, text.length), text)
  }
  if (value instanceof Uint8Array) return concatBytes(cborHead(2, value.length), value)
  const items = [...value].flatMap(([key, item]) => [encodeCbor(key), encodeCbor(item)])
  return concatBytes(cborHead(5, value.size), ...items)
}

function cborHead(major: number, argument: number): Uint8Array {
  const first = major << 5
  if (argument < 24) return Uint8Array.of(first | argument)
  if (argument < 256) return Uint8Array.of(first | 24, argument)
  return Uint8Array.of(first | 25, argument >> 8, argument & 0xff)
}

function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
