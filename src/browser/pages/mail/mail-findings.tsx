import type { MailTestShown } from '#worker'
import { Tag } from '../../parts/tag.tsx'
import { visibleLine } from '../../visible-text.ts'
import { LEVEL_WORDS } from './mail-words.ts'

const TONES = { good: 'plain', look: 'due', bad: 'late' } as const

/** What the server found, and what somebody does about it. */
export function MailFindings({ of }: { readonly of: MailTestShown['findings'] }) {
  return (
    <ul class="findings" role="list">
      {of.map(({ level, what, todo }, n) => (
        <li key={n}>
          <Tag tone={TONES[level]}>{LEVEL_WORDS[level]}</Tag>
          <span>
            {visibleLine(what)} {todo !== '' && <span class="muted">{visibleLine(todo)}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}
