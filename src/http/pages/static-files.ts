import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The sheet of the two pages, and the mark. Read once: what is served cannot change under us. */
export const STYLE = readFileSync(join(import.meta.dirname, 'style.css'), 'utf8')
export const MARK = readFileSync(join(import.meta.dirname, 'mark.svg'), 'utf8')
