import { signedByDomain } from './domain-of-sender.ts'
import { enveloped } from './enveloped.ts'

export const ADDRESS = 'security@example.org'
export const FROM = 'reporter@example.net'
export const KEYED = 'keyed@people.example'

/** What is in the encrypted one. */
export const INNER = [
  'Content-Type: multipart/mixed; boundary=in; protected-headers="v1"',
  `From: Reporter <${FROM}>`,
  'Subject: A header takes all memory',
  '',
  '--in',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  'It was süß until the parser read on.',
  '--in',
  'Content-Type: application/octet-stream; name=crash.bin',
  'Content-Transfer-Encoding: base64',
  '',
  '/wAB',
  '--in--',
  '',
].join('\r\n')

type Made = {
  /** Signed and encrypted, whole and damaged, and another one. */
  readonly armored: string
  readonly damaged: string
  readonly block: string
  readonly theirKey: string
}

/** Mails of every kind that a coordinator reads, each as its lines. */
export async function mailsToRead({ armored, damaged, block, theirKey }: Made) {
  return {
    encrypted: enveloped(ADDRESS, armored),
    damaged: enveloped(ADDRESS, damaged),
    malformed: [
      `From: ${FROM}`,
      'Subject: Malformed',
      'Content-Type: multipart/mixed; boundary=no',
      '',
      'Words.',
    ],
    inline: await signedByDomain([
      `From: ${FROM}`,
      `To: ${ADDRESS}`,
      'Subject: Inline',
      '',
      block,
      '',
    ]),
    plain: [
      `From: "${FROM}" <other@example.com>`,
      `To: ${ADDRESS}`,
      'Subject: =?utf-8?Q?Pl=C3=A4in?=',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>Only <b>HTML</b></p><img src="https://tracker.example/p.png"><style>p{background:url(https://tracker.example/s)}</style>',
    ],
    keyed: [`From: ${KEYED}`, 'Subject: With a key', '', 'My key:', theirKey],
    apart: [`From: ${FROM}`, `To: ${ADDRESS}`, 'Subject: Beside', '', 'See the block.', block],
  }
}
