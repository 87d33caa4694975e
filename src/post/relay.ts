import { createTransport } from 'nodemailer'
import { MINUTE, SECOND } from '#lexicon'
import type { WaitingMail } from './waiting-mail.ts'

/** The server that carries what the desk sends. */
export type RelaySettings = {
  readonly host: string
  readonly port: number
  /** `required`: TLS with a certificate that verifies, or nothing goes. `opportunistic`: TLS where it is offered. */
  readonly tls: 'required' | 'opportunistic' | 'none'
  readonly login?: { readonly user: string; readonly password: string }
  /** What we call ourselves to it. */
  readonly helo: string
  readonly dkim?: {
    readonly domain: string
    readonly selector: string
    /** PEM, RSA. */
    readonly key: string
  }
}

/**
 * What became of one attempt. `answer`: the digits of the other side, or one of a few words of ours when
 * it never came to that; nothing else of what it said is kept, for it may quote an address.
 */
export type Attempt = {
  readonly became: 'sent' | 'dead' | 'later'
  readonly answer: string
  /** Is it the relay itself that failed? Then the next mail would fare no better. */
  readonly away: boolean
}

export type Relay = { readonly send: (mail: WaitingMail) => Promise<Attempt> }

/** An attempt is over by then, whatever the other side does. */
export const ATTEMPT_WITHIN = 2 * MINUTE

/**
 * Every field that the desk writes. nodemailer names those that a mail has, each once (RFC 6376, 8.15): what is
 * absent, or stands there once more, can be put into a signed mail afterwards. Nobody may rely on more than that.
 */
const SIGNED =
  'From:Reply-To:Subject:Date:Message-ID:To:In-Reply-To:References:Auto-Submitted:Autocrypt:MIME-Version:Content-Type:Content-Transfer-Encoding'

export function openRelay({ host, port, tls, login, helo, dkim }: RelaySettings): Relay {
  const transport = createTransport({
    host,
    port,
    name: helo,
    secure: port === 465 && tls !== 'none',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'none',
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: tls === 'required' },
    // Without forceAuth a relay that hides AUTH from us would be used without a login.
    ...(login && { auth: { user: login.user, pass: login.password }, forceAuth: true }),
    ...(dkim && {
      dkim: {
        domainName: dkim.domain,
        keySelector: dkim.selector,
        privateKey: dkim.key,
        headerFieldNames: SIGNED,
      },
    }),
    connectionTimeout: 20 * SECOND,
    greetingTimeout: 20 * SECOND,
    dnsTimeout: 10 * SECOND,
    socketTimeout: 60 * SECOND,
    maxResponseSize: 64 * 1024,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async ({ from, to, raw }) => {
      try {
        const { response } = await transport.sendMail({
          envelope: { from, to: [to] },
          raw: Buffer.from(raw),
          signal: AbortSignal.timeout(ATTEMPT_WITHIN),
        })
        return { became: 'sent', answer: digitsOf(response), away: false }
      } catch (error) {
        return attemptOf(error)
      }
    },
  }
}

/** The words for what never came to an answer. */
const WORDS: ReadonlyMap<unknown, string> = new Map([
  ['EAUTH', 'login'],
  ['ENOAUTH', 'login'],
  ['ETLS', 'tls'],
  ['ABORT_ERR', 'late'],
  ['ETIMEDOUT', 'late'],
])

function attemptOf(error: unknown): Attempt {
  const { code, originalCode, command, response, responseCode } = {
    code: undefined,
    originalCode: undefined,
    command: undefined,
    response: undefined,
    responseCode: undefined,
    ...(error instanceof Error ? Object.fromEntries(Object.entries(error)) : {}),
  }
  const answer = typeof response === 'string' ? digitsOf(response) : ''
  // Only what is said about this recipient or this mail is about it: the rest is between the relay and us.
  const about = command === 'RCPT TO' || command === 'DATA'
  const final = typeof responseCode === 'number' && responseCode >= 500 && responseCode <= 599
  if (about && final) return { became: 'dead', answer, away: false }
  const word = WORDS.get(code) ?? (answer === '' ? brokenBy(originalCode) : answer)
  return { became: 'later', answer: word, away: !about }
}

/** A certificate that does not verify is an error of the socket like any other, but not for who has to mend it. */
function brokenBy(code: unknown): string {
  const tls = typeof code === 'string' && /CERT|^ERR_TLS|^ERR_SSL|^HOSTNAME|^UNABLE_TO/.test(code)
  return tls ? 'tls' : 'unreachable'
}

/** `550 5.1.1` of an answer, and never its text. */
function digitsOf(response: string): string {
  const [, code = '', more] = /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3})(?!\S))?/.exec(response) ?? []
  return more === undefined ? code : `${code} ${more}`
}
