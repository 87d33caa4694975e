/** What the listener knows of a request beyond the request itself. */
export type Bindings = {
  readonly incoming?: { readonly socket: { readonly remoteAddress?: string | undefined } }
}
export type Env = {
  readonly Bindings: Bindings
  /** Headers that stand in place of the strict ones; set by the pages below and by nothing else. */
  readonly Variables: { headers?: Readonly<Record<string, string>> }
}
