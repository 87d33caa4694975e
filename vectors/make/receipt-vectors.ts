import { bytesOfHex, hexOfBytes } from '#lexicon'
import { derive, type Statement } from '#seal'
import { type Actor, type Cast, standIn } from './actors.ts'
import { add, addToCase, type Chain, type Fields, lastId } from './chains.ts'
import { acceptanceOf, accepting, newLedger } from './ledgers.ts'
import type { Shelf } from './shelf.ts'
import { openCase, smallDesk } from './steps.ts'

/** 16 bytes, and their twelve words (the second line of BIP-39's own vectors). */
const ENTROPY = '7f'.repeat(16)
const WORDS = 'legal winner thank year wave sausage worth useful legal winner thank yellow'

/** What a reporter holds: twelve words, and the ledger's signed acceptance. */
export async function makeReceipts(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, server, server2, c1, c2 } = people
  const desk = await smallDesk(people)
  const within = await openCase(desk, reporter)
  const ledger = await accepting(await newLedger(desk, server), server, desk)
  const receipt = await last(add(ledger, server, 'ledger.accept', acceptanceOf(within.chain, 0)))
  const derived = derivedAt(desk.id)
  const [opening] = within.chain.statements
  if (opening === undefined) return
  const sound = {
    desk: desk.id,
    server: server.who,
    typed: WORDS,
    derived,
    case_open: opening,
    receipt,
  }
  shelf.accept('receipt', 'report', 'the words, and the receipt of the report', sound)
  const typed = (name: string, why: string, text: string) =>
    shelf.accept('receipt', `words-${name}`, why, { ...sound, typed: text })
  typed('in-capitals', 'capitals are forgiven', WORDS.toUpperCase())
  typed(
    'by-four-letters',
    'four letters of each word suffice',
    WORDS.replaceAll(/\b(\w{4})\w*/g, '$1'),
  )
  typed(
    'with-line-breaks',
    'line breaks, numbers and marks are forgiven',
    WORDS.split(' ')
      .map((word, n) => `${n + 1}. ${word},`)
      .join('\n'),
  )
  typed(
    'with-wide-letters',
    'full-width letters are forgiven',
    WORDS.replace('legal', 'ｌｅｇａｌ'),
  )
  const wrong = (
    name: string,
    check: string,
    what: string,
    over: Readonly<Record<string, unknown>>,
  ) => shelf.reject('receipt', name, check, { against: 'report', what }, { ...sound, ...over })
  const mistyped = (name: string, what: string, text: string) =>
    wrong(`words-${name}`, 'code', what, { typed: text })
  mistyped('with-one-wrong', 'the last word', WORDS.replace('yellow', 'zoo'))
  mistyped('with-two-swapped', 'two words', WORDS.replace('legal winner', 'winner legal'))
  mistyped('eleven', 'a word is gone', WORDS.slice(6))
  mistyped('thirteen', 'a word more', `${WORDS} legal`)
  mistyped('with-no-word-of-the-list', 'one word', WORDS.replace('sausage', 'sausages'))
  mistyped('by-three-letters', 'a word is three letters', WORDS.replace('sausage', 'sau'))
  mistyped('empty', 'nothing', '')
  wrong('derived-for-another-desk', 'derive', 'derived (N30)', {
    derived: derivedAt(standIn('another desk')),
  })
  await wrongReceipts(shelf, people, { desk, ledger, sound })
  await laterReceipts(shelf, { server, server2, c1, c2 }, desk)
  const notice = await addToCase(within, c1, 'case.ack')
  const second = await last(add(ledger, server, 'ledger.accept', acceptanceOf(notice.chain, 1)))
  const place = { chain: notice.chain.id, seq: 1 }
  shelf.accept('receipt', 'acknowledgement', 'the receipt of a later statement has no number', {
    desk: desk.id,
    server: server.who,
    statement: notice.chain.statements[1],
    place,
    receipt: second,
  })
}

function derivedAt(desk: string) {
  const what = (name: string) => derive(bytesOfHex(ENTROPY), desk, `receipt ${name}`)
  return {
    lookup: hexOfBytes(what('lookup').slice(0, 16)),
    auth: hexOfBytes(what('auth')),
    wrap: hexOfBytes(what('wrap')),
  }
}

type Sound = {
  readonly desk: Chain
  readonly ledger: Chain
  readonly sound: Readonly<Record<string, unknown>> & { readonly receipt: Statement }
}

