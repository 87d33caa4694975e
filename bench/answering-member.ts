import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { MailOrder } from '#contract'
import { type CaseView, findCase, type Words } from '#client'
import { timeOf } from '#lexicon'
import {
  certificatesIn,
  type ReporterCertificate,
  readReporterCertificate,
  sealPgpMail,
} from '#seal'
import { enter } from '../src/cli/enter.ts'
import { writeAnswerMail } from '../src/client/answer-mail.ts'
import { appendToCase } from '../src/client/append.ts'
import { messageTo, prepare } from '../src/client/write-case.ts'
import { benchMail } from './bench-mail.ts'

/*
 * A member's client that stays open, as the one in a browser does: it answers in a case, and the answer leaves
 * as a PGP mail to each key, signed and encrypted on this side. A member answers one reporter with each
 * message; five mails with one are what the server takes at most. Arguments: the desk's address, a key
 * file, a state folder, a case, the desk's own address, and files of certificates. It says `ready`, takes a
 * line for each answer, and says `done`.
 */

const [url, as, state, id = '', from = '', ...files] = process.argv.slice(2)
const shift = await enter({ to: url, as, state, desk: undefined, json: true, root: false })
const certificates = await Promise.all(files.map(certificateOf))
const words: Words = { text: benchMail().toString('latin1').replaceAll('\r\n', '\n'), files: [] }
let within = await findCase(shift.view, id)
console.log('ready')
for await (const _ of createInterface({ input: process.stdin })) {
  within = await answer(within)
  console.log('done')
}

async function answer(before: CaseView): Promise<CaseView> {
  const said = await prepare(shift, before, 'all', words)
  const done = await appendToCase(
    said.view,
    said.within,
    (view, current) => [messageTo(shift, view, current, 'all', said.key, words.text, said.sent)],
    () => Promise.all(certificates.map(orderFor)),
  )
  return done.within
}

async function orderFor({ to, certificate }: (typeof certificates)[number]): Promise<MailOrder> {
  const { view, keyring } = shift
  const [newest] = keyring.mailKeyNames()
  if (newest === undefined) throw new Error('this desk has no mail key')
  const now = view.clock()
  const { name } = view.directory.now
  const head = { name, from, to, replyTo: '', subject: 'Your report', date: now, answers: '' }
  const content = writeAnswerMail({ ...head, text: words.text, files: [] })
  const armored = await sealPgpMail(content, certificate, await keyring.keyOf(newest), now)
  return { kind: 'answer', to, date: timeOf(now), answers: '', armored }
}

async function certificateOf(
  file: string,
  n: number,
): Promise<{ readonly to: string; readonly certificate: ReporterCertificate }> {
  const [bytes] = await certificatesIn(await readFile(file, 'utf8'))
  if (bytes === undefined) throw new Error(`${file} holds no certificate`)
  const to = `${n + 1}@desk.example`
  return { to, certificate: await readReporterCertificate(bytes, undefined, Date.now()) }
}
