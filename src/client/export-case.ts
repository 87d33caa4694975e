import { bytesOfText } from '#lexicon'
import { exportCopy } from '#seal'
import { newMailKey } from '#unseal'
import { type CaseView, nameOf } from './case-view.ts'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import { fetchFile } from './download.ts'
import type { Keyring } from './keyring.ts'
import type { Mail } from './mail.ts'
import type { Message } from './message.ts'
import { openMail } from './open-mail.ts'
import { factLines } from './report-facts.ts'
import type { Self } from './self.ts'
import { openTimeline } from './timeline.ts'

/** Writes one file of the export; the name has no folder in it. */
export type WriteFile = (name: string, content: AsyncIterable<Uint8Array>) => Promise<void>

/**
 * A case for an archive: the chain as it was signed, and every message and attachment that this person
 * may read, encrypted anew to a key that is made here and returned once. Stock gpg opens them.
 */
export async function exportCase(
  view: DeskView,
  within: CaseView,
  self: Self,
  keyring: Keyring,
  write: WriteFile,
): Promise<{ readonly secretKey: string; readonly files: number }> {
  const { messages, broken } = await openTimeline(view, within, self, keyring)
  const [first] = broken
  if (first !== undefined)
    throw new ClientError(
      'problem',
      `Statement ${first.seq} does not open (${first.code}), so the export would lie.`,
    )
  const key = await newMailKey(`export of ${within.number}`)
  let files = 0
  const sealed = async (name: string, content: AsyncIterator<Uint8Array>) => {
    await write(`${name}.pgp`, await exportCopy(content, name, key.cert))
    files++
  }
  await write('desk-chain.jsonl', lines(view.remembered.statements))
  await write('case-chain.jsonl', lines(within.statements))
  await write('README.txt', textOf(readme(view, within)))
  for (const message of messages) {
    const name = `message-${String(message.seq).padStart(3, '0')}`
    await sealed(`${name}.txt`, textOf(letter(view, message)))
    if (message.mail !== undefined) {
      const mail = await openMail(view, within, keyring, message)
      await sealed(`${name}.eml`, once(mail.raw))
      // The desk's mail key is no part of an export: what only it opens is written opened as well.
      if (mail.pgp === 'opened') await sealed(`${name}-opened.eml`, once(mail.content))
    }
    for (const [n, entry] of message.files.entries())
      await sealed(`${name}-file-${n + 1}`, fetchFile(view, within, self, keyring, message, entry))
  }
  return { secretKey: key.key.armor(), files }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function* textOf(text: string): AsyncGenerator<Uint8Array> {
  yield bytesOfText(text)
}

async function* lines(statements: readonly unknown[]): AsyncGenerator<Uint8Array> {
  for (const statement of statements) yield bytesOfText(`${JSON.stringify(statement)}\n`)
}

function letter(view: DeskView, message: Message): string {
  const files = message.files.map(
    (file, n) =>
      `File ${n + 1}: ${JSON.stringify(file.name)}, ${file.size} bytes, SHA-256 ${file.sha256}`,
  )
  const facts = [
    `From: ${nameOf(view, message.by)}`,
    `At: ${message.at}`,
    `To: ${message.to}`,
    `Statement: ${message.id}`,
    ...(message.mail === undefined ? [] : mailLines(message.mail)),
    ...files,
    ...factLines(message.facts),
  ]
  return `${facts.join('\n')}\n\n${message.text}\n`
}

/** Who it says it is from is a claim, and stands apart from what the letterbox saw. */
function mailLines({ sender, facts, sealed }: Mail): readonly string[] {
  return [
    `Mail: ${sealed ? 'has the form of an encrypted one' : 'readable on its way'}; it is in the file .eml`,
    `The mail says it is from: ${JSON.stringify(sender.shown)}`,
    `Letterbox: ${JSON.stringify(facts)}`,
  ]
}

function readme(view: DeskView, within: CaseView): string {
  return `Case ${within.number} of ${view.directory.now.name}
Case id ${within.id}
Desk id ${view.id}

case-chain.jsonl and desk-chain.jsonl hold the signed statements, one per line, as {"head","sig"}.
Each *.pgp file opens with the key that was printed once when this export was made:

  gpg --batch --import KEYFILE
  gpg --decrypt message-000.txt.pgp
`
}
