import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { type Bytes, bytesOfHex, hexOfBytes, textOfBytes } from '#lexicon'
import { base64UrlOfBytes, bytesOfBase64Url } from './base64url.ts'
import { type CborMap, readCbor, readCborMap } from './strict-cbor.ts'

/* What a browser and an authenticator say, checked. Nothing here knows the database. */

/** A passkey as the server keeps it. */
export type Credential = {
  readonly id: Bytes
  /** COSE_Key. */
  readonly publicKey: Bytes
  readonly counter: number
  /** Its maker may copy it to other devices. */
  readonly synced: boolean
}

type RegistrationResponse = {
  readonly id: string
  readonly client_data: string
  readonly attestation: string
}
export type AssertionResponse = {
  readonly id: string
  readonly client_data: string
  readonly authenticator_data: string
  readonly signature: string
}
/** What both must have been made for: a nonce of ours, at our origin. */
type Expected = { readonly nonce: string; readonly origin: string }

/** ES256, EdDSA, RS256: what a registration asks for, and nothing else is taken. */
const ALGORITHMS = [-7, -8, -257]
/** A vault names its keys by the ids of passkeys, and has room for names of 512 letters. */
const LONGEST_ID = 384

/** The nonce in what the browser signed along, 64 hex digits; undefined when there is none of our form. */
export function nonceOf(clientData: string): string | undefined {
  const { challenge } = readClientData(clientData) ?? {}
  const nonce = typeof challenge === 'string' ? bytesOfBase64Url(challenge) : undefined
  return nonce?.length === 32 ? hexOfBytes(nonce) : undefined
}

/** A new passkey, or undefined when any check of WebAuthn Level 3, 7.1 fails. Attestation is not asked for. */
export async function readRegistration(
  { id, client_data, attestation }: RegistrationResponse,
  { nonce, origin }: Expected,
): Promise<Credential | undefined> {
  const object = bytesOfBase64Url(attestation)
  if (object === undefined || !isPlainClient(client_data) || !isPlainAttestation(object))
    return undefined
  const response: RegistrationResponseJSON = {
    id,
    rawId: id,
    type: 'public-key',
    response: { clientDataJSON: client_data, attestationObject: attestation },
    clientExtensionResults: {},
  }
  const answer = await quietly(() =>
    verifyRegistrationResponse({
      response,
      expectedChallenge: challengeOf(nonce),
      expectedOrigin: origin,
      expectedRPID: new URL(origin).hostname,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  )
  if (answer?.verified !== true) return undefined
  const { credential, credentialDeviceType } = answer.registrationInfo
  const publicKey = new Uint8Array(credential.publicKey)
  // The name under which it is kept is the one that the authenticator made, not what the request says.
  if (credential.id !== id) return undefined
  const own = bytesOfBase64Url(id)
  if (own === undefined || own.length > LONGEST_ID) return undefined
  const synced = credentialDeviceType === 'multiDevice'
  return { id: own, publicKey, counter: credential.counter, synced }
}

/** Of a registration that was refused: did its authenticator only not ask who is there? */
export function verifiesNobody({
  attestation,
}: Pick<RegistrationResponse, 'attestation'>): boolean {
  const data = authenticatorDataIn(bytesOfBase64Url(attestation))
  return data !== undefined && ((data[FLAGS] ?? 0) & USER_VERIFIED) === 0
}

/**
 * The counter in an assertion by this key, or undefined when any check of WebAuthn Level 3, 7.2 fails:
 * user verification included. Whether the counter moved on is left to whoever keeps it, who can do that
 * in one step; and an early end here would tell a known passkey from an unknown one (R16).
 */
export async function readAssertion(
  { id, client_data, authenticator_data, signature }: AssertionResponse,
  publicKey: Bytes,
  { nonce, origin }: Expected,
): Promise<number | undefined> {
  if (!isPlainClient(client_data) || bytesOfBase64Url(signature) === undefined) return undefined
  if (bytesOfBase64Url(authenticator_data) === undefined) return undefined
  const response: AuthenticationResponseJSON = {
    id,
    rawId: id,
    type: 'public-key',
    response: {
      clientDataJSON: client_data,
      authenticatorData: authenticator_data,
      signature,
    },
    clientExtensionResults: {},
  }
  const answer = await quietly(() =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: challengeOf(nonce),
      expectedOrigin: origin,
      expectedRPID: new URL(origin).hostname,
      requireUserVerification: true,
      credential: { id, publicKey, counter: 0 },
    }),
  )
  return answer?.verified === true ? answer.authenticationInfo.newCounter : undefined
}

