import { type Memory, NOTHING_REMEMBERED, type Remembered } from '#client'

/**
 * For a browser of somebody who reports or follows: a visit leaves no trace, so an older past than at an
 * earlier visit is not noticed here. Within the visit it is.
 */
export function forgetfulMemory(): Memory & {
  readonly evidence: () => readonly { readonly name: string; readonly text: string }[]
} {
  const remembered = new Map<string, Remembered>()
  const evidence: { name: string; text: string }[] = []
  const read = async (desk: string) => remembered.get(desk) ?? NOTHING_REMEMBERED
  return {
    deskAt: async () => undefined,
    pinDesk: async () => undefined,
    read,
    update: async (desk, change) => {
      remembered.set(desk, change(await read(desk)))
    },
    keepEvidence: async (_, name, text) => {
      evidence.push({ name, text })
    },
    evidence: () => evidence,
  }
}
