import { isFact, readFacts, type ReportFacts, withFacts } from '#client'
import { CheckFailed } from './check-failed.ts'

export type FactsVector = {
  readonly format: 'facts'
  readonly text: string
  readonly facts: ReportFacts
} & (
  | { readonly way: 'read'; readonly whole: string }
  /** Without `whole`, nothing may be written. */
  | { readonly way: 'write'; readonly whole?: string }
)

/** `facts`: it reads otherwise. `line`: a value is none. `whole`: it is written otherwise. */
export async function judgeFacts({ way, text, facts, whole }: FactsVector): Promise<void> {
  if (way === 'read') {
    const read = readFacts(whole)
    const same = LINES.every((fact) => read.facts[fact] === facts[fact])
    if (read.text !== text || !same) throw new CheckFailed('facts', JSON.stringify(read))
    return
  }
  if (!LINES.every((fact) => facts[fact] === '' || isFact(facts[fact]))) {
    demandRefused(text, facts)
    throw new CheckFailed('line', JSON.stringify(facts))
  }
  const written = withFacts(text, facts)
  if (written !== whole) throw new CheckFailed('whole', written)
}

const LINES = ['project', 'kind', 'name', 'contact'] as const

/** The judge of a value and the one who writes it must not disagree. */
function demandRefused(text: string, facts: ReportFacts): void {
  let written: string
  try {
    written = withFacts(text, facts)
  } catch {
    return
  }
  throw new CheckFailed('written', written)
}