async function wrongReceipts(
  shelf: Shelf,
  { server, c1, reporter, claimant }: Cast,
  { desk, ledger, sound }: Sound,
): Promise<void> {
  const within = await openCase(desk, reporter)
  const other = await openCase(desk, claimant)
  const fields = acceptanceOf(within.chain, 0)
  const wrong = async (
    name: string,
    check: string,
    what: string,
    over: Fields,
    by: Pick<Actor, 'who' | 'signer'> = server,
    type = 'ledger.accept',
  ) => {
    const chosen = type === 'ledger.accept' ? { ...fields, ...over } : over
    const receipt = await last(add(ledger, by, type, chosen))
    shelf.reject('receipt', name, check, { against: 'report', what }, { ...sound, receipt })
  }
  await wrong(
    'signed-by-another',
    'F3',
    'sig: by a coordinator (N10)',
    {},
    { who: server.who, signer: c1.signer },
  )
  await wrong('by-another', 'by', 'by: a coordinator', {}, c1)
  await wrong('of-another-statement', 'of', 'of_id', { of_id: standIn('another statement') })
  await wrong('of-another-chain', 'of', 'of_chain', { of_chain: standIn('another chain') })
  await wrong('of-another-place', 'of', 'of_seq', { of_seq: 1, number: '' })
  await wrong('without-a-number', 'of', 'number', { number: '' })
  await wrong('of-another-desk', 'F2', 'desk (N30)', { desk: standIn('another desk') })
  await wrong('without-a-dir', 'F4', 'dir', { dir: '' })
  await wrong('with-a-field-more', 'F1', 'a field more', { more: 1 })
  const event = { kind: 'mail-in', about: within.chain.id, count: 1, note: '' }
  await wrong('that-is-an-event', 'of', 'type', event, server, 'ledger.event')
  shelf.reject(
    'receipt',
    'of-another-report',
    'of',
    { against: 'report', what: 'case_open (N10)' },
    { ...sound, case_open: other.chain.statements[0] },
  )
  const { receipt } = sound
  shelf.reject(
    'receipt',
    'altered',
    'F3',
    { against: 'report', what: 'one letter of number' },
    { ...sound, receipt: { ...receipt, head: receipt.head.replace('7F3KQ', '7F3KR') } },
  )
}

/** The desk chain has no numbers; after `desk.server` another key signs. */
async function laterReceipts(
  shelf: Shelf,
  { server, server2, c1, c2 }: Pick<Cast, 'server' | 'server2' | 'c1' | 'c2'>,
  desk: Chain,
): Promise<void> {
  const ledger = await newLedger(desk, server)
  const sound = (receipt: Statement, by = server) => ({
    desk: desk.id,
    server: by.who,
    statement: desk.statements[6],
    place: { chain: desk.id, seq: 6 },
    receipt,
  })
  const accepted = acceptanceOf(desk, 6)
  const receipt = await last(add(ledger, server, 'ledger.accept', accepted))
  shelf.accept(
    'receipt',
    'desk-statement',
    'a statement of the desk chain has no number',
    sound(receipt),
  )
  const numbered = await last(
    add(ledger, server, 'ledger.accept', { ...accepted, number: '2026-7F3KQ' }),
  )
  const wrong = (name: string, check: string, what: string, input: ReturnType<typeof sound>) =>
    shelf.reject(
      'receipt',
      `desk-statement-${name}`,
      check,
      { against: 'desk-statement', what },
      input,
    )
  wrong('with-a-number', 'of', 'number', sound(numbered))
  wrong('of-the-former-server', 'by', 'server is the new one', sound(receipt, server2))
  wrong('in-another-place', 'of', 'place', { ...sound(receipt), place: { chain: desk.id, seq: 5 } })
  const approved = await add(
    await add(desk, c1, 'desk.server', { server: server2.who }),
    c2,
    'desk.beat',
  )
  const later = await last(
    add({ ...ledger, dir: lastId(approved) }, server2, 'ledger.accept', acceptanceOf(approved, 8)),
  )
  shelf.accept('receipt', 'desk-statement-by-the-new-server', 'the new key signs', {
    desk: desk.id,
    server: server2.who,
    statement: approved.statements[8],
    place: { chain: desk.id, seq: 8 },
    receipt: later,
  })
}

async function last(chain: Promise<Chain>): Promise<Statement> {
  const statement = (await chain).statements.at(-1)
  if (statement === undefined) throw new RangeError('This chain is empty.')
  return statement
}
