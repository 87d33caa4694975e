import { titleOf } from '#lexicon'
import { blobHash, type CaseHead, newestDeskKey, sealBody, sealLabel, slotOf } from '#seal'
import { appendToCase, type Composer } from './append.ts'
import type { CaseView } from './case-view.ts'
import type { Keyring } from './keyring.ts'
import { readFacts } from './report-facts.ts'
import { openBody } from './open-bodies.ts'
import type { Desk } from './desk.ts'
import { deskCertificateOf } from './write-case.ts'

/** The first coordinator's client that opens an unlabelled report gives it its title. */
export async function labelCase(desk: Desk, within: CaseView, keyring: Keyring): Promise<CaseView> {
  const opening = [...within.fold.statements.values()][0]
  if (opening?.type !== 'case.open') return within
  const body = await openBody(desk.view, within, desk.self, keyring, opening)
  const title = body.title === '' ? titleOf(readFacts(body.text).text) : body.title
  return appendTitle(desk, within, keyring, title, ({ fold }) => fold.titleSeq >= 0)
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
