import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

export type PickOneProps<T extends string> = {
  readonly legend: string
  readonly hint?: string | undefined
  readonly value: T
  readonly options: readonly {
    readonly value: T
    readonly label: string
    readonly hint?: string | undefined
    readonly disabled?: boolean | undefined
  }[]
  readonly onPick: (value: T) => void
  readonly hideLegend?: boolean | undefined
}

/** Radios, one line of consequence under each. */
export function PickOne<T extends string>(props: PickOneProps<T>) {
  const { legend, hint, value, options, onPick, hideLegend = false } = props
  const name = useId()
  return (
    <fieldset class="picks" aria-describedby={hint === undefined ? undefined : `${name}-hint`}>
      <legend class={hideLegend ? 'sr' : undefined}>{legend}</legend>
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {options.map((option) => (
        <Pick
          key={option.value}
          id={`${name}-${option.value}`}
          label={option.label}
          hint={option.hint}
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            disabled={option.disabled}
            {...namesOf(`${name}-${option.value}`, option.hint)}
            onChange={() => {
              onPick(option.value)
            }}
          />
        </Pick>
      ))}
    </fieldset>
  )
}

export type CheckProps = {
  readonly label: string
  readonly hint?: string | undefined
  readonly checked: boolean
  readonly onCheck: (on: boolean) => void
  readonly disabled?: boolean | undefined
  /** What an ErrorSummary links to. */
  readonly id?: string | undefined
}

export function Check({ label, hint, checked, onCheck, disabled, id }: CheckProps) {
  const own = useId()
  return (
    <Pick id={own} label={label} hint={hint}>
      <input
        type="checkbox"
        id={id}
        checked={checked}
        disabled={disabled}
        {...namesOf(own, hint)}
        onChange={(event) => {
          onCheck(event.currentTarget.checked)
        }}
      />
    </Pick>
  )
}

type PickProps = {
  readonly id: string
  readonly label: string
  readonly hint: string | undefined
  readonly children: ComponentChildren
}

function Pick({ id, label, hint, children }: PickProps) {
  return (
    <label class="pick">
      {children}
      <b id={`${id}-label`}>{label}</b>
      {hint !== undefined && <span id={`${id}-line`}>{hint}</span>}
    </label>
  )
}

/** The whole is the target of a press; the name is the label alone, and the line under it describes. */
function namesOf(id: string, hint: string | undefined) {
  return {
    'aria-labelledby': `${id}-label`,
    'aria-describedby': hint === undefined ? undefined : `${id}-line`,
  }
}
