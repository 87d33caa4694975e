import { randomBytes } from 'node:crypto'

const LINE = 76

/** A plain mail as reporters write it, never twice the same. `size` in bytes, about. */
export function benchMail(size = 5000, to = 'security@example.org'): Buffer {
  const word = randomBytes(12).toString('hex')
  const head = [
    'From: Reporter <reporter@example.net>',
    `To: ${to}`,
    `Subject: A crafted header takes all memory (${word})`,
    `Message-ID: <${word}@example.net>`,
    'Date: Sat, 21 Nov 2026 12:00:00 +0000',
    '',
  ].join('\r\n')
  const lines = Math.ceil(size / (LINE + 2))
  const text = randomBytes((lines * LINE) / 2).toString('hex')
  return Buffer.from(`${head}\r\n${text.replaceAll(/.{76}/g, '$&\r\n')}`)
}
