/**
 * Why a thing was not accepted. F1…F9, H1…H3 are the rows of PROTOCOL 3; the rest name the place.
 * `stale-directory` is the 30-day rule before sealing, `pin` a desk that is not the one expected, `changed`
 * a name whose key is not the one that was compared.
 */
export type RefusedCode =
  | `F${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
  | `H${1 | 2 | 3}`
  | 'pin'
  | 'stale-directory'
  | 'changed'
  | 'cert'
  | 'grammar'
  | 'decrypt'
  | 'slot'
  | 'frame'
  | 'body'
  | 'file'
  | 'wrap'
  | 'me'
  | 'label'
  | 'vault'
  | 'code'
  | 'derive'
  | 'of'
  | 'by'
  | 'checkpoint'
  | 'invitation'
  | 'claim'
  | 'clear-sign'

/** A check failed. Whoever catches this stops: nothing of what was checked is shown or used. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: RefusedCode

  constructor(code: RefusedCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Throws `Refused` unless `fact` holds. */
export function demand(fact: boolean, code: RefusedCode, message: string): asserts fact {
  if (!fact) throw new Refused(code, message)
}
