import { enter, MEMBER_FLAGS } from './enter.ts'
import { answer, line } from './print.ts'
import { needed, readFlags, wordsAre } from './usage.ts'

/**
 * `member device`: how this member adds a browser. It makes nothing: the key file and its passphrase are
 * the way in, and a code that did the same would be one more secret to lose. What it does is try the key
 * file at the desk, and say which ways in there are.
 */
export async function device(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  wordsAre(flags.words)
  const file = needed(flags.as, '--as KEYFILE')
  const { view, print } = await enter(flags)
  const { passkeys, recovery } = await view.api.call('readSelf', {})
  const address = `${view.api.origin}/desk`
  const labels = passkeys.map(({ label }) => label)
  answer(print, { address, passkeys: labels, recovery }, () => [
    'This key file opens. To come in with a browser as well:',
    '',
    `  1. Open ${address} there; look at the address before you go on.`,
    `  2. Choose “Other ways”, then “Use a key file”: ${line(file)} and its passphrase.`,
    '  3. Add a passkey when the page offers one. From then on one touch opens the desk there.',
    '',
    'The browser reads the file and sends none of it. Carry it there on a medium that you keep, never by mail;',
    'the command line goes on with the same file. The other way round, a browser makes a key file for a',
    'command line under “Keys and sessions”.',
    '',
    labels.length === 0
      ? 'The desk knows no passkey of yours yet.'
      : `Passkeys of yours that the desk knows: ${labels.map(line).join(', ')}.`,
    recovery
      ? 'It knows recovery words of yours.'
      : 'It knows no recovery words of yours: make them there, under “Keys and sessions”.',
  ])
}
