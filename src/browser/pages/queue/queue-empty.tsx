import type { Lane } from '#worker'
import { counts, desk } from '../../desk-state.ts'
import { Button, LinkButton } from '../../parts/button.tsx'
import { Empty } from '../../parts/empty.tsx'
import { hrefOf } from '../../router.ts'
import { visibleLine } from '../../visible-text.ts'
import { filter, place } from './queue-state.ts'
import { casesWord } from './queue-words.ts'

const WORDS: Readonly<Record<Lane, { readonly title: string; readonly says: string }>> = {
  all: {
    title: 'Nothing is open',
    says: 'Reports land here sealed, from the form and from the command line. The one that is due first stands on top.',
  },
  new: {
    title: 'Nothing new',
    says: 'A report stands here until somebody acknowledges it. The one that is due first stands on top.',
  },
  mine: {
    title: 'You have taken nothing',
    says: 'Cases that you take stand here. Press T on a case in another lane: the others then see that you have it.',
  },
  waiting: {
    title: 'Nothing waits',
    says: 'Cases that wait for a reporter or a maintainer stand here. Set a case to waiting in its rail.',
  },
  closed: {
    title: 'Nothing is closed yet',
    says: 'Closed cases stay readable here, and can be opened again.',
  },
}

/** What will come here, and one act. */
export function EmptyLane({ lane }: { readonly lane: Lane }) {
  const { sort } = place.value
  const open = counts.value?.all ?? 0
  if (sort !== '')
    return (
      <Empty title="No case of this sort here">
        <div class="line">
          <LinkButton href={hrefOf({ page: 'queue', lane, sort: '' })}>Show every sort</LinkButton>
        </div>
      </Empty>
    )
  const { title, says } = WORDS[lane]
  return (
    <Empty title={title}>
      <p class="muted">{says}</p>
      {lane === 'all' ? (
        <p class="muted">
          Reporters of {visibleLine(desk.value.name)} find the form at <a href="/report">/report</a>
          . Send one yourself, to see what happens to it.
        </p>
      ) : (
        lane !== 'closed' &&
        open > 0 && (
          <div class="line">
            <LinkButton href={hrefOf({ page: 'queue', lane: 'all', sort: '' })}>
              {`Show all ${casesWord(open)} that are open`}
            </LinkButton>
          </div>
        )
      )}
    </Empty>
  )
}

export function NoMatch({ text, of }: { readonly text: string; readonly of: number }) {
  return (
    <Empty title={`No case matches “${visibleLine(text.trim())}”.`}>
      <p class="muted">
        {`The titles of ${casesWord(of)} in this lane were looked through, on this machine. `}
        <a href="/desk/search">Search</a> also looks into messages that were opened.
      </p>
      <div class="line">
        <Button
          onPress={() => {
            filter.value = ''
          }}
        >
          Clear the filter
        </Button>
      </div>
    </Empty>
  )
}