function challengeOf(nonce: string): string {
  return base64UrlOfBytes(bytesOfHex(nonce))
}

/** The library says no by throwing, in words that are for nobody here. */
async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}

function readClientData(clientData: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = bytesOfBase64Url(clientData)
  if (bytes === undefined) return undefined
  try {
    const value: unknown = JSON.parse(textOfBytes(bytes))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** Not inside a frame of somebody else: the library lets that pass in a registration. */
function isPlainClient(clientData: string): boolean {
  const data = readClientData(clientData)
  return data !== undefined && data['crossOrigin'] !== true && data['topOrigin'] === undefined
}

function authenticatorDataIn(object: Bytes | undefined): Uint8Array | undefined {
  try {
    const attestation = object === undefined ? undefined : readCbor(object)
    const data: unknown = attestation instanceof Map ? attestation.get('authData') : undefined
    return data instanceof Uint8Array ? data : undefined
  } catch {
    return undefined
  }
}

/**
 * Every byte is accounted for, which the library's decoder is not strict about: it takes what was cut off
 * and what follows. With no attestation or that of the passkey by itself: certificates of makers say
 * nothing that we use, and their parsers are not for strangers to feed.
 */
function isPlainAttestation(object: Bytes): boolean {
  try {
    const attestation = readCbor(object)
    if (!(attestation instanceof Map)) return false
    const statement: unknown = attestation.get('attStmt')
    const data: unknown = attestation.get('authData')
    const format: unknown = attestation.get('fmt')
    if (!(statement instanceof Map) || !(data instanceof Uint8Array)) return false
    const own = format === 'packed' && !statement.has('x5c')
    return (format === 'none' || own) && isKeyOfItsAlgorithm(publicKeyIn(data))
  } catch {
    return false
  }
}

/** What stands before the credential id: hash, flags, counter, AAGUID, its length (6.5.1). */
const FRONT = 32 + 1 + 4 + 16 + 2
const FLAGS = 32
const USER_VERIFIED = 0x04
const HAS_EXTENSIONS = 0x80

/** The key in authenticator data that ends with it, or with its extensions. Throws a RangeError. */
function publicKeyIn(data: Uint8Array): CborMap {
  const idLength = ((data[FRONT - 2] ?? 0) << 8) | (data[FRONT - 1] ?? 0)
  const key = readCborMap(data, FRONT + idLength)
  const extended = ((data[FLAGS] ?? 0) & HAS_EXTENSIONS) !== 0
  const end = extended ? readCborMap(data, key.end).end : key.end
  if (end !== data.length) throw new RangeError('something follows')
  return key.value
}

/** ES256 on P-256, EdDSA on Ed25519, RS256 with 2048 bits at least: never another mixture (RFC 9053, 8230). */
function isKeyOfItsAlgorithm(key: CborMap): boolean {
  const has = (label: number, value: number) => key.get(label) === value
  const lengthOf = (label: number) => {
    const bytes = key.get(label)
    return bytes instanceof Uint8Array ? bytes.length : 0
  }
  switch (key.get(3)) {
    case -7:
      return has(1, 2) && has(-1, 1) && lengthOf(-2) === 32 && lengthOf(-3) === 32
    case -8:
      return has(1, 1) && has(-1, 6) && lengthOf(-2) === 32
    case -257:
      return has(1, 3) && lengthOf(-1) >= 256 && lengthOf(-2) > 0
    default:
      return false
  }
}
