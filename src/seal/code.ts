import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { type Bytes, bytesOfText, hexOfBytes } from '#lexicon'
import { canonicalText } from './canonical.ts'
import { derive, deriveBeforeDesk, sha256, taggedHash } from './hash.ts'
import type { Person } from './person.ts'
import { Refused } from './refused.ts'

/** 128 random bits, shown to people as twelve BIP-39 words (PROTOCOL 4.1). */
export type Code = { readonly entropy: Bytes; readonly words: string }

/** What the server learns of a code: where to look, and a proof of knowing it. */
export type Ticket = {
  /** 16 bytes, hex. */
  readonly lookup: string
  /** 32 bytes, hex. The server stores only its SHA-256. */
  readonly auth: string
}

export function newCode(random: Bytes = crypto.getRandomValues(new Uint8Array(16))): Code {
  return { entropy: random, words: entropyToMnemonic(random, wordlist) }
}

/** Forgives capitals, line breaks, punctuation and four-letter prefixes; never a wrong checksum. Throws `Refused` code. */
export function readCode(typed: string): Code {
  const words = typed
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
    .map(wholeWord)
  if (words.length !== 12)
    throw new Refused('code', `A code has twelve words; these are ${words.length}.`)
  const text = words.join(' ')
  try {
    return { entropy: new Uint8Array(mnemonicToEntropy(text, wordlist)), words: text }
  } catch (cause) {
    const message = 'These twelve words do not belong together: one of them is wrong or misplaced.'
    throw new Refused('code', message, { cause })
  }
}

export function receiptKeys(code: Code, deskId: string): Ticket & { readonly wrap: Bytes } {
  return { ...ticket(code, deskId, 'receipt'), wrap: derive(code.entropy, deskId, 'receipt wrap') }
}

export function recoveryKeys(code: Code, deskId: string): Ticket & { readonly wrap: Bytes } {
  const wrap = derive(code.entropy, deskId, 'recovery wrap')
  return { ...ticket(code, deskId, 'recovery'), wrap }
}

export function invitationKeys(code: Code, deskId: string): Ticket & { readonly mac: Bytes } {
  return { ...ticket(code, deskId, 'invite'), mac: derive(code.entropy, deskId, 'invite mac') }
}

/** The Ed25519 seed of the desk's root. */
export function rootSeed(code: Code): Bytes {
  return deriveBeforeDesk(code.entropy, 'root sign')
}

/** SHA-256 of the raw `auth` bytes: what the server keeps and compares in constant time. */
export function authHash(auth: Bytes): Bytes {
  return sha256(auth)
}

/** Twelve words per person, read aloud by one and compared by the other (PROTOCOL 4.4). */
export function keyWords(deskId: string, sign: Person, enc: string): string {
  const text = canonicalText({ desk: deskId, enc, sign })
  return entropyToMnemonic(taggedHash('words', bytesOfText(text)).slice(0, 16), wordlist)
}

/** The desk's own words: the first 16 bytes of its id. */
export function deskWords(deskIdBytes: Bytes): string {
  return entropyToMnemonic(deskIdBytes.slice(0, 16), wordlist)
}

function ticket(code: Code, deskId: string, kind: string): Ticket {
  return {
    lookup: hexOfBytes(derive(code.entropy, deskId, `${kind} lookup`).slice(0, 16)),
    auth: hexOfBytes(derive(code.entropy, deskId, `${kind} auth`)),
  }
}

function wholeWord(typed: string): string {
  const word = wordlist.find(
    (known) => known === typed || (typed.length >= 4 && known.startsWith(typed)),
  )
  if (word === undefined) throw new Refused('code', `“${typed}” is not one of the words of a code.`)
  return word
}
