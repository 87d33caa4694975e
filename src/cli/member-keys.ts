import { readFile } from 'node:fs/promises'
import {
  closeKeyFile,
  logIn,
  logOut,
  memberNamed,
  noteCompared,
  readKeyFile,
  renewedKeys,
  renewOpenCases,
  rotateKey,
} from '#client'
import { isCoordinator, keyWords, newCode } from '#seal'
import { askNewPassphrase, confirmWords } from './ask.ts'
import { enter, MEMBER_FLAGS } from './enter.ts'
import { writeSecret } from './files.ts'
import { answer, line } from './print.ts'
import { needed, readFlags, UsageError, wordsAre } from './usage.ts'

/** `member compare NAME --met words|seen`: what this machine remembers of their key (PROTOCOL 4.4). */
export async function compare(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, met: 'text' })
  const [name] = wordsAre(flags.words, 'NAME')
  const how = (['words', 'seen'] as const).find((known) => known === flags.met)
  if (how === undefined)
    throw new UsageError('Say how you compared: --met words, or --met seen when they showed you.')
  const { view, print } = await enter(flags)
  const { who, enc, handle } = memberNamed(view.directory, name)
  const words = keyWords(view.id, who, enc)
  await confirmWords(handle, words)
  await noteCompared(view, who, how)
  answer(print, { name: handle, key: who, words, how }, () => [
    `${line(handle)}’s key words, as this machine computed them:`,
    '',
    `    ${words}`,
    '',
    'Compared. If another key ever comes under this name, nothing is sealed to it.',
  ])
}

/** `member rotate --key-out FILE`: the old key signs for a new one, and ends. */
export async function rotate(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, 'key-out': 'text' })
  wordsAre(flags.words)
  const path = needed(flags['key-out'], '--key-out FILE')
  const file = readKeyFile(await readFile(needed(flags.as, '--as KEYFILE'), 'utf8'))
  const shift = await enter(flags)
  const fresh = await renewedKeys()
  const recovery = newCode()
  const passphrase = await askNewPassphrase()
  // Before the old key ends: a new one that is nowhere would be lost.
  await writeSecret(path, await closeKeyFile(file.desk, fresh, passphrase, recovery))
  const { view, self } = await rotateKey(shift.view, shift.self, fresh).catch((error: unknown) => {
    // Never deleted: the desk may have taken it, and then the old one is of no use.
    shift.print.say(`${path} holds the new key. Look with it at “member list” whether it counts.`)
    throw error
  })
  await logIn(view, self)
  try {
    // The old key read open cases under the desk's key of before: each gets its next epoch.
    if (isCoordinator(view.directory.now, self.signer.who))
      for (const { number, error } of await renewOpenCases({ ...shift, view, self }))
        shift.print.say(`Case ${line(number)} keeps its old key: ${error.message}`)
  } finally {
    await logOut(view)
  }
  const words = keyWords(view.id, self.signer.who, self.key.cert)
  answer(shift.print, { key: self.signer.who, words, recovery: recovery.words }, () => [
    'Your new key counts from now on; the old key file opens nothing new. Its key words:',
    '',
    `    ${words}`,
    '',
    'Write down your new recovery words; they open the new key file when the passphrase is lost:',
    '',
    `    ${recovery.words}`,
  ])
}
