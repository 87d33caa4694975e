import type { DeskShown } from '#worker'
import { Waiting } from '../../parts/progress-bar.tsx'
import { WordsSheet } from '../../parts/words-sheet.tsx'
import type { DeskPlace } from './report-session.ts'
import { visibleLine } from '../../visible-text.ts'

export type ReportAsideProps = { readonly place: DeskPlace; readonly origin: string }

/** Who will read it, how to be sure of that, another way, and what happens then. */
export function ReportAside({ place, origin }: ReportAsideProps) {
  return (
    <>
      <section>
        <h2>Who will read it</h2>
        {place.state === 'opening' && <Waiting label="Reading who is at this desk …" />}
        {place.state === 'open' && <Readers desk={place.desk} />}
        {place.state === 'failed' && (
          <p>This page could not check whose desk this is, so it seals nothing yet.</p>
        )}
      </section>
      {place.state === 'open' && <RightDesk desk={place.desk} />}
      <section>
        <h2>No trust in this page?</h2>
        <p>Use the command line, from a copy of Postern’s source:</p>
        <pre class="code">{`bin/postern report \\\n  --to ${origin} \\\n  --text report.md`}</pre>
      </section>
      <section>
        <h2>What happens then</h2>
        <p>
          You get a number and twelve words at once. A person acknowledges it within 7 days. You
          read and answer here with the words, without an account.
        </p>
      </section>
    </>
  )
}

function Readers({ desk }: { readonly desk: DeskShown }) {
  const count = desk.coordinators
  return (
    <>
      <p>
        <b>
          {count === 1
            ? '1 coordinator of this desk'
            : `${String(count)} coordinators of this desk`}
        </b>
        {', the security desk of '}
        {visibleLine(desk.name)}. The server keeps what it cannot read.
      </p>
      <p>They may let in people of the project. You see everybody who was let in.</p>
      {count === 1 && <p>Should that one person lose their keys, nobody can open it.</p>}
    </>
  )
}

function RightDesk({ desk }: { readonly desk: DeskShown }) {
  return (
    <section>
      <h2>Is this the right desk?</h2>
      <p>
        These words name the key that all is checked against. Compare them with what{' '}
        {visibleLine(desk.name)} publishes somewhere else.
      </p>
      <WordsSheet words={desk.words} label="Words of this desk" />
    </section>
  )
}
