/** Ids, codes, counts. Never an address, a path of a request, a body, a receipt (R66, K25). */
export type LogEvent = {
  readonly event: string
  readonly [field: string]: string | number | boolean | undefined
}
export type Log = (event: LogEvent) => void

/** One line of JSON for each event, in ASCII: no line break, no terminal command gets through. */
export function createLog(write: (line: string) => void, clock: () => number): Log {
  return (event) => {
    const line = JSON.stringify({ at: new Date(clock()).toISOString(), ...event })
    write(`${line.replace(/[^\x20-\x7e]/g, escaped)}\n`)
  }
}

/** An error nobody foresaw: its name, its code and the line of ours, never its message. */
export function tracesOf(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { name: typeof error }
  const place = /\bsrc\/[\w./-]+\.ts:\d+/.exec(error.stack ?? '')?.[0]
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return {
    name: error.name,
    ...(code !== undefined && { code }),
    ...(place !== undefined && { place }),
  }
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}
