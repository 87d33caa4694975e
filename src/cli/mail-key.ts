import { mailKeyOf } from '#client'
import { DESK_FLAGS, visit } from './enter.ts'
import { answer, line } from './print.ts'
import { readFlags, UsageError, wordsAre } from './usage.ts'

/** `postern mail key --to URL`: what whoever writes an encrypted mail to the desk needs, from its verified chain. */
export async function mailKey(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, DESK_FLAGS)
  const [word] = wordsAre(flags.words, 'key')
  if (word !== 'key') throw new UsageError('Say “postern mail key” for the mail key of the desk.')
  const { view, print } = await visit(flags)
  const { armored, fingerprint } = await mailKeyOf(view)
  const { name, domain } = view.directory.now
  answer(print, { desk: view.id, fingerprint, key: armored }, () => [armored.trimEnd()])
  print.say(`Mail key of ${line(name)}, ${domain}: ${grouped(fingerprint)}`)
}

function grouped(fingerprint: string): string {
  return fingerprint.replace(/(.{4})(?=.)/g, '$1 ')
}
