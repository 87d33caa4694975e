import {
  acknowledge,
  addReader,
  answerAndClose,
  answerByMail,
  binCase,
  type CaseView,
  ClientError,
  closeCase,
  exportCase,
  fetchFile,
  linkCases,
  newPosting,
  openAssessment,
  openCase,
  readersOf,
  removeReader,
  routeCase,
  retitleCase,
  sendMessage,
  setCaseState,
  settleKey,
  sortCase,
  takeCase,
} from '#client'
import { isCaseNumber, RELATIONS } from '#lexicon'
import { newArchive } from './archive.ts'
import { blobOf, sourceOf } from './file-source.ts'
import { deliveriesNow, demandAsShown, mailPlanShown, planFor } from './mail-plans.ts'
import { demandShown } from './demand-shown.ts'
import { deskOf, type Entered, keyringOf, type MemberSession, refreshed } from './member-session.ts'
import { caseOpener } from './open-case.ts'
import type { MemberOperations } from './operations.ts'
import { proofOfCase } from './proof-of-receipt.ts'
import { raisePlace } from './read-places.ts'
import { sayHowFar } from './route-projects.ts'
import { findInOpened } from './search-opened.ts'
import type { Handlers } from './serve-page.ts'
import type { OpenedCase } from './show-case.ts'

type Cases =
  | 'openCase'
  | 'keepPlace'
  | 'send'
  | 'planMail'
  | 'lookAtDeliveries'
  | 'settleKey'
  | 'acknowledge'
  | 'take'
  | 'sort'
  | 'setState'
  | 'close'
  | 'bin'
  | 'retitle'
  | 'link'
  | 'addReader'
  | 'removeReader'
  | 'route'
  | 'setProject'
  | 'assess'
  | 'readFile'
  | 'proveCase'
  | 'exportCase'
  | 'search'

