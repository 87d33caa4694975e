import type { DeskView } from './desk-view.ts'
import type { Self } from './self.ts'
import type { Progress, Source } from './upload.ts'

/** What a person needs at hand to write: the verified desk and case, own keys, and the patience to upload. */
export type Desk = {
  readonly view: DeskView
  readonly self: Self
  readonly wait: (milliseconds: number) => Promise<void>
  readonly progress: Progress
}

export type Words = { readonly text: string; readonly files: readonly Source[] }

/** To whom a message goes: the general thread, a project's thread, or the desk alone. */
export type Thread = 'all' | 'desk' | `p-${string}`
