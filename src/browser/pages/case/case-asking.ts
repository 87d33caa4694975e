import { signal } from '@preact/signals'
import { onForget } from '../../desk-state.ts'

/** Which dialog of the case page is open: one at a time. */
export type Asking =
  | 'sort'
  | 'close'
  | 'add'
  | 'remove'
  | 'link'
  | 'export'
  | 'claim-link'
  | 'route'
  | 'project'
  | undefined

export const asking = signal<Asking>(undefined)
/** Whom the dialog of removing is about, by key. */
export const removing = signal('')
/** Which project the dialog of its state is about. */
export const setting = signal('')
/** What is being written in the dialog of closing; a slip of the finger does not lose it. */
export const closing = signal({ id: '', text: '' })

onForget(() => {
  closeAsking()
  closing.value = { id: '', text: '' }
})

export function closeAsking(): void {
  asking.value = undefined
  removing.value = ''
  setting.value = ''
}
