import type { ComponentChildren } from 'preact'
import { Mark } from './mark.tsx'

export type EmptyProps = { readonly title: string; readonly children?: ComponentChildren }

/** What will come here, and one act. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div class="empty">
      <Mark />
      <h2>{title}</h2>
      {typeof children === 'string' ? <p>{children}</p> : children}
    </div>
  )
}

/** The frame of what is on its way. Say beside it, in words, what is waited for. */
export function Ghost({ rows }: { readonly rows: number }) {
  return (
    <div class="ghosts" aria-hidden="true">
      {Array.from({ length: rows }, (_, n) => (
        <div key={n}>
          <span class="ghost" />
          <span class="ghost" />
        </div>
      ))}
    </div>
  )
}
