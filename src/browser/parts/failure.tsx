import type { Failure } from '#worker'
import { saveFile } from '../save-file.ts'
import { visibleLine } from '../visible-text.ts'
import { Button } from './button.tsx'
import { failureWords } from './failure-words.ts'
import { Mark } from './mark.tsx'
import { Notice } from './notice.tsx'

export type FailureNoticeProps = {
  readonly failure: Failure
  readonly onRetry?: (() => void) | undefined
}

/** What did not happen, what is safe, what to do now. */
export function FailureNotice({ failure, onRetry }: FailureNoticeProps) {
  const { tone, title, safe, retry } = failureWords(failure)
  return (
    <Notice tone={tone} title={title} alert>
      {failure.message !== '' && <p>{failure.message}</p>}
      {safe !== '' && <p>{safe}</p>}
      {failure.check !== '' && <p class="faint">Check {failure.check}</p>}
      {onRetry !== undefined && retry !== '' && (
        <div class="line">
          <Button onPress={onRetry}>{retry}</Button>
        </div>
      )}
    </Notice>
  )
}

export type AlarmPageProps = { readonly failure: Failure; readonly deskName: string }

/** Everything stops. No button makes it go away: one person alone must not. */
export function AlarmPage({ failure, deskName }: AlarmPageProps) {
  return (
    <div class="alarm">
      <main id="main">
        <p class="brand">
          <Mark />
          <span>{visibleLine(deskName)}</span>
        </p>
        <div class="stack" role="alert">
          <h1>We stopped.</h1>
          <p class="lead">{failure.message}</p>
        </div>
        <div class="two">
          <section class="stack">
            <h2>What it means</h2>
            <p>
              Either somebody restored an old backup, or somebody shows you another record than
              others see. This browser cannot tell which. So it shows nothing and sends nothing.
            </p>
          </section>
          <section class="stack">
            <h2>What to do</h2>
            <ol>
              <li>Do not write through this desk.</li>
              <li>Save the evidence. It goes away with this tab.</li>
              <li>
                Call somebody of the desk on a number that you already know. Ask what their screen
                shows, and whether the operator restored a backup.
              </li>
            </ol>
          </section>
        </div>
        {failure.evidence.length > 0 && (
          <div class="line">
            <Button
              kind="main"
              onPress={() => {
                for (const { name, text } of failure.evidence) saveFile(name, text)
              }}
            >
              Save the evidence
            </Button>
          </div>
        )}
        <details>
          <summary class="muted">For whoever looks into it</summary>
          <div class="stack">
            {failure.check !== '' && <p>The check that failed: {failure.check}</p>}
            {failure.evidence.map(({ name, text }) => (
              <figure key={name} class="stack">
                <figcaption class="label">{visibleLine(name)}</figcaption>
                <pre class="code" tabIndex={0}>
                  {text}
                </pre>
              </figure>
            ))}
          </div>
        </details>
        <p class="faint">
          Opening the page again brings the alarm back. It ends when the record fits again, or when
          two coordinators have signed what happened.
        </p>
      </main>
    </div>
  )
}
