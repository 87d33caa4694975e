import type { Channel, ChannelKind } from '#directory'
import { shortAddress } from './tree-page.ts'

export type ChannelWords = {
  /** What it is, as a heading. */
  readonly name: string
  /** How a project takes reports by it: “NumPy takes reports …”. */
  readonly by: string
  /** What happens there, and who reads it. */
  readonly says: string
  /** The words of the button; `''` where there is nowhere to go. */
  readonly go: string
  /** Where the button leads. */
  readonly to: string
}

/** The words for one channel. */
export function channelWords({ kind, value, key }: Channel): ChannelWords {
  switch (kind) {
    case 'members':
      return {
        name: 'Maintainers at this desk',
        by: 'through this desk, where its maintainers read',
        says: 'Its maintainers are members of this desk. A report here is sealed in your browser, and goes to them.',
        go: '',
        to: '',
      }
    case 'pgp-mail':
    case 'mail':
      return {
        name: kind === 'mail' ? 'Mail to the project' : 'Encrypted mail to the project',
        by: `by mail to ${value}`,
        says:
          key === ''
            ? 'The people who maintain the project read this. Plain mail can be read by every server on its way.'
            : 'The people who maintain the project read this. Encrypt your mail to the key below.',
        go: `Write to ${value}`,
        to: `mailto:${value}`,
      }
    case 'tidelift':
      return {
        name: 'Tidelift security contact',
        by: 'through Tidelift',
        says: 'Tidelift passes your report to the maintainers in private and coordinates the fix. You need no account there.',
        go: `Go to ${shortAddress(value)}`,
        to: value,
      }
    case 'github':
      return {
        name: 'Private report on GitHub',
        by: 'as private reports on GitHub',
        says: 'The maintainers read it there, and nobody else can. You need an account at GitHub.',
        go: 'Report on GitHub',
        to: value,
      }
    case 'form':
      return {
        name: 'A page of the project',
        by: 'by a page of its own',
        says: 'The project takes reports there, or says how it does.',
        go: `Go to ${shortAddress(value)}`,
        to: value,
      }
    case 'security.txt':
      return {
        name: 'security.txt of the project',
        by: 'as its security.txt says',
        says: 'The project publishes how to reach it in a file.',
        go: 'Read the file',
        to: value,
      }
    case 'chat':
      return {
        name: 'Chat of the project',
        by: 'by chat',
        says: 'Ask there for a private way. Write no detail where others read.',
        go: value.startsWith('https:') ? `Go to ${shortAddress(value)}` : '',
        to: value,
      }
    case 'tracker':
      return {
        name: 'Public tracker',
        by: 'in its public tracker only',
        says: 'Everybody reads this. Never put a vulnerability there that is not public; ask there for a private way, or report to us.',
        go: '',
        to: value,
      }
    case 'unknown':
      return {
        name: 'No channel found',
        by: 'in no way that we know',
        says: 'We found none where we looked. That does not mean that there is none. Report to us: we look for the right people.',
        go: '',
        to: '',
      }
  }
}

export function shortKind(kind: ChannelKind): string {
  return SHORT[kind]
}

/** What a list says in a few words, of the first of several. */
export function shortChannel(channels: readonly Channel[]): string {
  const [first, ...more] = channels
  if (first === undefined) return SHORT.unknown
  const words = SHORT[first.kind]
  return more.length === 0 ? words : `${words}, +${more.length}`
}

const SHORT: { readonly [K in ChannelKind]: string } = {
  members: 'This desk',
  'pgp-mail': 'Encrypted mail',
  mail: 'Mail to the project',
  tidelift: 'Tidelift',
  github: 'GitHub, private report',
  form: 'Its own page',
  'security.txt': 'Its security.txt',
  chat: 'Chat',
  tracker: 'Public tracker only',
  unknown: 'None found: report to us',
}
