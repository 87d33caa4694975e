import { readCode, Refused, rootSeed, signerOfSeed } from '#seal'
import type { DeskView } from './desk-view.ts'
import type { Self } from './self.ts'

/**
 * The desk's root from its paper, for as long as this machine works: it admits the next coordinator where
 * nobody else can be the second person (PROTOCOL 6). Throws `Refused` code for other words.
 */
export async function withRoot(
  { directory }: Pick<DeskView, 'directory'>,
  self: Self,
  words: string,
): Promise<Self> {
  const root = await signerOfSeed(rootSeed(readCode(words)))
  if (root.who !== directory.now.root)
    throw new Refused('code', 'These twelve words are not the root of this desk.')
  return { ...self, root }
}
