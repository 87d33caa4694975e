import type { ComponentChildren } from 'preact'

export type NoticeProps = {
  readonly tone?: 'plain' | 'accent' | 'due' | 'late' | undefined
  readonly title: ComponentChildren
  readonly children?: ComponentChildren
  /** Said at once by a screen reader: errors and alarms only. */
  readonly alert?: boolean | undefined
}

/** One bold sentence, one plain one, at most two acts. */
export function Notice({ tone = 'plain', title, children, alert = false }: NoticeProps) {
  return (
    <div class={tone === 'plain' ? 'notice' : `notice ${tone}`} role={alert ? 'alert' : undefined}>
      <b>{title}</b>
      {typeof children === 'string' ? <p>{children}</p> : children}
    </div>
  )
}
