import type { ComponentChildren } from 'preact'
import { visibleLine } from '../visible-text.ts'
import { Mark } from './mark.tsx'
import { SkipLink } from './skip-link.tsx'

export type PublicFrameProps = {
  readonly brand: string
  readonly here?: 'report' | 'follow' | 'home' | undefined
  /** Above both columns: the heading of the page. */
  readonly head?: ComponentChildren
  readonly aside?: ComponentChildren
  readonly children?: ComponentChildren
}

export function PublicFrame({ brand, here, head, aside, children }: PublicFrameProps) {
  return (
    <>
      <SkipLink />
      <header class="masthead">
        <div>
          <a class="brand" href="/">
            <Mark />
            <span>{visibleLine(brand)}</span>
          </a>
          <nav aria-label="Main">
            <a href="/report" aria-current={here === 'report' ? 'page' : undefined}>
              Report a problem
            </a>
            <a href="/follow" aria-current={here === 'follow' ? 'page' : undefined}>
              Follow a report
            </a>
          </nav>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <div class="page">
          {head !== undefined && <header>{head}</header>}
          {aside === undefined ? (
            children
          ) : (
            <div class="cols">
              <div>{children}</div>
              <aside>{aside}</aside>
            </div>
          )}
        </div>
      </main>
      <footer class="foot">
        <div>
          <span>Nothing here is loaded from elsewhere, and nothing counts you.</span>
          <a href="/">About this desk</a>
          <a href="/api/v1/openapi.json">For programs: the API</a>
        </div>
      </footer>
    </>
  )
}
