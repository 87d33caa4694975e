import { Readable } from 'node:stream'
import { arc } from 'mailauth/lib/arc/index.js'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { evaluateDmarc } from 'mailauth/lib/dmarc/index.js'
import { spf } from 'mailauth/lib/spf/index.js'
import { bytesOfText, headerValues, readMailHeaders, type Verdict, VERDICTS } from '#lexicon'
import type { MailFacts } from '#seal'
import { boundedQuestions, type Resolve } from './bounded-questions.ts'
import { inSmallChunks } from './in-small-chunks.ts'

export type { Resolve } from './bounded-questions.ts'

type Results = MailFacts['results']
type Asked = Pick<MailFacts, 'client' | 'from'> & { readonly raw: Uint8Array }

/** All questions to the DNS for one mail, together. */
const WITHIN = 2000
/** Each signature may ask for a hash of its own over the whole mail. */
const MOST_SIGNATURES = 10
const MOST_HASHED = 32 * 1024 * 1024
/** The library copies a line anew for every chunk of it, and looks at carriage returns in pairs. */
const LONGEST_LINE = 256 * 1024
const MOST_RETURNS = 8

/**
 * What SPF, DKIM, ARC and DMARC say of a mail, found out here: an Authentication-Results header in it is
 * anybody's word (R48). Facts for whoever reads, never a reason to refuse, hold or delay. Never throws.
 */
export async function authenticateMail(mail: Asked, ask: Resolve): Promise<Results> {
  const resolver = boundedQuestions(ask, WITHIN)
  const [sender, signed] = await Promise.all([
    checkSender(mail, resolver),
    isTooCostly(mail.raw) ? undefined : checkSignatures(mail.raw, resolver).catch(() => undefined),
  ])
  const { verdict, domain } = sender
  if (signed === undefined) {
    const dmarc = await checkUnsigned(mail.raw, sender, resolver)
    return { ...UNCHECKED, dmarc, spf: { domain, verdict } }
  }
  const { chain, dkim } = signed
  return {
    arc: chain,
    dkim: dkim.map((each) => ({ domain: each.domain, verdict: each.verdict })),
    dmarc: await checkPolicy(sender, signed, resolver),
    spf: { domain, verdict },
  }
}

/** Of a mail whose head has no end within our bounds, or that would cost more than a check is worth. */
const UNCHECKED: Results = {
  arc: 'policy',
  dkim: [{ domain: '', verdict: 'policy' }],
  dmarc: { domain: '', policy: '', verdict: 'permerror' },
  spf: { domain: '', verdict: 'none' },
}

function isTooCostly(raw: Uint8Array): boolean {
  const headers = readMailHeaders(raw)
  const signatures =
    headerValues(headers, 'dkim-signature').length +
    headerValues(headers, 'arc-message-signature').length
  const hashed = signatures * raw.length
  const returns = Buffer.alloc(MOST_RETURNS, '\r')
  return (
    !headers.whole ||
    // A line that is no field to us may be a signature to the library, or a second From.
    !headers.plain ||
    signatures > MOST_SIGNATURES ||
    hashed > MOST_HASHED ||
    Buffer.from(raw.subarray(0, headers.end)).includes(returns) ||
    (signatures > 0 && hasLineOver(raw, LONGEST_LINE))
  )
}

function hasLineOver(raw: Uint8Array, most: number): boolean {
  for (let at = 0; at < raw.length;) {
    const feed = raw.indexOf(10, at)
    const end = feed < 0 ? raw.length : feed
    if (end - at > most) return true
    at = end + 1
  }
  return false
}

type Sender = Results['spf']

async function checkSender({ client, from }: Asked, resolver: Resolve): Promise<Sender> {
  const { ip, helo } = client
  // Out of a mailbox: nobody connected, so there is nobody to ask about.
  if (ip === '') return { domain: '', verdict: 'skipped' }
  try {
    const { domain, status } = await spf({ sender: from, ip, helo, mta: 'postern', resolver })
    return { domain, verdict: verdictOf(status.result) }
  } catch {
    return { domain: '', verdict: 'permerror' }
  }
}

