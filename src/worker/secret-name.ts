import { type Bytes, hexOfBytes } from '#lexicon'
import { derive } from '#seal'

/**
 * A name on the shelf for a thing whose own name must not be read on the disk: which case a draft is for
 * says who reads that case. A hash alone would not hide it, for who knows an id could try it; so the name
 * hangs on the person's own key, and at another desk it is another one.
 */
export function secretName(naming: Bytes, desk: string, kind: string, of: string): string {
  return `${kind}-${hexOfBytes(derive(naming, desk, `${kind} ${of}`)).slice(0, 32)}`
}
