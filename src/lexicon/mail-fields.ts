/*
 * Fields of a mail as we write them. The head outside an encrypted mail and the one inside are made by the
 * same functions: a reader that compares them finds no difference that is none (RFC 9788).
 */

/** RFC 5322, 3.3, in UTC. */
export function mailDate(milliseconds: number): string {
  return new Date(milliseconds).toUTCString().replace('GMT', '+0000')
}

/** `Name <address>`, or the address alone. The address is one that was checked. */
export function mailboxField(name: string, address: string): string {
  const shown = oneLine(name)
  if (shown === '') return address
  const phrase = /^[\w !#$%&'*+/=?^`{|}~-]+$/.test(shown) ? shown : encodedWords(shown)
  return `${phrase} <${address}>`
}

/** Whatever stands in it becomes one line, in ASCII: nobody begins a field of their own in it. */
export function textField(text: string): string {
  const shown = oneLine(text)
  return /^[ -~]*$/.test(shown) && shown.length <= 900 && !shown.includes('=?')
    ? shown
    : encodedWords(shown)
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
}

/** RFC 2047: each word at most 75 characters and whole characters only, on a line of its own. */
function encodedWords(text: string): string {
  const words: Uint8Array[] = []
  let word: number[] = []
  for (const character of text) {
    const bytes = new TextEncoder().encode(character)
    if (word.length + bytes.length > 45) {
      words.push(Uint8Array.from(word))
      word = []
    }
    word.push(...bytes)
  }
  words.push(Uint8Array.from(word))
  return words.map((bytes) => `=?UTF-8?B?${base64Of(bytes)}?=`).join('\r\n ')
}

function base64Of(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
