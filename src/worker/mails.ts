import { type Message, openApart, openMail } from '#client'
import { LIMITS } from '#lexicon'
import { type Entered, keyringOf, type MemberSession } from './member-session.ts'
import type { MemberOperations } from './operations.ts'
import type { Handlers } from './serve-page.ts'
import type { OpenedCase } from './show-case.ts'

type Mails = 'readMail' | 'readRawMail' | 'openApart' | 'noteMailText'

/** Mails of opened cases. They are opened here and read by the page, in a thread that holds no key. */
export function mailHandlers(session: MemberSession): Handlers<Pick<MemberOperations, Mails>> {
  const opened = async (id: string, entry: string) => {
    const entered = session.open()
    const { within, message } = mailOf(entered, id, entry)
    return openMail(entered.view, within, keyringOf(entered), message)
  }
  return {
    readMail: async ({ id, entry }) => {
      const { content, pgp, why, signed, subject, differs } = await opened(id, entry)
      return { content, pgp, why, signed, subject, differs }
    },
    readRawMail: async ({ id, entry }) => {
      const { raw } = await opened(id, entry)
      return new Blob([raw], { type: 'application/octet-stream' })
    },
    openApart: async ({ bytes }) => {
      const content = await openApart(keyringOf(session.open()), bytes)
      return new Blob([content], { type: 'application/octet-stream' })
    },
    noteMailText: async ({ entry, text }) => {
      session.open().mailTexts.set(entry, text.slice(0, LIMITS.text))
      return {}
    },
  }
}

function mailOf(
  entered: Entered,
  id: string,
  entry: string,
): Pick<OpenedCase, 'within'> & { readonly message: Message } {
  const opened = entered.cases.get(id)
  const message = opened?.timeline.messages.find((each) => each.id === entry)
  if (opened === undefined || message?.mail === undefined) throw new RangeError('No such mail.')
  return { within: opened.within, message }
}
