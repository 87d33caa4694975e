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
  const { armored, fingerprint, address, file } = await mailKeyOf(view)
  const { name, domain } = view.directory.now
  answer(print, { desk: view.id, fingerprint, address, published: file, key: armored }, () => [
    armored.trimEnd(),
  ])
  print.say(`Mail key of ${line(name)}, ${domain}: ${grouped(fingerprint)}`)
  print.say(`Published at ${line(file)}.`)
  print.say(
    address === ''
      ? 'It names no address: programs that look keys up by an address do not take it.'
      : `Programs look it up by ${line(address)}, where the web server of that domain passes it on.`,
  )
}

function grouped(fingerprint: string): string {
  return fingerprint.replace(/(.{4})(?=.)/g, '$1 ')
}
