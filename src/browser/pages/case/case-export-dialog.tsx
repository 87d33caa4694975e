import { useState } from 'preact/hooks'
import type { CaseShown, Failure } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt, phase } from '../../desk-state.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { FailureNotice } from '../../parts/failure.tsx'
import { Notice } from '../../parts/notice.tsx'
import { saveFile } from '../../save-file.ts'
import { withStepUp } from '../../step-up.tsx'
import { asking, closeAsking } from './case-asking.ts'
import { openingOf } from './case-words.ts'

type Made = { readonly name: string; readonly secretKey: string }

/** A copy that leaves the desk. The archive is sealed; the key to it is shown once and kept nowhere. */
export function ExportDialog({ shown }: { readonly shown: CaseShown }) {
  const [busy, setBusy] = useState(false)
  const [made, setMade] = useState<Made>()
  const [copied, setCopied] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const make = async () => {
    setBusy(true)
    setFailure(undefined)
    const done = await attempt(withStepUp(() => ask('exportCase', { id: shown.id })))
    if (phase.value !== 'open') return
    setBusy(false)
    if (!done.ok) return setFailure(done.failure)
    const { name, archive, secretKey } = done.answer
    saveFile(name, archive)
    setMade({ name, secretKey })
  }
  return (
    <Dialog
      open={asking.value === 'export'}
      wide
      title={`Export ${shown.number}`}
      onClose={closeAsking}
      foot={
        made === undefined ? (
          <>
            <Button
              kind="main"
              busy={busy ? 'Sealing the archive' : undefined}
              onPress={() => void make()}
            >
              Sign and export
            </Button>
            <Button kind="quiet" onPress={closeAsking}>
              Cancel
            </Button>
          </>
        ) : (
          <Button kind="main" onPress={closeAsking}>
            I have kept the key
          </Button>
        )
      }
    >
      {made === undefined ? (
        <WhatLeaves shown={shown} />
      ) : (
        <Kept {...{ made, copied, setCopied }} />
      )}
      {failure !== undefined && <FailureNotice failure={failure} />}
    </Dialog>
  )
}

function WhatLeaves({ shown }: { readonly shown: CaseShown }) {
  const files = shown.entries.reduce(
    (sum, entry) => sum + (entry.kind === 'message' ? entry.files.length : 0),
    0,
  )
  const readable = shown.entries.filter(({ kind }) => kind !== 'desk-only').length
  const team = shown.threads.some(({ thread }) => thread === 'desk')
  return (
    <>
      <Notice tone="due" title="A copy leaves the desk.">
        Whoever has the archive and its key reads everything in it. The desk cannot call it back,
        and destroying the case later does not destroy the copy.
      </Notice>
      <ul>
        <li>
          {`All ${String(readable)} entries that you can read`}
          {team && ', notes of the team among them'}.
        </li>
        <li>{files === 1 ? '1 attached file.' : `${String(files)} attached files.`}</li>
        <li>The signed record, so that others can check it without this desk.</li>
        {openingOf(shown)?.facts !== undefined && <li>What the reporter said of themselves.</li>}
      </ul>
      <p>
        The export is entered in the ledger under your name. You may be asked for your passkey
        again.
      </p>
    </>
  )
}

type KeptProps = {
  readonly made: Made
  readonly copied: boolean
  readonly setCopied: (copied: boolean) => void
}

function Kept({ made, copied, setCopied }: KeptProps) {
  return (
    <>
      <p>
        <b>{made.name}</b> was given to you for saving. It opens with this key. The key is shown
        once and kept nowhere: without it nobody opens the archive.
      </p>
      <pre class="code" tabIndex={0} aria-label="Key of the archive">
        {made.secretKey}
      </pre>
      <div class="line">
        <Button
          onPress={() => {
            void navigator.clipboard.writeText(made.secretKey).then(() => setCopied(true))
          }}
        >
          Copy the key
        </Button>
        <Button onPress={() => saveFile(`${made.name}.key`, made.secretKey)}>Save the key</Button>
        {copied && <span role="status">Copied.</span>}
      </div>
      <p class="muted">Keep the key and the archive in two places, or the seal is of no use.</p>
    </>
  )
}
