import { type Fault, faultLine } from './fault.ts'

export type DirectoryErrorCode = 'form' | 'yaml' | 'too-large' | 'not-canonical' | 'drifted'

/** A directory, or a document of one, that is refused. `faults` says each place; nothing of it is used. */
export class DirectoryError extends Error {
  override readonly name = 'DirectoryError'
  readonly code: DirectoryErrorCode
  readonly faults: readonly Fault[]

  constructor(code: DirectoryErrorCode, message: string, faults: readonly Fault[] = []) {
    super(message)
    this.code = code
    this.faults = faults
  }
}

/** All faults at once: a person mends a file in one go. */
export function formError(what: string, faults: readonly Fault[]): DirectoryError {
  const [first] = faults
  const rest = faults.length > 1 ? ` There are ${faults.length - 1} more like it.` : ''
  const said = first === undefined ? '' : ` ${faultLine(first)}`
  return new DirectoryError(
    'form',
    `${what} is not in the form of a directory.${said}${rest}`,
    faults,
  )
}
