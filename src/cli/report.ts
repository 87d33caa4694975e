import {
  type DeskView,
  type FiledReport,
  fileReport,
  isFact,
  type ReportFacts,
  resumeReport,
  type SealedReport,
} from '#client'
import { ACKNOWLEDGE_WITHIN, millisecondsOf, REPORT_KINDS, timeOf } from '#lexicon'
import { DESK_FLAGS, pause, progress, visit } from './enter.ts'
import { readText, sourcesOf } from './files.ts'
import { reporterKeyOf } from './reporter-key.ts'
import { dropPending, keepPending, listPending } from './pending-reports.ts'
import type { Print } from './print.ts'
import { stateFolder } from './state-folder.ts'
import { needed, readFlags, UsageError, wordsAre } from './usage.ts'

/** `postern report --to URL --text FILE|- [--attach FILE]… [--pgp-key FILE] [--project NAME] [--kind KIND] …`, or `--resume`. */
export async function report(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    ...DESK_FLAGS,
    text: 'text',
    attach: 'many',
    project: 'text',
    kind: 'text',
    name: 'text',
    contact: 'text',
    'pgp-key': 'text',
    resume: 'yes',
  })
  wordsAre(flags.words)
  if (flags.resume) {
    await resume(flags)
    return
  }
  const facts = factsOf(flags)
  const text = await readText(needed(flags.text, '--text FILE'))
  const key = await reporterKeyOf(flags['pgp-key'], facts.contact)
  const files = [...(await sourcesOf(flags.attach)), ...key]
  const { view, print } = await visit(flags)
  const keep = async (pending: SealedReport) => {
    await keepPending(folderOf(flags), view.id, pending)
    print.say('Kept on this machine: “postern report --resume” with the same --to asks again.')
  }
  const deps = { wait: pause, progress, keep }
  const filed = await fileReport(view, deps, { text, facts, files, source: 'cli' })
  show(print, view, filed)
}

type Said = { readonly [N in 'project' | 'kind' | 'name' | 'contact']: string | undefined }

function factsOf({ project = '', kind = '', name = '', contact = '' }: Said): ReportFacts {
  for (const [flag, value] of Object.entries({ project, name, contact }))
    if (value !== '' && !isFact(value))
      throw new UsageError(`--${flag} is one line of at most 200 characters.`)
  const known = REPORT_KINDS.find((each) => each === kind)
  if (kind !== '' && known === undefined)
    throw new UsageError(`--kind is one of ${REPORT_KINDS.join(', ')}.`)
  return { project, kind: known ?? '', name, contact }
}

/** Asks again for the receipts of reports that the desk took into its journal. */
async function resume(flags: Parameters<typeof visit>[0]): Promise<void> {
  const { view, print } = await visit(flags)
  const pending = await listPending(folderOf(flags), view.id)
  if (pending.length === 0) throw new UsageError('No report of this machine waits for its receipt.')
  for (const { name, report } of pending) {
    show(print, view, await resumeReport(view, { wait: pause }, report))
    await dropPending(folderOf(flags), view.id, name)
  }
}

function folderOf(flags: Parameters<typeof visit>[0]): string {
  return stateFolder(flags.state)
}

function show(print: Print, view: DeskView, filed: FiledReport): void {
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
