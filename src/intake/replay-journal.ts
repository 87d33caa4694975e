import { LedgerError } from '#ledger'
import { Refused } from '#seal'
import { isDatabaseAway } from '#store'
import { acceptReport } from './accept-report.ts'
import { checkReport } from './check-report.ts'
import type { IntakeDeps } from './intake-deps.ts'
import { IntakeError } from './intake-error.ts'

/** What became of the entries. `refused` ones lie aside, for a person to look at. */
export type Replay = {
  readonly accepted: number
  readonly refused: number
  readonly waiting: number
}

/**
 * Takes what the journal kept through the same door as every report, the oldest first. An entry goes only
 * after the commit, so a replay that was cut is simply repeated. Stops when the database is away again.
 * Throws what is nobody's refusal, after all the others had their turn.
 */
export async function replayJournal(deps: IntakeDeps): Promise<Replay> {
  const { journal } = deps
  const mistakes: unknown[] = []
  let accepted = 0
  let refused = 0
  for (const id of journal.list()) {
    try {
      const entry = await journal.read(id)
      if (entry === undefined) continue
      // Its time was checked when it came; our own clock may have been set back since.
      const checked = await checkReport(entry, Math.max(entry.arrived, deps.clock()))
      await acceptReport(deps, checked, entry.arrived)
      await journal.remove(id)
      accepted++
    } catch (error) {
      if (isDatabaseAway(error) || isNotOpen(error)) break
      if (isRefusal(error)) {
        await journal.setAside(id)
        refused++
      } else mistakes.push(error)
    }
  }
  // One entry that we cannot handle must not hold up those behind it.
  if (mistakes.length > 0) throw mistakes[0]
  return { accepted, refused, waiting: journal.list().length }
}

function isNotOpen(error: unknown): boolean {
  return error instanceof IntakeError && error.code === 'not-open'
}

/** It will not be taken however often it is tried. */
function isRefusal(error: unknown): boolean {
  return error instanceof IntakeError || error instanceof Refused || error instanceof LedgerError
}
