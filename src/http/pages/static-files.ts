import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Read once: what is served cannot change under us. */
export const MARK = readFileSync(join(import.meta.dirname, 'mark.svg'), 'utf8')
