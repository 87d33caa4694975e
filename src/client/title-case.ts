import { titleOf } from '#lexicon'
import { blobHash, type CaseHead, newestDeskKey, sealBody, sealLabel, slotOf } from '#seal'
import { appendToCase, type Composer } from './append.ts'
import type { CaseView } from './case-view.ts'
import type { Keyring } from './keyring.ts'
import { readFacts } from './report-facts.ts'
import { isMailHead } from './mail.ts'
import { openBody } from './open-bodies.ts'
import { openMail } from './open-mail.ts'
import type { Desk } from './desk.ts'
import { deskCertificateOf } from './write-case.ts'

/** The first coordinator's client that opens an unlabelled report gives it its title. */
export async function labelCase(desk: Desk, within: CaseView, keyring: Keyring): Promise<CaseView> {
  const opening = [...within.fold.statements.values()][0]
  if (opening?.type !== 'case.open') return within
  const title = isMailHead(opening)
    ? await titleOfMail(desk, within, keyring)
    : await titleOfReport(desk, within, keyring, opening)
  return appendTitle(desk, within, keyring, title, ({ fold }) => fold.titleSeq >= 0)
}

type Opening = Extract<CaseHead, { readonly type: 'case.open' }>

async function titleOfReport(desk: Desk, within: CaseView, keyring: Keyring, opening: Opening) {
  const body = await openBody(desk.view, within, desk.self, keyring, opening)
  return body.title === '' ? titleOf(readFacts(body.text).text) : body.title
}

/** Its subject, the one inside where it was encrypted: outside stands `...` or nothing then. */
async function titleOfMail({ view }: Desk, within: CaseView, keyring: Keyring) {
  const mail = await openMail(view, within, keyring, { id: within.id, mail: undefined })
  const subject = /[\p{L}\p{N}]/u.test(mail.subject) ? mail.subject : ''
  if (subject !== '') return titleOf(subject)
  return mail.pgp === 'none' ? 'Mail without a subject' : 'Encrypted mail'
}

/** Another title for the queue, as a coordinator puts it: one line, without marks, shortened. */
export function retitleCase(
  desk: Desk,
  within: CaseView,
  keyring: Keyring,
  title: string,
): Promise<CaseView> {
  return appendTitle(desk, within, keyring, titleOf(title), () => false)
}

async function appendTitle(
  desk: Desk,
  within: CaseView,
  keyring: Keyring,
  title: string,
  already: (current: CaseView) => boolean,
): Promise<CaseView> {
  const done = await appendToCase(desk.view, within, (view, current) => {
    const compose: Composer<CaseHead> = async (place) => {
      const to = newestDeskKey(view.directory.now)
      const epoch = view.directory.now.desk.length
      const none = { epoch, blob: '' }
      const head = {
        ...place(desk.self.signer),
        type: 'case.title' as const,
        to,
        label: none,
        body: '',
      }
      const slot = slotOf(head)
      const label = await sealLabel(await keyring.labelKeyOf(epoch), slot, title)
      const certificate = await deskCertificateOf(view)
      const body = await sealBody(slot, { text: '', title, files: [] }, [certificate])
      return {
        signer: desk.self.signer,
        head: { ...head, label: { epoch, blob: blobHash(label) }, body: blobHash(body) },
        blobs: [label, body],
      }
    }
    return already(current) ? [] : [compose]
  })
  return done.within
}
