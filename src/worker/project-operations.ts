import type { ProjectState } from '#lexicon'
import type { CaseShown, ThreadName } from './shown.ts'

/** What a page may ask about the projects that a case concerns. */
export type ProjectOperations = {
  /** Brings the case to the maintainers of these projects: to those who were `shown` as readers after it, or to nobody. */
  route: {
    readonly ask: {
      readonly id: string
      readonly projects: readonly string[]
      /** What they read of General. */
      readonly from: 'beginning' | 'now'
      readonly shown: readonly {
        readonly thread: ThreadName
        readonly readers: readonly string[]
      }[]
    }
    readonly answer: CaseShown
  }
  /** How far a project is. `text` goes to the readers that were shown, in its thread or in General; `""` for none. */
  setProject: {
    readonly ask: {
      readonly id: string
      readonly project: string
      readonly state: ProjectState
      readonly text: string
      readonly general: boolean
      readonly readers: readonly string[]
    }
    readonly answer: CaseShown
  }
}
