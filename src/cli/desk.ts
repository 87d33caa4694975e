import { beat, ClientError, declareRestored, lostCases, renewDeskKeys } from '#client'
import { bytesOfHex } from '#lexicon'
import { coordinatorsOf, deskWords } from '#seal'
import { DESK_FLAGS, enter, enterRestored, MEMBER_FLAGS, visit } from './enter.ts'
import { answer, line } from './print.ts'
import { readFlags, UsageError, wordsAre } from './usage.ts'

/** `postern desk VERB …`: what concerns the desk as a whole. */
export async function desk(args: readonly string[]): Promise<void> {
  const [verb, ...rest] = args
  const play = verb === undefined ? undefined : VERBS.get(verb)
  if (play === undefined)
    throw new UsageError(`Say what to do with the desk: ${[...VERBS.keys()].join(', ')}.`)
  await play(rest)
}

const VERBS: ReadonlyMap<string, (args: readonly string[]) => Promise<void>> = new Map([
  ['show', show],
  ['beat', beatNow],
  ['renew', renew],
  ['restored', restored],
])

/** Who this desk is, to compare with paper. */
async function show(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, DESK_FLAGS)
  wordsAre(flags.words)
  const { view, print } = await visit(flags)
  const { now } = view.directory
  const facts = {
    desk: view.id,
    words: deskWords(bytesOfHex(view.id)),
    name: now.name,
    domain: now.domain,
    server: now.server,
    coordinators: coordinatorsOf(now).length,
    newest: now.at,
  }
  answer(print, facts, () => [
    `${line(facts.name)}, ${facts.domain}`,
    `id     ${facts.desk}`,
    `words  ${facts.words}`,
    `Reports are read by ${facts.coordinators} coordinator${facts.coordinators === 1 ? '' : 's'}. Newest statement: ${facts.newest}`,
  ])
}

/** Says that the desk lives, after thirty silent days: only when the people in the list are those you know. */
async function beatNow(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  wordsAre(flags.words)
  const shift = await enter(flags)
  const view = await beat(shift.view, shift.self)
  answer(shift.print, { at: view.directory.now.at }, () => ['The desk chain is young again.'])
}

/** New desk and mail keys: at least yearly, and whenever one is in doubt. */
async function renew(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  wordsAre(flags.words)
  const shift = await enter(flags)
  const view = await renewDeskKeys(shift.view, shift.self)
  const key = `desk/${view.directory.now.desk.length}`
  answer(shift.print, { key }, () => [`New reports are sealed to ${key} from now on.`])
}

/** After a restore from a backup: two coordinators declare what was lost, and the desk opens again. */
async function restored(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  wordsAre(flags.words)
  const { view, self, print } = await enterRestored(flags)
  const lost = await lostCases(view)
  const { waits } = await declareRestored(view, self, lost)
  if (!waits) await renewLostKeys(flags)
  answer(print, { lost, waits }, () => [
    lost.length === 0
      ? 'This machine misses nothing.'
      : `Cases that are gone or end earlier than this machine remembers: ${lost.map((id) => id.slice(0, 16)).join(', ')}`,
    waits
      ? 'Declared. A second coordinator runs “postern desk restored” too; until then the desk takes nothing.'
      : 'The desk is open again.',
  ])
}

/** A desk key whose wraps were made after the backup opens for nobody: the next one replaces it. */
async function renewLostKeys(flags: Parameters<typeof enter>[0]): Promise<void> {
  const { view, self, keyring } = await enter(flags)
  try {
    await keyring.keyOf(`desk/${view.directory.now.desk.length}`)
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    await renewDeskKeys(view, self)
  }
}
