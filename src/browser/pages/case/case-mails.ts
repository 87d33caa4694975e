import { signal } from '@preact/signals'
import type { CaseShown } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt, onForget, phase, say } from '../../desk-state.ts'
import type { MailReader, MailState } from '../../parts/mail-entry.tsx'
import { fileKey } from '../../parts/timeline-rows.ts'
import { attachmentOf, readMail } from '../../read-text.ts'
import { saveFile } from '../../save-file.ts'
import { savingFailure } from './case-state.ts'

/** Mails that were read on this page, by entry. Gone when the desk shuts. */
const mails = signal<ReadonlyMap<string, MailState>>(new Map())
const saving = signal('')

onForget(() => {
  mails.value = new Map()
  saving.value = ''
})

/** Opens the mails of a case in the worker, and reads them in the thread without keys. */
export function mailsOf({ id, number }: Pick<CaseShown, 'id' | 'number'>): MailReader {
  return {
    of: (entry) => mails.value.get(entry),
    read: (entry) => {
      const known = mails.peek().get(entry)
      if (known === undefined || known.state === 'failed') void read(id, entry)
    },
    saving: saving.value,
    save: (entry, n, file) => {
      if (saving.peek() !== '') return
      const name = n < 0 ? `${number}.eml` : file.name
      void save(id, entry, n, { ...file, name })
    },
  }
}

async function read(id: string, entry: string): Promise<void> {
  keep(entry, { state: 'reading' })
  const done = await attempt(ask('readMail', { id, entry }))
  if (!done.ok) return keep(entry, { state: 'failed', failure: done.failure })
  const { content, ...opened } = done.answer
  const mail = await readMail(content)
  if (phase.value !== 'open') return
  if (mail === null) return keep(entry, { state: 'hangs', opened })
  keep(entry, { state: 'read', read: mail, opened })
  void attempt(ask('noteMailText', { entry, text: mail.text }))
}

async function save(
  id: string,
  entry: string,
  n: number,
  file: { readonly name: string; readonly encrypted: boolean },
): Promise<void> {
  saving.value = fileKey(entry, n)
  savingFailure.value = undefined
  const done = await attempt(
    n < 0 ? ask('readRawMail', { id, entry }) : attachment(id, entry, n, file.encrypted),
  )
  saving.value = ''
  if (!done.ok) {
    savingFailure.value = done.failure
    return
  }
  saveFile(file.encrypted ? withoutPgp(file.name) : file.name, done.answer)
  say(`${file.name} was given to you for saving.`)
}

/** One that is encrypted by itself is opened by itself: nothing of the mail around it is mixed with it (K15). */
async function attachment(id: string, entry: string, n: number, encrypted: boolean): Promise<Blob> {
  const { content } = await ask('readMail', { id, entry })
  const bytes = await attachmentOf(content, n)
  if (bytes === null) throw new Error('This attachment cannot be read.')
  return encrypted ? ask('openApart', { bytes }) : new Blob([bytes])
}

function withoutPgp(name: string): string {
  return name.replace(/\.(?:pgp|gpg|asc)$/i, '')
}

function keep(entry: string, state: MailState): void {
  if (phase.value !== 'open') return
  mails.value = new Map(mails.value).set(entry, state)
}
