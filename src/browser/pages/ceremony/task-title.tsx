import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/**
 * The heading of one task. When the task changes, what had the focus is gone, so the heading takes it: the
 * new task is heard, and the next Tab is its first field.
 */
export function TaskTitle(props: {
  readonly title: ComponentChildren
  readonly children?: ComponentChildren
  /** 2 within a page that has a heading already. */
  readonly level?: 1 | 2 | undefined
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const { activeElement } = document
    if (activeElement === null || activeElement === document.body) heading.current?.focus()
  }, [])
  const Heading = props.level === 2 ? 'h2' : 'h1'
  return (
    <div class="stack">
      <Heading ref={heading} tabIndex={-1}>
        {props.title}
      </Heading>
      {props.children !== undefined && <p class="lead">{props.children}</p>}
    </div>
  )
}
