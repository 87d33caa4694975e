/** Why a passkey was not made or not used, as far as a browser says it. */
export type PasskeyErrorCode =
  | 'cancelled'
  | 'second-touch'
  | 'unsupported'
  | 'no-authenticator'
  | 'already-here'
  | 'wrong-origin'
  | 'failed'

/** `message` is one sentence or two for the person. */
export class PasskeyError extends Error {
  override readonly name = 'PasskeyError'
  readonly code: PasskeyErrorCode

  constructor(code: PasskeyErrorCode) {
    super(SENTENCES[code])
    this.code = code
  }
}

/**
 * Browsers report by the name of a DOMException. Its own text is never shown: it is written for
 * developers, and some put addresses into it.
 */
export function passkeyErrorOf(thrown: unknown): PasskeyError {
  if (thrown instanceof PasskeyError) return thrown
  const name = thrown instanceof Error ? thrown.name : ''
  return new PasskeyError(CODES.get(name) ?? 'failed')
}

const CODES: ReadonlyMap<string, PasskeyErrorCode> = new Map([
  ['AbortError', 'cancelled'],
  ['ConstraintError', 'no-authenticator'],
  ['InvalidStateError', 'already-here'],
  ['NotAllowedError', 'cancelled'],
  ['NotSupportedError', 'no-authenticator'],
  ['SecurityError', 'wrong-origin'],
])

const SENTENCES: Readonly<Record<PasskeyErrorCode, string>> = {
  cancelled:
    'The passkey was not used: the question was closed, ran out of time, or found no passkey of this desk. Nothing was sent. Try again.',
  'second-touch':
    'The second touch did not happen, so nothing was sent. Make the passkey again: the new one takes the place of this one.',
  unsupported:
    'This browser has no passkeys. Use a current Firefox, Chrome, Edge or Safari, or the command line with a key file.',
  'no-authenticator':
    'Nothing here can make such a passkey: it must be kept by the device and ask for a PIN, finger or face. Try a phone or a security key with a PIN.',
  'already-here':
    'This device or security key holds a passkey of yours already. Use another one, or go on with that.',
  'wrong-origin':
    'Passkeys work only at the desk’s own address with https, or at localhost. Open the desk by the address that its operator gave you.',
  failed:
    'The device or security key could not do it. Nothing was sent. Take it out and in again, or use another one.',
}
