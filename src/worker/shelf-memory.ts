import { type Memory, NOTHING_REMEMBERED, type Remembered } from '#client'
import type { Failure } from './operations.ts'
import type { Shelf } from './sealed-shelf.ts'

/** The name on the shelf that stays after logging out. */
export const MARKS = 'marks'

/** What this browser remembers of a desk for one member (H1, H3), sealed. The pin comes with the page. */
export function shelfMemory(
  shelf: Shelf,
): Memory & { readonly evidence: () => Failure['evidence'] } {
  const evidence: { name: string; text: string }[] = []
  const read = async (): Promise<Remembered> => {
    const text = await shelf.read(MARKS)
    const kept = text === undefined ? {} : (JSON.parse(text) as Partial<Remembered>)
    return { ...NOTHING_REMEMBERED, ...kept }
  }
  return {
    deskAt: async () => undefined,
    pinDesk: async () => undefined,
    read,
    update: (_, change) =>
      shelf.alone(MARKS, async () => {
        await shelf.write(MARKS, JSON.stringify(change(await read())))
      }),
    keepEvidence: async (_, name, text) => {
      evidence.push({ name, text })
    },
    evidence: () => evidence,
  }
}
