import { useEffect, useRef } from 'preact/hooks'

export type ErrorSummaryProps = {
  readonly title: string
  readonly errors: readonly { readonly id: string; readonly text: string }[]
}

/** Takes the focus when it appears, and leads to each field. Nothing while there is no error. */
export function ErrorSummary({ title, errors }: ErrorSummaryProps) {
  const box = useRef<HTMLDivElement>(null)
  const shown = errors.length > 0
  useEffect(() => {
    if (shown) box.current?.focus()
  }, [shown])
  if (!shown) return null
  return (
    <div class="notice late" role="alert" tabIndex={-1} ref={box}>
      <h2>{title}</h2>
      <ul class="links-to-fields">
        {errors.map(({ id, text }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              onClick={(event) => {
                // The address stays as it is: on some pages it held a secret behind `#`.
                event.preventDefault()
                event.stopPropagation()
                document.getElementById(id)?.focus()
              }}
            >
              {text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
