import { Check } from '../../parts/pick.tsx'
import { NO_VULNERABILITY } from '../../words-of-invalid.ts'

export type PanelProps = {
  readonly explained: boolean
  readonly error?: string | undefined
  readonly onExplained: (explained: boolean) => void
}

/** Saves both sides a week: what is usually closed, before it is sent. It refuses nothing. */
export function NoVulnerabilityPanel({ explained, error, onExplained }: PanelProps) {
  return (
    <section class="notice">
      <h2>Before you send: is it one of these?</h2>
      <p class="muted">
        Reports like these are usually closed as no vulnerability. If yours is different, say why in
        one sentence, and send it.
      </p>
      <ul class="invalid-list">
        {NO_VULNERABILITY.map(({ title, says }) => (
          <li key={title}>
            <b>{title}</b>
            <span>{says}</span>
          </li>
        ))}
      </ul>
      <div class={error === undefined ? undefined : 'field bad'}>
        {error !== undefined && <p class="error">{error}</p>}
        <Check
          id="report-explained"
          label="Mine is none of these, or I explained why it matters"
          checked={explained}
          onCheck={onExplained}
        />
      </div>
    </section>
  )
}
