import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { MeShown, ReleasesShown, ReleaseShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Empty, Ghost } from '../../parts/empty.tsx'
import { PersonName } from '../../parts/person.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { Tag } from '../../parts/tag.tsx'
import { When } from '../../parts/when.tsx'
import { visibleLine } from '../../visible-text.ts'
import { placeWords, refusalWords } from './publish-words.ts'
import { ReadRelease, type Reading } from './read-release.tsx'

/** What the public sees, and what waits for a second person before it does. */
export function PublishPage({ me }: { readonly me: MeShown }) {
  const [releases, setReleases] = useState<ReleasesShown>()
  const [reading, setReading] = useState<Reading>()
  const [done, setDone] = useState('')
  const act = useAct()
  const read = () =>
    act.run('Reading', async () => {
      setReleases(await ask('listReleases', {}))
    })
  useEffect(() => {
    if (me.coordinator) read()
  }, [])
  if (!me.coordinator)
    return (
      <Empty title="Publishing is for coordinators">
        <p class="muted">They see what waits for a second person. What is published is for all.</p>
      </Empty>
    )
  if (releases === undefined)
    return (
      <Sheet>
        <Waiting label="Reading what was released" />
        {act.trouble === undefined ? (
          <Ghost rows={3} />
        ) : (
          <>
            <TroubleNotice of={act} unread="What was released could not be read." />
            <div class="line">
              <Button onPress={read}>Ask again</Button>
            </div>
          </>
        )}
      </Sheet>
    )
  const settle = (next: ReleasesShown, sentence: string) => {
    setReleases(next)
    setReading(undefined)
    setDone(sentence)
  }
  return (
    <Sheet>
      <div role="status">{done !== '' && <p>{done}</p>}</div>
      <WaitingReleases releases={releases} onRead={setReading} />
      <Published releases={releases} onRead={setReading} />
      <Later of={releases.later} />
      <Refused of={releases.refused} />
      <p class="muted prose">
        A document is brought with <code>postern release FILE --path PATH</code>. Two people sign it
        before it is published; security.txt, keys and the directory count by one, and stand here
        for the others to see.
      </p>
      {reading !== undefined && (
        <ReadRelease what={reading} onClose={() => setReading(undefined)} onDone={settle} />
      )}
    </Sheet>
  )
}

type Part = {
  readonly releases: ReleasesShown
  readonly onRead: (what: Reading) => void
}

function WaitingReleases({ releases: { waiting }, onRead }: Part) {
  if (waiting.length === 0) return null
  return (
    <section class="stack">
      <h2>Waits for a second person</h2>
      <ul class="rows">
        {waiting.map((each) => (
          <li key={each.id}>
            <span>
              <b>{placeWords(each.path)}</b> <code>{visibleLine(each.path)}</code>{' '}
              <small>
                signed by <PersonName person={each.by} />, <When at={each.at} />
                {each.notBefore !== '' && (
                  <>
                    , not before <When at={each.notBefore} />
                  </>
                )}
              </small>
            </span>
            <Button
              onPress={() =>
                onRead({ id: each.id, path: each.path, may: each.mine ? 'approve' : 'withdraw' })
              }
            >
              {each.mine ? 'Read and approve…' : 'Read…'}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Published({ releases: { published }, onRead }: Part) {
  return (
    <section class="stack">
      <h2>Published</h2>
      {published.length === 0 ? (
        <p class="prose">
          Nothing yet. Begin with what reporters need: a security.txt (
          <code>postern securitytxt sign</code>) and the directory (
          <code>postern directory import FILE</code>).
        </p>
      ) : (
        <div class="table-wrap">
          <table class="fold">
            <thead>
              <tr>
                <th>What</th>
                <th>Since</th>
                <th>Signed by</th>
                <th>Licence</th>
                <th>
                  <span class="sr">Read it</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {published.map((each) => (
                <tr key={each.id}>
                  <th scope="row">
                    {placeWords(each.path)} <code>{visibleLine(each.path)}</code>
                  </th>
                  <td data-l="Since:">
                    <When at={each.at} />
                  </td>
                  <td data-l="Signed by:">
                    <Signers of={each} />
                  </td>
                  <td data-l="Licence:">{visibleLine(each.licence)}</td>
                  <td>
                    <Button
                      kind="quiet"
                      label={`Read ${each.path}`}
                      onPress={() => onRead({ id: each.id, path: each.path, may: 'withdraw' })}
                    >
                      Read…
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function Signers({ of: { by, approvedBy } }: { readonly of: ReleaseShown }) {
  return (
    <>
      <PersonName person={by} />{' '}
      {approvedBy === undefined ? (
        <Tag tone="due">by one</Tag>
      ) : (
        <>
          and <PersonName person={approvedBy} />
        </>
      )}
    </>
  )
}

function Later({ of }: { readonly of: readonly ReleaseShown[] }) {
  if (of.length === 0) return null
  return (
    <section class="stack">
      <h2>Comes later</h2>
      <ul class="rows">
        {of.map((each) => (
          <li key={each.id}>
            <span>
              <b>{placeWords(each.path)}</b> <code>{visibleLine(each.path)}</code>
            </span>
            <small>
              <When at={each.at} />
            </small>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Refused({ of }: { readonly of: ReleasesShown['refused'] }) {
  if (of.length === 0) return null
  return (
    <section class="stack">
      <h2>Never published</h2>
      <ul class="rows">
        {of.map(({ id, path, why }) => (
          <li key={id}>
            <span>
              <code>{visibleLine(path)}</code> <small>{refusalWords(why)}</small>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Sheet({ children }: { readonly children: ComponentChildren }) {
  return <div class="sheet">{children}</div>
}
