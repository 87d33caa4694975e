import type { DeskView } from '#client'
import { bytesOfHex } from '#lexicon'
import { coordinatorsOf, deskWords } from '#seal'
import type { DeskShown } from './shown.ts'

export function deskShown({ id, directory: { now } }: DeskView): DeskShown {
  return {
    id,
    name: now.name,
    domain: now.domain,
    coordinators: coordinatorsOf(now).length,
    words: deskWords(bytesOfHex(id)),
  }
}
