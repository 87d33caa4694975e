import { statSync } from 'node:fs'
import { MINUTE, timeOf } from '#lexicon'
import { bad, type Finding, good, look } from './finding.ts'
import type { House } from './house.ts'
import type { MailPull } from './pull-settings.ts'
import { readPullState } from './pull-state.ts'
import { clock } from './rooms.ts'
import { troubleWords } from './trouble-words.ts'

/** What the doctor sees of the mailbox that is pulled. Nothing, where there is none. */
export function examinePull({ data, settings }: Pick<House, 'data' | 'settings'>): Finding[] {
  const pull = settings.mail?.pull
  if (pull === undefined) return []
  return [...seenOfPull(data.path, pull), ...secret(pull)]
}

const LATE = 15 * MINUTE

/** What the running server saw of it last. */
export function seenOfPull(folder: string, { host }: MailPull): Finding[] {
  const seen = readPullState(folder)
  if (seen === undefined)
    return [
      look(`Nothing was pulled from ${host} yet.`, 'Start the server, or try postern mail test.'),
    ]
  const { trouble, worked, waiting, tooLarge, stuck } = seen
  const last = worked === 0 ? 'It never worked.' : `It worked last at ${timeOf(worked)}.`
  const findings: Finding[] = []
  if (trouble !== '') {
    const { what, todo } = troubleWords(trouble)
    findings.push(bad(`No mail is pulled from ${host}: ${what} ${last}`, todo))
  } else if (clock() - worked > LATE)
    findings.push(look(`No mail was pulled from ${host} lately. ${last}`, 'Is the server running?'))
  else findings.push(good(`Mail is pulled from ${host}. ${last} ${waiting} mails wait there.`))
  if (tooLarge > 0)
    findings.push(
      look(
        `${tooLarge} mails are too large and stay in the mailbox.`,
        'Read them there, and ask their senders for less than 30 MiB.',
      ),
    )
  if (stuck > 0)
    findings.push(
      bad(
        `${stuck} mails could not be taken and stay in the mailbox.`,
        'Read them there; the log says mail-not-taken with the reason.',
      ),
    )
  return findings
}

function secret({ secretFile }: MailPull): Finding[] {
  const stat = statSync(secretFile, { throwIfNoEntry: false })
  if (stat === undefined || (stat.mode & 0o077) === 0) return []
  return [bad(`Others may read ${secretFile}.`, `Run: chmod go= ${secretFile}`)]
}
