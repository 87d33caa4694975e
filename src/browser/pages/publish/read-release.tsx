import { useEffect, useState } from 'preact/hooks'
import type { OpenedReleaseShown, ReleasesShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { sizeWords } from '../../size-words.ts'
import { withStepUp } from '../../step-up.tsx'
import { visibleLine, visibleText } from '../../visible-text.ts'
import { placeWords } from './publish-words.ts'

export type Reading = {
  readonly id: string
  readonly path: string
  readonly may: 'approve' | 'withdraw'
}

/**
 * Exactly the bytes that would be published, as letters: drawn as a page, a link could say one thing and lead
 * to another. The approval names the hash of what stood here.
 */
export function ReadRelease(props: {
  readonly what: Reading
  readonly onClose: () => void
  readonly onDone: (next: ReleasesShown, sentence: string) => void
}) {
  const { what, onDone } = props
  const { id, path, may } = what
  const [opened, setOpened] = useState<OpenedReleaseShown>()
  const act = useAct()
  useEffect(
    () =>
      act.run('Reading', async () => {
        setOpened(await ask('openRelease', { id }))
      }),
    [id],
  )
  const approve = (sha256: string) =>
    act.run('Signing', async () => {
      const next = await withStepUp(() => ask('approveRelease', { id, sha256 }))
      const isOut = next.published.some((each) => each.id === id)
      onDone(
        next,
        `Approved: ${placeWords(path)} ${isOut ? 'is published' : 'is published when its hour comes'}.`,
      )
    })
  const withdraw = () =>
    act.run('Withdrawing', async () => {
      const next = await withStepUp(() => ask('withdrawRelease', { id }))
      onDone(next, `Withdrawn: ${placeWords(path)}. Nothing comes in its place by itself.`)
    })
  return (
    <Dialog
      open
      wide
      title={placeWords(path)}
      onClose={props.onClose}
      foot={
        <>
          {may === 'approve' && opened?.text !== undefined && (
            <Button kind="main" onPress={() => approve(opened.sha256)} busy={act.busy}>
              Sign the approval
            </Button>
          )}
          {opened !== undefined && (
            <Button onPress={withdraw} busy={act.busy}>
              Withdraw it
            </Button>
          )}
          <Button kind="quiet" onPress={props.onClose}>
            Not now
          </Button>
        </>
      }
    >
      {opened === undefined && act.trouble === undefined && <Waiting label="Fetching the bytes" />}
      {opened !== undefined && <Shown opened={opened} />}
      {may === 'approve' && (
        <p>
          Read it to the end. With your signature everybody can read it at once, and copies stay
          where they were made.
        </p>
      )}
      <TroubleNotice of={act} />
    </Dialog>
  )
}

function Shown({ opened }: { readonly opened: OpenedReleaseShown }) {
  const { path, sha256, size, text, before } = opened
  return (
    <>
      <Facts
        items={[
          ['Path', <code>{visibleLine(path)}</code>],
          ['Size', sizeWords(size)],
          ['SHA-256', <code class="fpr">{sha256}</code>],
        ]}
      />
      {text === undefined ? (
        <p>
          It is no text. Look at it with <code>postern release show</code>, and approve it there.
        </p>
      ) : (
        <pre class="code" tabIndex={0} aria-label="What is published">
          {visibleText(text)}
        </pre>
      )}
      {before !== undefined && (
        <details>
          <summary>What stands there now</summary>
          <pre class="code" tabIndex={0} aria-label="What stands there now">
            {visibleText(before)}
          </pre>
        </details>
      )}
    </>
  )
}
