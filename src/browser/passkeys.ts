import {
  type AuthenticationResponseJSON,
  base64URLStringToBuffer,
  browserSupportsWebAuthn,
  bufferToBase64URLString,
  type RegistrationResponseJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'
import { type Bytes, bytesOfHex, bytesOfText } from '#lexicon'
import type { Asserted, Prf, Registered } from '#worker'
import { type PasskeyAct, PasskeyError, passkeyErrorOf } from './passkey-error.ts'
import { passkeyLabel } from './passkey-label.ts'

export type MadePasskey = {
  readonly registration: Registered
  readonly prf: Prf
  readonly label: string
}

/**
 * Makes a passkey that the device finds by itself and that asks for PIN, finger or face. Older security
 * keys give their secret only to a second touch: `again` tells the person before it. Throws `PasskeyError`.
 */
export async function makePasskey(given: {
  /** From the desk, 32 bytes in hex. */
  readonly nonce: string
  /** The person's key, hex. */
  readonly who: string
  readonly handle: string
  readonly deskName: string
  /** Credential ids that must not be made twice on one authenticator. */
  readonly exclude: readonly string[]
  /** Resolves when the person is ready for the second touch. */
  readonly again: () => Promise<void>
}): Promise<MadePasskey> {
  demandPasskeys('make')
  const response = await startRegistration({
    optionsJSON: {
      challenge: base64url(bytesOfHex(given.nonce)),
      rp: { id: location.hostname, name: given.deskName },
      user: {
        id: base64url(bytesOfHex(given.who)),
        name: given.handle,
        displayName: given.handle,
      },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: 'public-key' })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
      excludeCredentials: given.exclude.map((id) => ({ id, type: 'public-key' })),
      extensions: await prfExtension(),
    },
  }).catch((error: unknown) => {
    throw passkeyErrorOf(error, 'make')
  })
  const { prf, enabled } = takePrf(response)
  const made = {
    registration: registeredOf(response),
    label: labelOf(response),
  }
  if (prf !== undefined || !enabled) return { ...made, prf }
  await given.again()
  return { ...made, prf: await prfBySecondTouch(response.id) }
}

/**
 * Touches a passkey of this desk: any (the device offers those that it has), or one of `only`.
 * Throws `PasskeyError`.
 */
export async function usePasskey(given: {
  readonly nonce: string
  readonly only?: readonly string[]
}): Promise<{ readonly assertion: Asserted; readonly prf: Prf }> {
  const response = await assert(bytesOfHex(given.nonce), given.only ?? [])
  const { prf } = takePrf(response)
  return { assertion: assertedOf(response), prf }
}

/** ES256, Ed25519, RS256: what the desk accepts. */
const ALGORITHMS = [-7, -8, -257]

async function assert(
  challenge: Bytes,
  only: readonly string[],
): Promise<AuthenticationResponseJSON> {
  demandPasskeys('use')
  try {
    return await startAuthentication({
      optionsJSON: {
        challenge: base64url(challenge),
        rpId: location.hostname,
        allowCredentials: only.map((id) => ({ id, type: 'public-key' })),
        userVerification: 'required',
        extensions: await prfExtension(),
      },
    })
  } catch (error) {
    throw passkeyErrorOf(error, 'use')
  }
}

/** The desk learns nothing of this touch, so the challenge is our own. */
async function prfBySecondTouch(id: string): Promise<Prf> {
  try {
    return takePrf(await assert(crypto.getRandomValues(new Uint8Array(32)), [id])).prf
  } catch (error) {
    if (error instanceof PasskeyError && error.code === 'cancelled')
      throw new PasskeyError('second-touch', 'use')
    throw error
  }
}

/** PROTOCOL 4.2: one constant for all, so that a touch without a user name already unlocks. */
async function prfExtension(): Promise<{
  readonly prf: { readonly eval: { first: ArrayBuffer } }
}> {
  const first = await crypto.subtle.digest('SHA-256', bytesOfText('postern/1 prf'))
  return { prf: { eval: { first } } }
}

/**
 * Takes the PRF's secret out of the answer before anything else is made of it: what is sent to the desk
 * is then written field by field, so the secret can never travel (K19).
 */
function takePrf(response: RegistrationResponseJSON | AuthenticationResponseJSON): {
  readonly prf: Prf
  readonly enabled: boolean
} {
  const { enabled, results } = response.clientExtensionResults.prf ?? {}
  response.clientExtensionResults = {}
  return { prf: copyOf(results?.first), enabled: enabled === true }
}

function copyOf(secret: ArrayBufferLike | ArrayBufferView | undefined): Prf {
  if (secret === undefined) return undefined
  if (!ArrayBuffer.isView(secret)) return new Uint8Array(secret).slice().buffer
  const { buffer, byteOffset, byteLength } = secret
  return new Uint8Array(buffer, byteOffset, byteLength).slice().buffer
}

function registeredOf({ id, response }: RegistrationResponseJSON): Registered {
  return {
    id,
    client_data: response.clientDataJSON,
    attestation: response.attestationObject,
    transports: transportsOf(response.transports),
  }
}

function assertedOf({ id, response }: AuthenticationResponseJSON): Asserted {
  return {
    id,
    client_data: response.clientDataJSON,
    authenticator_data: response.authenticatorData,
    signature: response.signature,
  }
}

/** As the contract wants them; a browser may invent new ones. */
function transportsOf(transports: readonly string[] | undefined): string[] {
  return (transports ?? []).filter((each) => /^[a-z-]{1,20}$/.test(each)).slice(0, 8)
}

function labelOf({ response }: RegistrationResponseJSON): string {
  const { authenticatorData, transports } = response
  return passkeyLabel({
    authenticatorData:
      authenticatorData === undefined
        ? undefined
        : new Uint8Array(base64URLStringToBuffer(authenticatorData)),
    transports: transportsOf(transports),
    userAgent: navigator.userAgent,
  })
}

function base64url(bytes: Bytes): string {
  return bufferToBase64URLString(bytes.buffer)
}

function demandPasskeys(act: PasskeyAct): void {
  if (!browserSupportsWebAuthn()) throw new PasskeyError('unsupported', act)
}
