import type { Lane } from '#worker'
import { counts, desk, me } from '../../desk-state.ts'
import { Button, LinkButton } from '../../parts/button.tsx'
import { Empty } from '../../parts/empty.tsx'
import { hrefOf } from '../../router.ts'
import { visibleLine } from '../../visible-text.ts'
import { maySign } from '../desk/may-sign.ts'
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
  held: {
    title: 'Nothing is held',
    says: 'Mail that looks like nobody’s report stands here: lists, automatic answers, bounces, forged senders. It is kept, and its seven days run. Free it or bin it.',
  },
}

/** The same, for whoever reads only the cases that they are added to. */
const ADDED: Readonly<Partial<Record<Lane, (typeof WORDS)[Lane]>>> = {
  waiting: {
    title: 'Nothing waits',
    says: 'Your cases that wait for somebody stand here. Coordinators set a case to waiting.',
  },
  closed: {
    title: 'Nothing is closed yet',
    says: 'Your closed cases stay readable here.',
  },
}

/** Most roles read no report at all: an empty list is how it should be, and they have work elsewhere. */
function NotAdded() {
  const roles = me.value?.roles ?? []
  const helps = roles.some((role) => role === 'guest' || role.startsWith('maintainer:'))
  return (
    <Empty title={helps ? 'You are in no open case' : 'Reports are not part of your role'}>
      <p class="muted">
        {helps
          ? `When a coordinator of ${visibleLine(desk.value.name)} needs your help, they add you to a case. It stands here then.`
          : 'They are sealed to the coordinators. If one of them adds you to a case, it stands here.'}
      </p>
      <div class="line">
        <LinkButton href="/desk/people">See who is at this desk</LinkButton>
        <LinkButton href="/desk/own">Your keys and sessions</LinkButton>
      </div>
    </Empty>
  )
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
  const mine = maySign('acknowledge')
  const { title, says } = (mine ? undefined : ADDED[lane]) ?? WORDS[lane]
  if (!mine && lane === 'all') return <NotAdded />
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
