/** Names of members and places in lists, from the outside in. */
export type Place = readonly (string | number)[]

/** One thing that is wrong, where, and what to write instead. `line` counts from 1 where a file was read. */
export type Fault = { readonly at: Place; readonly says: string; readonly line?: number }

/** `projects/3/channels/0/value (line 17): …` */
export function faultLine({ at, says, line }: Fault): string {
  const where = at.length === 0 ? 'the file' : at.join('/')
  return `${where}${line === undefined ? '' : ` (line ${line})`}: ${says}`
}
