import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { openCaseFolds, type QueueMails } from '#desk'
import type { AnswerRoom, MailRoom, Rooms } from '#http'
import { openDeskChain, pinServer } from '#identity'
import { type IntakeDeps, type MailDeps, nodeDisk, openJournal } from '#intake'
import type { Bytes } from '#lexicon'
import { type CurrentDirectory, openLedgerWriter } from '#ledger'
import { deriveBeforeDesk } from '#seal'
import type { ValveRoom } from '#valve'
import type { House } from './house.ts'
import { mailAnswersOf } from './mail-answers.ts'

export const clock = (): number => Date.now()
export const random = (length: number): Bytes => new Uint8Array(randomBytes(length))

/** Everything but the public address, which is known only when we listen. */
export type FurnishedHouse = {
  readonly intake: IntakeDeps
  /** The letterbox for mail; whether it answers is decided where it is opened. */
  readonly letterbox: Omit<MailDeps, 'receipts'>
  readonly directory: CurrentDirectory
  /** `office`: where the desk has a mail address. */
  readonly roomsAt: (
    origin: string,
    mail: MailRoom,
    valve: ValveRoom,
    office?: { readonly room: AnswerRoom; readonly queueMails: QueueMails },
  ) => Rooms
}

/** Gives every room its login, its clock and its neighbours. Throws when the database is another server's. */
export async function furnish(house: House): Promise<FurnishedHouse> {
  const { data, database, settings, signer } = house
  const { logins } = database
  await pinServer(logins.identity, signer.who)
  const deskChain = openDeskChain(logins.identity)
  // Folded now: a damaged chain stops the start, not the first visitor.
  await deskChain.current()
  const ledger = openLedgerWriter({ signer, clock })
  const directory = deskChain.current
  const common = { ledger, directory, clock, random }
  const journal = await openJournal({ folder: join(data.path, 'journal'), disk: nodeDisk })
  const planned = { name: settings.name ?? '', domain: settings.domain ?? '' }
  const intake = { db: logins.intake, journal, ...common }
  const desk = { db: logins.desk, folds: openCaseFolds({ directory }), ...common }
  const answers = mailAnswersOf(house, desk, signer)
  return {
    intake,
    letterbox: {
      ...intake,
      signer,
      markKey: deriveBeforeDesk(data.seed, 'mail marks'),
      ...(answers && { answers }),
    },
    directory,
    roomsAt: (origin, mail, valve, office) => ({
      identity: {
        db: logins.identity,
        ledger,
        deskChain,
        server: signer.who,
        origin,
        clock,
        random,
      },
      desk: { ...desk, ...(office && { queueMails: office.queueMails }) },
      intake,
      valve,
      signer,
      mail,
      planned,
      ...(office && { answers: office.room }),
    }),
  }
}
