import { parseArgs } from 'node:util'

/** The command was not understood: one sentence, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export type Flags = Readonly<Record<string, 'text' | 'many' | 'yes'>>

type ValueOf<K> = K extends 'text'
  ? string | undefined
  : K extends 'many'
    ? readonly string[]
    : boolean
export type Given<F extends Flags> = { readonly [N in keyof F]: ValueOf<F[N]> } & {
  readonly words: readonly string[]
}

/** Reads flags strictly: one that the command does not know is an error, never ignored. */
export function readFlags<const F extends Flags>(args: readonly string[], flags: F): Given<F> {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, kind]) => [
      name,
      {
        type: kind === 'yes' ? ('boolean' as const) : ('string' as const),
        multiple: kind === 'many',
      },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      strict: true,
      allowPositionals: true,
    })
    const given = Object.entries(flags).map(([name, kind]) => [
      name,
      values[name] ?? (kind === 'many' ? [] : kind === 'yes' ? false : undefined),
    ])
    return { ...Object.fromEntries(given), words: positionals } as Given<F>
  } catch (cause) {
    const reason =
      cause instanceof Error ? cause.message.split(/\. |\.?\n/)[0] : 'these flags are unknown'
    throw new UsageError(`${reason}. Say “postern help” to see what there is.`, { cause })
  }
}

/** The value of a flag that the command cannot do without. */
export function needed(value: string | undefined, flag: string): string {
  if (value === undefined || value === '') throw new UsageError(`This command needs ${flag}.`)
  return value
}

/** Exactly these words after the command, no more and no fewer. */
export function wordsAre<const N extends readonly string[]>(
  words: readonly string[],
  ...names: N
): { readonly [K in keyof N]: string } {
  if (words.length !== names.length) {
    const wanted = names.length === 0 ? 'takes no words' : `takes ${names.join(' ')}`
    throw new UsageError(`This command ${wanted} besides its flags.`)
  }
  return [...words] as { readonly [K in keyof N]: string }
}
