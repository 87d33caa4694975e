import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'
import type { LaneCounts, MeShown } from '#worker'
import { countWords } from '../size-words.ts'
import { visibleLine } from '../visible-text.ts'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import { KeyHint } from './key-hint.tsx'
import { Mark } from './mark.tsx'
import { SkipLink } from './skip-link.tsx'

type Place = 'queue' | 'people' | 'own' | 'mail' | 'publish' | 'search' | 'case'

export type DeskFrameProps = {
  readonly brand: string
  readonly here: Place
  readonly me: MeShown
  /** `12 min` */
  readonly locksIn?: string | undefined
  readonly counts?: LaneCounts | undefined
  /** How much under People waits for this person; nothing is said of 0. */
  readonly waiting?: number | undefined
  readonly onLock: () => void
  readonly onKeys: () => void
  readonly bar: ComponentChildren
  /** Above the bar: offline, locks soon. */
  readonly top?: ComponentChildren
  readonly children?: ComponentChildren
}

/** Side bar from 768 px on, below that one line and a menu. */
export function DeskFrame(props: DeskFrameProps) {
  const { brand, here, me, locksIn, counts, waiting, onLock, onKeys, bar, top, children } = props
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  const close = () => {
    menu.current?.hidePopover()
  }
  const stays = locksIn === undefined ? 'unlocked' : `locks in ${locksIn}`
  return (
    <>
      <SkipLink />
      <div class="app">
        <header class="side">
          <div class="side-in">
            <a class="brand" href="/desk">
              <Mark />
              <span>{visibleLine(brand)}</span>
            </a>
            <button type="button" class="btn quiet menu-btn" popovertarget={id}>
              <Icon name="menu" />
              Menu
            </button>
            <nav aria-label="Desk">
              <Places {...{ here, me, counts, waiting }} />
            </nav>
            <div class="base">
              <span>
                <bdi>{visibleLine(me.handle)}</bdi>
                <br />
                <span class="faint">{stays}</span>
              </span>
              <span class="line tight with-key">
                <Button kind="link" onPress={onKeys}>
                  All keys
                </Button>
                <KeyHint keys="?" />
                <Button kind="link" onPress={onLock}>
                  Lock
                </Button>
                <KeyHint keys="L" />
              </span>
            </div>
          </div>
        </header>
        <div id={id} ref={menu} popover="auto" class="side-menu">
          <nav aria-label="Menu" onClick={close}>
            <Places {...{ here, me, counts, waiting }} />
          </nav>
          <p class="muted">
            <bdi>{visibleLine(me.handle)}</bdi>, {stays}
          </p>
          <Button wide onPress={onLock}>
            Lock now
          </Button>
        </div>
        <main class="view" id="main" tabIndex={-1}>
          {top}
          <header class="bar">{bar}</header>
          {children}
        </main>
      </div>
    </>
  )
}

type PlacesProps = Pick<DeskFrameProps, 'here' | 'me' | 'counts' | 'waiting'>

function Places({ here, me, counts, waiting = 0 }: PlacesProps) {
  const link = (href: string, word: string, place: Place, count?: number, what?: string) => (
    <li>
      <a href={href} aria-current={here === place ? 'page' : undefined}>
        {word}
        {count !== undefined && (
          <>
            {' '}
            <span class="n">
              {countWords(count)}
              {what !== undefined && <span class="sr"> {what}</span>}
            </span>
          </>
        )}
      </a>
    </li>
  )
  return (
    <>
      <div>
        <div class="label">Desk</div>
        <ul role="list">
          {link('/desk', 'Queue', here === 'case' ? 'case' : 'queue', counts?.all)}
          {link('/desk/search', 'Search', 'search')}
        </ul>
      </div>
      <div>
        <div class="label">Team</div>
        <ul role="list">
          {link(
            '/desk/people',
            'People',
            'people',
            waiting > 0 ? waiting : undefined,
            waitWord(waiting),
          )}
          {me.coordinator && link('/desk/mail', 'Mail', 'mail')}
          {me.coordinator && link('/desk/publish', 'Publish', 'publish')}
        </ul>
      </div>
      <div>
        <div class="label">You</div>
        <ul role="list">{link('/desk/own', 'Keys and sessions', 'own')}</ul>
      </div>
    </>
  )
}

function waitWord(waiting: number): string {
  return waiting === 1 ? 'waits for you' : 'wait for you'
}
