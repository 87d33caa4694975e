import type { ComponentChildren } from 'preact'

export type TagProps = {
  readonly tone?: 'plain' | 'accent' | 'due' | 'late' | undefined
  readonly children?: ComponentChildren
}

/** A state in one or two words. */
export function Tag({ tone = 'plain', children }: TagProps) {
  return <span class={tone === 'plain' ? 'tag' : `tag ${tone}`}>{children}</span>
}
