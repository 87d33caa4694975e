/**
 * The report as a message to people who came later: the report itself is sealed to the desk and to its reporter
 * for good. Who reported it, how to reach them and what they attached is no part of `text`. `""` for nothing.
 */
export function quotedReport(number: string, text: string): string {
  const words = text.trim()
  if (words === '') return ''
  const lines = words.split(/\r?\n/).map((line) => (line === '' ? '>' : `> ${line}`))
  return `The report of ${number}, quoted:\n\n${lines.join('\n')}\n`
}
