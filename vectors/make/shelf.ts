export type Input = { readonly [field: string]: unknown }

/** Collects vectors as files; a name is used once. */
export type Shelf = {
  readonly accept: (format: string, name: string, why: string, input: Input) => void
  /** `changed` names the one field or byte that differs, and the accepted vector that it differs from. */
  readonly reject: (
    format: string,
    name: string,
    check: string,
    changed: Changed,
    input: Input,
  ) => void
  readonly files: ReadonlyMap<string, string>
}

export type Changed = { readonly against: string; readonly what: string }

export function newShelf(): Shelf {
  const files = new Map<string, string>()
  const put = (format: string, expect: string, name: string, vector: Input) => {
    const path = `${format}/${expect}/${name}.json`
    if (!/^[a-z0-9-]+$/.test(name) || files.has(path))
      throw new RangeError(`The name ${path} is taken or malformed.`)
    files.set(path, `${JSON.stringify(vector, undefined, 1)}\n`)
  }
  return {
    files,
    accept: (format, name, why, input) =>
      put(format, 'accept', name, { format, expect: 'accept', why, ...input }),
    reject: (format, name, check, { against, what }, input) => {
      if (!files.has(`${format}/accept/${against}.json`))
        throw new RangeError(
          `${format}/reject/${name} differs from ${against}, which is not there.`,
        )
      put(format, 'reject', name, {
        format,
        expect: 'reject',
        check,
        changed: `${against}: ${what}`,
        ...input,
      })
    },
  }
}
