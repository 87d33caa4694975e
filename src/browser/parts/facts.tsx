import type { ComponentChildren } from 'preact'

export type FactsProps = {
  readonly items: readonly (readonly [name: string, value: ComponentChildren])[]
}

/** Names and values; those without a value are left out. */
export function Facts({ items }: FactsProps) {
  return (
    <dl class="facts">
      {items
        .filter(
          ([, value]) => value !== '' && value !== undefined && value !== null && value !== false,
        )
        .map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name} is`}>{value}</dd>])}
    </dl>
  )
}