/** Reading and writing cases. Every act goes by the case as it is now, folded anew. */
export function caseHandlers(session: MemberSession): Handlers<Pick<MemberOperations, Cases>> {
  const { open, read, show } = caseOpener(session)

  /** Reads the case anew, does one thing to it, and shows it as it is then. */
  const act = async (id: string, work: (within: CaseView) => Promise<CaseView>) => {
    const entered = session.open()
    const within = await work(await read(entered, id))
    await refreshed(entered)
    return show(entered, within)
  }
  const desk = (id: string) => deskOf(session, id)
  let asked = nothingAsked()

  return {
    openCase: ({ id, stand }) => open(id, stand),
    keepPlace: async ({ id, read: place, quiet }) => {
      await raisePlace(session.open().shelf, id, { read: place, quiet })
      return {}
    },
    send: ({ id, thread, text, files, readers, close, mail }) =>
      act(id, async (within) => {
        demandShown(readersOf(session.open().view, within, thread), readers)
        const words = { text, files: files.map(sourceOf) }
        if (mail !== undefined && thread === 'all') {
          const plan = await planFor(session.open(), within, mail.way === 'pgp')
          demandAsShown(plan, mail)
          const keyring = keyringOf(session.open())
          return answerByMail(desk(id), within, words, { way: mail.way, plan, keyring, close })
        }
        return close
          ? answerAndClose(desk(id), within, words)
          : sendMessage(desk(id), within, thread, words)
      }),
    planMail: async ({ id, look }) => {
      const entered = session.open()
      return mailPlanShown(await planFor(entered, openedCase(entered, id).within, look))
    },
    lookAtDeliveries: ({ id }) => deliveriesNow(session.open(), id),
    settleKey: ({ id, hash, which }) =>
      act(id, async (within) => {
        const { key } = await planFor(session.open(), within, false)
        const shown = 'found' in key ? key.found.certificate.hash : ''
        const asks = key.state === 'changed' || key.state === 'lost' || key.state === 'offered'
        if (!asks || shown !== hash)
          throw new ClientError('problem', 'The key changed again since the page showed it.')
        return settleKey(desk(id), within, key, which)
      }),
    acknowledge: ({ id }) => act(id, (within) => acknowledge(desk(id), within)),
    take: ({ id, who }) => act(id, (within) => takeCase(desk(id), within, who)),
    sort: ({ id, sort }) => act(id, (within) => sortCase(desk(id), within, sort)),
    setState: ({ id, state }) => act(id, (within) => setCaseState(desk(id), within, state)),
    close: ({ id, reason }) => act(id, (within) => closeCase(desk(id), within, reason)),
    bin: ({ id, reason }) => act(id, (within) => binCase(desk(id), within, reason)),
    retitle: ({ id, title }) =>
      act(id, (within) => retitleCase(desk(id), within, keyringOf(session.open()), title)),
    link: ({ id, other, relation }) =>
      act(id, async (within) => {
        const known = RELATIONS.find((each) => each === relation)
        if (known === undefined) throw new RangeError('No such relation.')
        const numbered = isCaseNumber(other)
        const target = numbered ? idOfNumber(session.open(), other) : other
        // A number in a queue row is the server's word; in an opened case it is proved (K6).
        if (numbered && (await read(session.open(), target)).number !== other)
          throw new ClientError('not-found', `The desk knows no case ${other} of that kind.`)
        return linkCases(desk(id), within, target, known)
      }),
    addReader: ({ id, thread, who }) =>
      act(id, (within) => addReader(desk(id), within, thread, who)),
    removeReader: ({ id, who }) => act(id, (within) => removeReader(desk(id), within, who)),
    route: ({ id, ...to }) => act(id, (within) => routeCase(desk(id), within, to)),
    setProject: ({ id, ...said }) => act(id, (within) => sayHowFar(desk(id), within, said)),
    assess: async ({ title, text }) => {
      const entered = session.open()
      await refreshed(entered)
      // Asked again with the same words after an answer that did not come: the same case, not a second one.
      if (asked.title !== title || asked.text !== text)
        asked = { title, text, posting: newPosting() }
      const given = { title, text, files: [] }
      const within = await openAssessment(desk('assessment'), given, asked.posting)
      asked = nothingAsked()
      await refreshed(entered)
      return show(entered, within)
    },
    readFile: async ({ id, entry, n }) => {
      const entered = session.open()
      const { within, timeline } = openedCase(entered, id)
      const message = timeline.messages.find((each) => each.id === entry)
      const file = message?.files[n]
      if (message === undefined || file === undefined) throw new RangeError('No such file.')
      const { view, self } = entered
      const content = fetchFile(view, within, self, keyringOf(entered), message, file)
      const { progress } = desk(id)
      return blobOf(content, (done) => progress(`${entry}/${String(n)}`, done, file.size))
    },
    proveCase: async ({ id }) => {
      const view = await refreshed(session.open())
      const within = await openCase(view, id)
      return {
        name: `postern-${within.number}-proof.json`,
        text: await proofOfCase(view, within),
      }
    },
    exportCase: async ({ id }) => {
      const entered = session.open()
      await session.api().call('noteExport', { params: { id }, body: {} })
      const view = await refreshed(entered)
      const within = await openCase(view, id)
      const archive = newArchive()
      const keyring = keyringOf(entered)
      const made = await exportCase(view, within, entered.self, keyring, archive.write)
      const name = `postern-${within.number}.zip`
      return { name, archive: archive.end(), secretKey: made.secretKey }
    },
    search: async ({ text }) => findInOpened(session.open(), text),
  }
}

function nothingAsked() {
  return { title: '', text: '', posting: newPosting() }
}

function openedCase(entered: Entered, id: string): OpenedCase {
  const opened = entered.cases.get(id)
  if (opened === undefined) throw new RangeError('This case is not open.')
  return opened
}

/** Numbers are for people; a statement names a case by its id. */
function idOfNumber(entered: Entered, number: string): string {
  for (const [id, row] of entered.titles) if (row.number === number) return id
  for (const [id, { within }] of entered.cases) if (within.number === number) return id
  throw new RangeError('No case of this number was seen here.')
}
