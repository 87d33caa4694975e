import { signal } from '@preact/signals'
import type { Failure } from '#worker'
import { onForget } from '../../desk-state.ts'

/** Why the case under the cursor did not open. */
export const peekFailure = signal<{ readonly id: string; readonly failure: Failure } | undefined>(
  undefined,
)

onForget(() => {
  peekFailure.value = undefined
})
