import { useRef, useState } from 'preact/hooks'
import type { Failure } from '#worker'
import { shut, stop } from './desk-state.ts'
import { failureOf } from './failure-of.ts'
import { FailureNotice } from './parts/failure.tsx'
import { Notice } from './parts/notice.tsx'
import { PasskeyError } from './passkey-error.ts'

/** Why an act did not happen: the desk or the worker said so, or a passkey was not used. */
export type Trouble =
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'passkey'; readonly title: string; readonly message: string }

export type Act = {
  /** What is going on, for the button that began it; `undefined` at rest. */
  readonly busy: string | undefined
  readonly trouble: Trouble | undefined
  /** Runs one act at a time: a second press while one runs does nothing. */
  readonly run: (saying: string, act: () => Promise<void>) => void
  readonly clear: () => void
}

/** What one act of a page is doing, and why it failed. An alarm stops the desk and a lock shuts it. */
export function useAct(): Act {
  const running = useRef(false)
  const [busy, setBusy] = useState<string>()
  const [trouble, setTrouble] = useState<Trouble>()
  const run = (saying: string, act: () => Promise<void>) => {
    if (running.current) return
    running.current = true
    setBusy(saying)
    setTrouble(undefined)
    act()
      .catch((error: unknown) => {
        const found = troubleOf(error)
        if (found.kind === 'failure' && found.failure.code === 'alarm') stop(found.failure)
        if (found.kind === 'failure' && found.failure.code === 'locked') shut('ended')
        setTrouble(found)
      })
      .finally(() => {
        running.current = false
        setBusy(undefined)
      })
  }
  return { busy, trouble, run, clear: () => setTrouble(undefined) }
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof PasskeyError) {
    const { title, message } = error
    return { kind: 'passkey', title, message }
  }
  return { kind: 'failure', failure: failureOf(error) }
}

/** Where an act's trouble stands: beside the button that began it. */
export function TroubleNotice(props: {
  readonly of: Act
  readonly title?: string
  /** What could not be read, as a sentence: where nothing was written or sent. */
  readonly unread?: string
}) {
  const { trouble } = props.of
  if (trouble === undefined) return null
  if (props.unread !== undefined && trouble.kind === 'failure')
    return (
      <Notice tone="late" title={props.unread} alert>
        {trouble.failure.message}
      </Notice>
    )
  if (trouble.kind === 'failure') return <FailureNotice failure={trouble.failure} />
  return (
    <Notice tone="late" title={props.title ?? trouble.title} alert>
      {trouble.message}
    </Notice>
  )
}
