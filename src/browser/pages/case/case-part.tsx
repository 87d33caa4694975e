import type { ComponentChildren } from 'preact'

/** A part of the rail beside a case, with its act. */
export function Part(props: {
  readonly title: string
  readonly act?: ComponentChildren
  readonly children?: ComponentChildren
}) {
  return (
    <section class="stack">
      <h2>
        {props.title} {props.act}
      </h2>
      {props.children}
    </section>
  )
}
