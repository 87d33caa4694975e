import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { KeyHint, shortcutOf } from './key-hint.tsx'

export type ButtonKind = 'main' | 'plain' | 'quiet' | 'link' | 'grave'

export type ButtonProps = {
  readonly kind?: ButtonKind | undefined
  readonly onPress?: (() => void) | undefined
  readonly type?: 'button' | 'submit' | undefined
  /** Shown as key caps; whoever handles the keys does so elsewhere. */
  readonly keys?: string | undefined
  /** What is being done now. The button keeps its focus and does nothing meanwhile. */
  readonly busy?: string | undefined
  readonly disabled?: boolean | undefined
  /** Why it is disabled. Then it can still be reached, and says so. */
  readonly why?: string | undefined
  readonly wide?: boolean | undefined
  readonly label?: string | undefined
  readonly children?: ComponentChildren
}

export function Button({
  kind = 'plain',
  onPress,
  type = 'button',
  keys,
  busy,
  disabled = false,
  why,
  wide = false,
  label,
  children,
}: ButtonProps) {
  const id = useId()
  const explained = disabled && why !== undefined && why !== ''
  const idle = busy !== undefined || disabled
  return (
    <button
      type={type}
      class={classOf(kind, wide)}
      // Not `disabled` while busy or explained: focus would be lost, and the reason could not be heard.
      disabled={disabled && !explained && busy === undefined}
      aria-disabled={idle ? 'true' : undefined}
      aria-busy={busy === undefined ? undefined : 'true'}
      aria-label={busy ?? label}
      aria-keyshortcuts={shortcutOf(keys)}
      aria-describedby={explained ? id : undefined}
      title={explained ? why : undefined}
      onClick={(event) => {
        if (!idle) return onPress?.()
        event.preventDefault()
        event.stopPropagation()
      }}
    >
      {busy ?? children}
      {keys !== undefined && busy === undefined && <KeyCaps keys={keys} />}
      {explained && (
        <span id={id} hidden>
          {why}
        </span>
      )}
    </button>
  )
}

export type LinkButtonProps = {
  readonly href: string
  readonly kind?: ButtonKind | undefined
  readonly keys?: string | undefined
  readonly children?: ComponentChildren
}

export function LinkButton({ href, kind = 'plain', keys, children }: LinkButtonProps) {
  return (
    <a class={classOf(kind, false)} href={href} aria-keyshortcuts={shortcutOf(keys)}>
      {children}
      {keys !== undefined && <KeyCaps keys={keys} />}
    </a>
  )
}

function KeyCaps({ keys }: { readonly keys: string }) {
  return (
    <span class="caps" aria-hidden="true">
      <KeyHint keys={keys} />
    </span>
  )
}

function classOf(kind: ButtonKind, wide: boolean): string {
  return ['btn', kind === 'plain' ? '' : kind, wide ? 'wide' : '']
    .filter((word) => word !== '')
    .join(' ')
}
