import { useEffect, useRef, useState } from 'preact/hooks'
import type { CaseShown, Failure } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt } from '../../desk-state.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { FailureNotice } from '../../parts/failure.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { When } from '../../parts/when.tsx'
import { asking, closeAsking } from './case-asking.ts'
import { claims } from './case-claims-state.ts'
import { isOutOfReach } from './case-words.ts'

type Link = { readonly link: string; readonly expires: string }

/** For a sender whose link was lost, used or expired: another one, handed over by a person. */
export function ClaimLinkPart({ shown }: { readonly shown: CaseShown }) {
  if (!isOutOfReach(shown)) return null
  const unused = claims.value?.id === shown.id ? claims.value.shown.unused : 0
  return (
    <section class="stack">
      <h2>
        Claim link{' '}
        <Button kind="link" onPress={() => (asking.value = 'claim-link')}>
          Make…
        </Button>
      </h2>
      <p class="faint">
        {unused === 0
          ? 'Nobody holds an unused link to claim this case.'
          : 'A link to claim this case was sent and not used yet.'}
      </p>
    </section>
  )
}

export function ClaimLinkDialog({ shown }: { readonly shown: CaseShown }) {
  const [made, setMade] = useState<Link>()
  const [failure, setFailure] = useState<Failure>()
  const [copied, setCopied] = useState('')
  const [busy, setBusy] = useState(false)
  const place = useRef<HTMLPreElement>(null)
  useEffect(() => place.current?.focus(), [made])
  const make = async () => {
    setBusy(true)
    setFailure(undefined)
    const done = await attempt(ask('offerClaim', { id: shown.id }))
    setBusy(false)
    if (done.ok) setMade(done.answer)
    else setFailure(done.failure)
  }
  const copy = (link: string) => {
    navigator.clipboard.writeText(link).then(
      () => setCopied('Copied.'),
      () => setCopied('This browser did not let us copy: select the link and copy it.'),
    )
  }
  return (
    <Dialog
      open={asking.value === 'claim-link'}
      title={`A claim link for ${shown.number}`}
      onClose={closeAsking}
      foot={
        <>
          {made === undefined ? (
            <Button kind="main" disabled={busy} onPress={() => void make()}>
              Make the link
            </Button>
          ) : (
            <Button kind="main" onPress={() => copy(made.link)}>
              Copy the link
            </Button>
          )}
          <Button kind="quiet" onPress={closeAsking}>
            {made === undefined ? 'Cancel' : 'Done'}
          </Button>
        </>
      }
    >
      <p>
        Whoever has it can claim this case. Give it to the sender of the mail alone, by a way that
        you trust more than mail. A coordinator still accepts the claim, and links of before go on
        working.
      </p>
      {busy && <Waiting label="Making and sealing the code" />}
      {failure !== undefined && <FailureNotice failure={failure} />}
      {made !== undefined && (
        <>
          <pre class="code" ref={place} tabIndex={-1}>
            {made.link}
          </pre>
          <p>
            It works once, until <When at={made.expires} />, and is shown only now.
          </p>
          <p class="muted" role="status">
            {copied}
          </p>
        </>
      )}
    </Dialog>
  )
}
