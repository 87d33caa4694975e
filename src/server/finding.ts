/** `good`: nothing to do. `look`: soon. `bad`: now. */
export type Finding = {
  readonly level: 'good' | 'look' | 'bad'
  readonly what: string
  /** `""` when it is good. */
  readonly todo: string
}

export function good(what: string): Finding {
  return { level: 'good', what, todo: '' }
}

export function look(what: string, todo: string): Finding {
  return { level: 'look', what, todo }
}

export function bad(what: string, todo: string): Finding {
  return { level: 'bad', what, todo }
}
