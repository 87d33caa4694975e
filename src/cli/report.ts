import { fileReport } from '#client'
import { ACKNOWLEDGE_WITHIN, millisecondsOf, timeOf } from '#lexicon'
import { DESK_FLAGS, pause, progress, visit } from './enter.ts'
import { readText, sourcesOf } from './files.ts'
import { needed, readFlags, wordsAre } from './usage.ts'

/** `postern report --to URL --text FILE|- [--attach FILE]… [--project NAME] [--desk ID]` */
export async function report(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...DESK_FLAGS, text: 'text', attach: 'many', project: 'text' })
  wordsAre(flags.words)
  const text = await readText(needed(flags.text, '--text FILE'))
  const files = await sourcesOf(flags.attach)
  const { view, print } = await visit(flags)
  const deps = { wait: pause, progress }
  const filed = await fileReport(view, deps, { text, project: flags.project, files, source: 'cli' })
  const { words: receipt, number, received, sha256 } = filed
  print.out(JSON.stringify({ receipt, number, received, sha256 }))
  if (print.json) return
  const due = timeOf(millisecondsOf(received) + ACKNOWLEDGE_WITHIN).slice(0, 10)
  print.say(`
The desk has your report ${number}, and its signed receipt was verified.
Write these twelve words down; nobody can send them to you again:

    ${receipt}

You will have an acknowledgement by ${due}. To read it and to answer:

    postern follow --to ${view.api.origin} --receipt "the twelve words"
`)
}
