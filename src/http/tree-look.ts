import { type Bytes, bytesOfText } from '#lexicon'
import type { BrowserFiles } from './browser-files.ts'
import { MARK } from './pages/static-files.ts'

/** What all pages of the public tree share: the sheet, its font and the mark, as the build made them. */
export function treeLook({ assets }: BrowserFiles): ReadonlyMap<string, Bytes> {
  const look = new Map<string, Bytes>()
  for (const [path, { plain }] of assets)
    if (/^\/assets\/(?:tree|atkinson)-/.test(path)) look.set(path.slice(1), plain)
  return look.set('mark.svg', bytesOfText(MARK))
}