type Sets = Awaited<ReturnType<typeof dkimVerify>>['arc']
type Signed = {
  readonly chain: Verdict
  readonly dkim: readonly {
    readonly id: string
    readonly domain: string
    readonly verdict: Verdict
  }[]
  readonly authors: { readonly headerFrom: string[]; readonly fromFields: number }
}

async function checkSignatures(raw: Uint8Array, resolver: Resolve): Promise<Signed> {
  const mail = Readable.from(inSmallChunks(signedPart(raw)), { objectMode: false })
  const {
    results,
    headerFrom,
    fromFields,
    arc: sets,
  } = await dkimVerify(mail, { resolver, strict: true })
  const dkim = results.flatMap(({ id = '', signingDomain: domain, status }) => {
    if (domain === undefined) return []
    // Whoever signed the first lines only (l=) did not sign what stands behind them.
    const partly = status.result === 'pass' && (status.underSized ?? 0) > 0
    return [{ id, domain, verdict: partly ? ('policy' as const) : verdictOf(status.result) }]
  })
  return { chain: await checkChain(sets, resolver), dkim, authors: { headerFrom, fromFields } }
}

/** Of a mail without a signature the head says everything: no body of 30 MiB is read line by line for nothing. */
function signedPart(raw: Uint8Array): Uint8Array {
  const headers = readMailHeaders(raw)
  const signed = SIGNATURES.some((name) => headerValues(headers, name).length > 0)
  return signed || !headers.whole || !headers.plain ? raw : raw.subarray(0, headers.end)
}

const SIGNATURES = ['dkim-signature', 'arc-message-signature', 'arc-seal']

async function checkChain(sets: Sets, resolver: Resolve): Promise<Verdict> {
  const { chain = false, lastEntry, error } = sets ?? {}
  if (chain === false && error === undefined) return 'none'
  const found = { chain: chain || [], ...(lastEntry && { lastEntry }), ...(error && { error }) }
  const { status } = await arc(found, { resolver, strict: true })
  return verdictOf(status.result)
}

async function checkPolicy(
  sender: Sender,
  { dkim, authors }: Signed,
  resolver: Resolve,
): Promise<Results['dmarc']> {
  const passed = dkim.filter(({ verdict }) => verdict === 'pass')
  try {
    const { response } = await evaluateDmarc({
      ...authors,
      spfDomains: sender.verdict === 'pass' ? [sender.domain] : [],
      dkimDomains: passed.map(({ id, domain }) => ({ id, domain })),
      resolver,
    })
    // No author or several: whose policy would hold? (RFC 9989 5.3.1, R47)
    if (response === false) return UNCHECKED.dmarc
    const { status, domain } = response
    // Whoever published none has none, whatever the library's types say.
    const policy = 'policy' in response ? response.policy : ''
    const verdict = verdictOf(status.result)
    // SPF might have passed, and was not asked: then nobody knows.
    const unknown = verdict === 'fail' && sender.verdict === 'skipped'
    return { domain, policy, verdict: unknown ? 'skipped' : verdict }
  } catch {
    return UNCHECKED.dmarc
  }
}

/**
 * The policy of a mail whose signatures are not looked at: nobody gets around it by a head that is too costly.
 * What its domain disowns is disowned; everything else stays unchecked, for nothing passed.
 */
async function checkUnsigned(
  raw: Uint8Array,
  sender: Sender,
  resolver: Resolve,
): Promise<Results['dmarc']> {
  const [from, ...others] = headerValues(readMailHeaders(raw), 'from')
  if (from === undefined || others.length > 0) return UNCHECKED.dmarc
  // A head of this one field: the library reads the address as it always does.
  const field = bytesOfText(`From: ${from.replaceAll('\r', ' ')}\r\n\r\n`)
  try {
    const dmarc = await checkPolicy(sender, await checkSignatures(field, resolver), resolver)
    return dmarc.verdict === 'fail' || dmarc.verdict === 'skipped' ? dmarc : UNCHECKED.dmarc
  } catch {
    return UNCHECKED.dmarc
  }
}

function verdictOf(result: string): Verdict {
  return VERDICTS.find((verdict) => verdict === result) ?? 'permerror'
}
