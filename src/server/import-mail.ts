import { restoredAt } from '#identity'
import { IntakeError, takeArchived } from '#intake'
import { SECOND } from '#lexicon'
import { type Archive, openArchive } from './archive-mails.ts'
import type { FileArguments } from './arguments.ts'
import { openDataFolder } from './data-folder.ts'
import { enterHouse, type House } from './house.ts'
import { clock, furnish } from './rooms.ts'
import { ServerError } from './server-error.ts'

/** Of an archive: what was read, and what became of it. Counts, and nothing of a mail. */
export type ImportSeen = {
  readonly kind: Archive['kind']
  readonly percent: number
  readonly taken: number
  /** Cases already. */
  readonly known: number
  readonly tooLarge: number
  readonly failed: number
  readonly done: boolean
}

type Voice = {
  readonly say: (step: string) => void
  readonly progress: (seen: ImportSeen) => void
  /** Told why a mail was not taken. */
  readonly failed: (error: unknown) => void
}

const EVERY = SECOND / 4

/**
 * Makes a case of every mail of an archive that is none yet. Whenever it is interrupted, the next run goes
 * on: what was taken is known. Throws `ServerError`.
 */
export async function importMail(
  { data: folder, databaseUrl, unsafe, file }: FileArguments & { readonly unsafe: boolean },
  voice: Voice,
): Promise<ImportSeen> {
  const archive = await openArchive(file)
  const data = openDataFolder(folder)
  const { say } = voice
  const house = await enterHouse({ data, databaseUrl, unsafe, say }, 'mail')
  try {
    if ((await restoredAt(house.database.logins.identity)) !== undefined)
      throw new ServerError(
        'refused',
        'This desk was restored and only reads: two people open it first.',
      )
    return await takeAll(house, archive, voice)
  } finally {
    await house.close()
  }
}

export function wordsOfImport({ taken, known, tooLarge, failed }: ImportSeen): string[] {
  return [
    `${taken} mails are cases now; ${known} were cases already.`,
    ...(tooLarge > 0 ? [`${tooLarge} are larger than 30 MiB and were not taken.`] : []),
    ...(failed > 0 ? [`${failed} could not be taken; the log names the reasons.`] : []),
  ]
}

const BAR = 24

/** `[######------------------]  25 %  1200 new, 3 known` */
export function wordsOfProgress({ percent, taken, known }: ImportSeen): string {
  const full = Math.round((percent / 100) * BAR)
  const bar = `${'#'.repeat(full)}${'-'.repeat(BAR - full)}`
  return `[${bar}] ${String(percent).padStart(3)} %  ${taken} new, ${known} known`
}

async function takeAll(
  house: House,
  archive: Archive,
  { progress, failed }: Voice,
): Promise<ImportSeen> {
  const { letterbox } = await furnish(house)
  const addresses = house.settings.mail?.addresses ?? []
  const counts = { taken: 0, known: 0, tooLarge: 0, failed: 0 }
  const seen = (done: boolean): ImportSeen => {
    const share = archive.size === 0 ? 1 : archive.read() / archive.size
    const percent = done ? 100 : Math.min(99, Math.floor(share * 100))
    return { kind: archive.kind, percent, ...counts, done }
  }
  let told = clock()
  for await (const mail of archive.mails()) {
    if (mail === 'too-large') counts.tooLarge++
    else
      try {
        const became = await takeArchived(letterbox, addresses, mail.raw)
        counts[became === 'new' ? 'taken' : 'known']++
      } catch (error) {
        demandPoison(error)
        failed(error)
        counts.failed++
      }
    if (clock() - told < EVERY) continue
    told = clock()
    progress(seen(false))
  }
  progress(seen(true))
  return seen(true)
}

/** One that cannot be taken does not stop the others; a desk that takes nothing does. */
function demandPoison(cause: unknown): void {
  if (!(cause instanceof IntakeError) || cause.code === 'conflict') return
  const why = `${cause.message} Say it again then: it goes on where it stopped.`
  throw new ServerError(cause.code === 'unavailable' ? 'unreachable' : 'refused', why, { cause })
}
