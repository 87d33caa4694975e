import { type Memory, NOTHING_REMEMBERED, type Remembered } from '#client'
import type { Failure } from './operations.ts'
import type { Shelf } from './sealed-shelf.ts'

/** The name on the shelf that stays after logging out. */
export const MARKS = 'marks'

/** In one record with how far each case was read, which no check of the chain may touch. */
type Kept = Remembered & { readonly places: object }

/** What this browser remembers of a desk for one member (H1, H3), sealed. The pin comes with the page. */
export function shelfMemory(
  shelf: Shelf,
): Memory & { readonly evidence: () => Failure['evidence'] } {
  const evidence: { name: string; text: string }[] = []
  const readAll = async (): Promise<Kept> => {
    const text = await shelf.read(MARKS)
    const kept = text === undefined ? {} : (JSON.parse(text) as Partial<Kept>)
    return { ...NOTHING_REMEMBERED, places: {}, ...kept }
  }
  const read = async (): Promise<Remembered> => {
    const { places: _, ...remembered } = await readAll()
    return remembered
  }
  return {
    deskAt: async () => undefined,
    pinDesk: async () => undefined,
    read,
    update: (_, change) =>
      shelf.alone(MARKS, async () => {
        const { places, ...before } = await readAll()
        await shelf.write(MARKS, JSON.stringify({ ...change(before), places }))
      }),
    keepEvidence: async (_, name, text) => {
      evidence.push({ name, text })
    },
    evidence: () => evidence,
  }
}
