import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'

export type MenuProps = { readonly label: ComponentChildren; readonly children?: ComponentChildren }

/** A list that belongs to a word. It closes when something in it is chosen. */
export function Menu({ label, children }: MenuProps) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  return (
    <span class="menu">
      <button type="button" class="btn quiet" popovertarget={id}>
        {label}
      </button>
      <div
        id={id}
        ref={list}
        popover="auto"
        class="menu-list"
        onClick={(event) => {
          const chosen = event.target instanceof Element && event.target.closest('a, button')
          if (chosen) list.current?.hidePopover()
        }}
      >
        {children}
      </div>
    </span>
  )
}
