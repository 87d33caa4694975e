import { type Broken, type DeskView, factLines, type Message, nameOf, type QueueRow } from '#client'
import { type FileEntry, Refused } from '#seal'
import { line, paragraph, type Print } from './print.ts'

export function attachmentsOf(files: readonly FileEntry[]) {
  return files.map(({ name, size, sha256 }) => ({ name, size, sha256 }))
}

/** A row with the name of who took it, for people and programs. */
export function shownRow(view: DeskView, row: QueueRow): QueueRow {
  return { ...row, taken: row.taken === '' ? '' : nameOf(view, row.taken) }
}

/** One message for people. Names and text are claims of their author, shown and never obeyed. */
export function messageLines(message: Message): readonly string[] {
  return [
    '',
    `${message.at}  ${line(message.from)}${thread(message.to)}`,
    ...factLines(message.facts).map((fact) => `    ${line(fact)}`),
    ...(factLines(message.facts).length === 0 ? [] : ['']),
    ...paragraph(message.text.trimEnd())
      .split('\n')
      .map((text) => `    ${text}`),
    ...message.files.map(
      (file) =>
        `    + ${line(file.name)}, ${file.size} bytes, sha256 ${file.sha256}, id ${file.blob}`,
    ),
  ]
}

/** Says which statements did not open, and ends the command as refused: what was shown before is sound. */
export function warnBroken(print: Print, broken: readonly Broken[]): void {
  const [first] = broken
  if (first === undefined) return
  for (const each of broken)
    print.say(`Statement ${each.seq} is not shown, because a check failed (${each.code}).`)
  throw new Refused(first.code, `${broken.length} of the messages did not open.`)
}

function thread(to: string): string {
  if (to.startsWith('desk/')) return '  (desk only)'
  return to.startsWith('p-') ? `  (${to.slice(2, to.lastIndexOf('/'))})` : ''
}
