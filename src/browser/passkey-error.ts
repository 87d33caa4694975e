/** Why a passkey was not made or not used, as far as a browser says it. */
export type PasskeyErrorCode =
  | 'cancelled'
  | 'not-made'
  | 'second-touch'
  | 'unsupported'
  | 'no-authenticator'
  | 'already-here'
  | 'wrong-origin'
  | 'failed'

/** What was to be done with one. */
export type PasskeyAct = 'make' | 'use'

/** `message` is one sentence or two for the person, under `title`. */
export class PasskeyError extends Error {
  override readonly name = 'PasskeyError'
  readonly code: PasskeyErrorCode
  readonly title: string

  constructor(code: PasskeyErrorCode, act: PasskeyAct) {
    super(SENTENCES[code])
    this.code = code
    this.title = act === 'make' ? 'No passkey was made.' : 'Your passkey was not used.'
  }
}

/**
 * Browsers report by the name of a DOMException. Its own text is never shown: it is written for
 * developers, and some put addresses into it.
 */
export function passkeyErrorOf(thrown: unknown, act: PasskeyAct): PasskeyError {
  if (thrown instanceof PasskeyError) return thrown
  const name = thrown instanceof Error ? thrown.name : ''
  const code = CODES.get(name) ?? 'failed'
  return new PasskeyError(code === 'cancelled' && act === 'make' ? 'not-made' : code, act)
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
    'The question was closed, ran out of time, found no passkey of this desk, or got no PIN, finger or face. Nothing was sent. Try again.',
  'not-made':
    'The question was closed, ran out of time, or got no PIN, finger or face: a security key needs its PIN set first. Nothing was sent. Try again, or use another device.',
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
