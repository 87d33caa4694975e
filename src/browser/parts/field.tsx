import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

export type FieldIds = {
  readonly id: string
  readonly described: string | undefined
  readonly invalid: boolean
}

export type FieldProps = {
  readonly label: string
  readonly hint?: ComponentChildren
  readonly error?: string | undefined
  readonly optional?: boolean | undefined
  /** A remark on what was typed, below the input. */
  readonly remark?: ComponentChildren
  /** What an ErrorSummary links to. */
  readonly id?: string | undefined
  readonly children: (ids: FieldIds) => ComponentChildren
}

/** Label, hint, error, input, remark; in this order, so that each is heard before the input is filled. */
export function Field({ label, hint, error, optional = false, remark, id, children }: FieldProps) {
  const own = useId()
  const input = id ?? own
  const bad = error !== undefined && error !== ''
  const described = [
    isThere(hint) ? `${own}-hint` : '',
    bad ? `${own}-error` : '',
    isThere(remark) ? `${own}-remark` : '',
  ].filter((part) => part !== '')
  return (
    <div class={bad ? 'field bad' : 'field'}>
      <label for={input}>
        {label}
        {optional && <span class="optional"> (optional)</span>}
      </label>
      {isThere(hint) && (
        <p class="hint" id={`${own}-hint`}>
          {hint}
        </p>
      )}
      {bad && (
        <p class="error" id={`${own}-error`}>
          {error}
        </p>
      )}
      {children({
        id: input,
        described: described.length === 0 ? undefined : described.join(' '),
        invalid: bad,
      })}
      {isThere(remark) && (
        <div class="hint" id={`${own}-remark`}>
          {remark}
        </div>
      )}
    </div>
  )
}

type TypedProps = Omit<FieldProps, 'children'> & {
  readonly value: string
  readonly onInput: (text: string) => void
  readonly maxLength?: number | undefined
  /** Also the id, unless `id` says otherwise. */
  readonly name?: string | undefined
}

export type TextFieldProps = TypedProps & {
  readonly type?: 'text' | 'email' | 'search' | 'password' | undefined
  readonly autocomplete?: string | undefined
  readonly spellcheck?: boolean | undefined
  /** Suggestions; any other text may be typed as well. */
  readonly list?: readonly string[] | undefined
}

export function TextField(props: TextFieldProps) {
  const {
    value,
    onInput,
    maxLength,
    name,
    type = 'text',
    autocomplete,
    spellcheck,
    list,
    ...field
  } = props
  const suggests = list !== undefined && list.length > 0
  return (
    <Field {...field} id={field.id ?? name}>
      {({ id, described, invalid }) => (
        <>
          <input
            class="input"
            id={id}
            name={name}
            {...kindOf(type, suggests ? `${id}-list` : undefined)}
            value={value}
            maxLength={maxLength}
            autocomplete={autocomplete ?? 'off'}
            spellcheck={spellcheck}
            aria-describedby={described}
            aria-invalid={invalid ? 'true' : undefined}
            onInput={(event) => {
              onInput(event.currentTarget.value)
            }}
          />
          {suggests && (
            <datalist id={`${id}-list`}>
              {list.map((word) => (
                <option key={word} value={word} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  )
}

export type TextAreaProps = TypedProps & {
  readonly rows?: number | undefined
  readonly onKeyDown?: ((event: KeyboardEvent) => void) | undefined
}

export function TextArea(props: TextAreaProps) {
  const { value, onInput, maxLength, name, rows = 6, onKeyDown, ...field } = props
  return (
    <Field {...field} id={field.id ?? name}>
      {({ id, described, invalid }) => (
        <textarea
          class="input"
          dir="auto"
          id={id}
          name={name}
          rows={rows}
          value={value}
          maxLength={maxLength}
          aria-describedby={described}
          aria-invalid={invalid ? 'true' : undefined}
          onKeyDown={onKeyDown}
          onInput={(event) => {
            onInput(event.currentTarget.value)
          }}
        />
      )}
    </Field>
  )
}

/** A password has no suggestions. */
function kindOf(type: NonNullable<TextFieldProps['type']>, list: string | undefined) {
  return type === 'password' ? ({ type } as const) : ({ type, list } as const)
}

function isThere(children: ComponentChildren): boolean {
  return children !== undefined && children !== null && children !== false && children !== ''
}
