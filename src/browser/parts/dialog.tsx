import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'

export type DialogProps = {
  readonly open: boolean
  readonly title: string
  readonly onClose: () => void
  readonly children?: ComponentChildren
  readonly foot?: ComponentChildren
  readonly wide?: boolean | undefined
}

/** A decision with a consequence. Esc closes it, and the focus goes back to where it came from. */
export function Dialog({ open, title, onClose, children, foot, wide = false }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null)
  const id = useId()
  useLayoutEffect(() => {
    const dialog = box.current
    if (!open || dialog === null) return undefined
    dialog.showModal()
    firstStop(dialog)?.focus()
    // Closing by the element, also when the page takes it away, is what brings the focus back.
    return () => {
      dialog.close()
    }
  }, [open])
  return (
    <dialog
      ref={box}
      class={wide ? 'wide' : undefined}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        event.stopPropagation()
        onClose()
      }}
      onKeyDown={(event) => {
        // Keys of the page behind are not for whoever is asked something.
        event.stopPropagation()
      }}
    >
      {open && (
        <>
          <header>
            <h2 id={id} tabIndex={-1}>
              {title}
            </h2>
            <button type="button" class="btn quiet" aria-label="Close" onClick={onClose}>
              <Icon name="close" />
            </button>
          </header>
          <div class="body">{children}</div>
          {foot !== undefined && <footer>{foot}</footer>}
        </>
      )}
    </dialog>
  )
}

/** Where typing goes first: a field, else the title, so that the question is heard. Never a button that acts. */
function firstStop(dialog: HTMLDialogElement): HTMLElement | null {
  return (
    dialog.querySelector<HTMLElement>('[autofocus]') ??
    dialog.querySelector<HTMLElement>('.body :is(input, select, textarea):not(:disabled)') ??
    dialog.querySelector<HTMLElement>('h2')
  )
}
