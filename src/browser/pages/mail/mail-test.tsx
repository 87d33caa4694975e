import { useState } from 'preact/hooks'
import { looksLikeAddress } from '#lexicon'
import type { MailTestShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { withStepUp } from '../../step-up.tsx'
import { visibleLine } from '../../visible-text.ts'
import { MailFindings } from './mail-findings.tsx'

/** One mail to an address of the coordinator's choice, and what was found on its way. */
export function MailTest() {
  const [typed, setTyped] = useState('')
  const [error, setError] = useState<string>()
  const [done, setDone] = useState<MailTestShown & { readonly to: string }>()
  const act = useAct()
  const send = () => {
    const to = typed.trim()
    setDone(undefined)
    if (!looksLikeAddress(to)) {
      setError('Write one mail address, such as volunteer@example.org.')
      return
    }
    act.run('Sending', async () => {
      setDone({ ...(await withStepUp(() => ask('testMail', { to }))), to })
    })
  }
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <h2>Does mail arrive?</h2>
      <TextField
        type="email"
        autocomplete="email"
        label="Send a test to"
        hint="One mail goes there at once. It says that this desk can send mail, and where the desk is; nothing else."
        value={typed}
        onInput={(text) => {
          setTyped(text)
          setError(undefined)
        }}
        error={error}
      />
      <TroubleNotice of={act} />
      <div class="line">
        <Button type="submit" busy={act.busy}>
          Send a test mail
        </Button>
      </div>
      <div role="status">{done !== undefined && <Outcome done={done} />}</div>
    </form>
  )
}

function Outcome({ done }: { readonly done: MailTestShown & { readonly to: string } }) {
  return (
    <div class="stack">
      <p>
        {done.sent ? (
          <>
            <b>It left.</b> Look in the mailbox of {visibleLine(done.to)}, and among its spam.
          </>
        ) : (
          <b>It was not sent.</b>
        )}
      </p>
      <MailFindings of={done.findings} />
    </div>
  )
}
