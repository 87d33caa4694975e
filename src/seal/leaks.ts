import { validateMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { HIDDEN_SIGNS } from '#lexicon'

export const LEAK_CODES = [
  'hidden-letters',
  'secret-key',
  'sealed-message',
  'twelve-words',
  'token',
  'thread-address',
  'address',
  'case-id',
] as const
export type LeakCode = (typeof LEAK_CODES)[number]

/** Something in a text that must not be published. What it is stands nowhere in here: only where it begins. */
export type Leak = { readonly code: LeakCode; readonly line: number }

/** What is said of a leak, to whoever wanted to publish it. */
export const LEAK_WORDS: Readonly<Record<LeakCode, string>> = {
  'hidden-letters':
    'Letters that nobody sees, or that turn the direction of the text, stand in it.',
  'secret-key': 'A secret key stands in it.',
  'sealed-message': 'An encrypted message stands in it: such things are for one reader.',
  'twelve-words':
    'Twelve words that open something stand in it: a receipt, a recovery or the root.',
  token: 'A password or a token stands in it.',
  'thread-address': 'An address of one conversation by mail stands in it.',
  address: 'A mail address stands in it that neither security.txt nor the directory names.',
  'case-id': 'The id of a case, or of a statement in one, stands in it.',
}

const HIDDEN = new RegExp(`(?![\\t\\n\\r])[${HIDDEN_SIGNS}]`, 'u')
const PATTERNS: readonly (readonly [LeakCode, RegExp])[] = [
  ['hidden-letters', HIDDEN],
  ['secret-key', /-----BEGIN [A-Z0-9 ]*(?:PRIVATE|SECRET) KEY/i],
  ['secret-key', /AGE-SECRET-KEY-1[0-9a-z]{20,}/i],
  ['sealed-message', /-----BEGIN PGP MESSAGE/i],
  ['token', /\bBearer\s+[A-Za-z0-9._~+/-]{20,}/i],
  [
    'token',
    /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|AKIA[0-9A-Z]{16})\b/,
  ],
  ['token', /\b(?:xox[abeprs]-[\w-]{10,}|pypi-[\w-]{40,}|sk-[\w-]{30,}|npm_[A-Za-z0-9]{30,})/],
  // From its first dot, which looks back: from its beginning, every `eyJ` of a long row would be read to the end.
  ['token', /\.(?<=eyJ[\w-]{10,}\.)eyJ[\w-]{10,}\.[\w-]{10,}/],
  [
    'token',
    /\b(?:session|token|cookie|password|passphrase|secret|api[_ -]?key)["']?\s*[:=]\s*["']?[A-Za-z0-9+/_-]{20,}/i,
  ],
  // With 128 bits for one case or mail: whoever has it writes into that.
  ['thread-address', /\+[rb][a-z2-7]{26}@/i],
]

export type Public = {
  /** The desk's own words, which are meant to be read everywhere. */
  readonly words: string
  /** Addresses that stand in public already, small; absent where any may stand. */
  readonly addresses?: ReadonlySet<string>
}

/** Every kind of leak in a text, with the line of its first place. Ids of cases are for whoever knows them: `idsIn`. */
export function leaksIn(text: string, { words, addresses }: Public): Leak[] {
  const leaks = new Map<LeakCode, number>()
  const note = (code: LeakCode, at: number) => {
    if (!leaks.has(code)) leaks.set(code, at)
  }
  for (const [code, pattern] of PATTERNS) {
    const at = text.search(pattern)
    if (at >= 0) note(code, at)
  }
  const twelve = twelveWordsAt(withoutOwn(text, words))
  if (twelve >= 0) note('twelve-words', twelve)
  if (addresses !== undefined)
    for (const match of text.matchAll(ADDRESS))
      if (!addresses.has(match[0].toLowerCase())) note('address', match.index)
  return [...leaks].map(([code, at]) => ({ code, line: text.slice(0, at).split('\n').length }))
}

/** Mail addresses in a text, small. */
export function mailAddressesIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(ADDRESS)].map(([address]) => address.toLowerCase()))
}

/** What may be the id of something: 64 hex digits. */
export function idsIn(text: string): readonly string[] {
  const found = text.toLowerCase().matchAll(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g)
  return [...new Set([...found].map(([id]) => id))]
}

const ADDRESS =
  /[\p{L}\p{N}][\p{L}\p{N}._%+-]{0,63}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}(?<![.-])/gu

/**
 * The text without the desk's own words, as long as before: eleven of them and a word that stands beside them
 * (`BEGIN`) belong together by chance, one time in sixteen.
 */
function withoutOwn(text: string, words: string): string {
  if (words === '') return text
  const own = new RegExp(String.raw`\b${words.split(' ').join('[^a-z]{1,80}')}\b`, 'gi')
  return text.replace(own, (found) => 'x'.repeat(found.length))
}

/**
 * Where twelve words of BIP-39 stand in a row, whatever stands between them, and belong together; -1. One row in
 * sixteen does by chance: a text of hundreds that do not was made to be slow, and is taken for one that does.
 */
function twelveWordsAt(text: string): number {
  const row: { readonly word: string; readonly at: number }[] = []
  const tried = new Set<string>()
  for (const { 0: found, index: at } of text.matchAll(/[a-z]+/gi)) {
    const word = found.length > LONGEST_WORD ? '' : found.toLowerCase()
    if (!WORDS.has(word)) {
      row.length = 0
      continue
    }
    row.push({ word, at })
    if (row.length > 12) row.shift()
    if (row.length < 12) continue
    const words = row.map((each) => each.word).join(' ')
    if (tried.has(words)) continue
    if (tried.size === MOST_TRIED || validateMnemonic(words, wordlist)) return row[0]?.at ?? -1
    tried.add(words)
  }
  return -1
}

const LONGEST_WORD = 8
const MOST_TRIED = 400
const WORDS: ReadonlySet<string> = new Set(wordlist)
