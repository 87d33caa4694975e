/** `Ctrl Enter` as two keys. For the eye; the control itself carries `aria-keyshortcuts`. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <span class="key-hint">
      {keys.split(' ').map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  )
}

/** In the words of `aria-keyshortcuts`; a sequence like `G Q` has none. */
export function shortcutOf(keys: string | undefined): string | undefined {
  if (keys === undefined) return undefined
  const [first = '', ...rest] = keys.split(' ')
  if (rest.length === 0) return first
  return ['Ctrl', 'Shift', 'Alt'].includes(first)
    ? [first === 'Ctrl' ? 'Control' : first, ...rest].join('+')
    : undefined
}

export type KeyGroup = {
  readonly title: string
  readonly rows: readonly (readonly [keys: string, says: string])[]
}

export function KeyMap({ groups }: { readonly groups: readonly KeyGroup[] }) {
  return (
    <div class="key-map">
      {groups.map(({ title, rows }) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl class="facts">
            {rows.map(([keys, says]) => [
              <dt key={keys}>
                <KeyHint keys={keys} />
              </dt>,
              <dd key={`${keys} says`}>{says}</dd>,
            ])}
          </dl>
        </section>
      ))}
    </div>
  )
}
