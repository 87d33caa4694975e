/** RFC 2047: what another alphabet in a header is written in. No part of it is longer than a line. */
const WORD = /=\?([^?\s]{1,60})\?([bq])\?([^?\s]{0,2000})\?=/gi
/** Only white space stands between two that belong together. */
const BETWEEN = /(\?=)[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bq]\?)/gi

/**
 * The value of a header as people read it. What does not decode stays as it was typed. It is never read as
 * anything but text: an address or a comma that an encoded word holds is neither (R47).
 */
export function decodeWords(value: string): string {
  if (!value.includes('=?')) return value
  const words: Word[] = []
  let text = ''
  let from = 0
  const joined = value.replace(BETWEEN, '$1')
  const flush = () => {
    text += words.splice(0).reduce((done, word) => done + textOf(word), '')
  }
  for (const found of joined.matchAll(WORD)) {
    const [typed, charset = '', form = '', letters = ''] = found
    if (found.index > from) {
      flush()
      text += joined.slice(from, found.index)
    }
    from = found.index + typed.length
    const bytes = form.toLowerCase() === 'b' ? fromBase64(letters) : fromQuoted(letters)
    const last = words.at(-1)
    // A letter of several bytes may be cut between two words.
    if (last !== undefined && last.charset === charset.toLowerCase()) last.bytes.push(...bytes)
    else words.push({ charset: charset.toLowerCase(), bytes: [...bytes], typed })
  }
  flush()
  return text + joined.slice(from)
}

type Word = { readonly charset: string; readonly bytes: number[]; readonly typed: string }

function textOf({ charset, bytes, typed }: Word): string {
  try {
    // A language may stand behind the charset (RFC 2231).
    return new TextDecoder(charset.split('*')[0]).decode(new Uint8Array(bytes))
  } catch {
    return typed
  }
}

function fromBase64(letters: string): Uint8Array {
  try {
    return Uint8Array.from(atob(letters.replace(/=+$/, '')), (sign) => sign.charCodeAt(0))
  } catch {
    return new Uint8Array(0)
  }
}

function fromQuoted(letters: string): Uint8Array {
  const plain = letters
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0))
}
