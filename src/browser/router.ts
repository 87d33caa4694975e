import { signal } from '@preact/signals'
import { type Sort, SORTS } from '#lexicon'
import type { Lane, ThreadName } from '#worker'

/** Where a person is at the desk. What they typed is never part of it: addresses stay in histories. */
export type Route =
  | { readonly page: 'queue'; readonly lane: Lane; readonly sort: Sort | '' }
  | { readonly page: 'case'; readonly id: string; readonly thread: ThreadName }
  | { readonly page: 'people' | 'own' | 'mail' | 'publish' | 'search' | 'lost' }

const LANES: readonly Lane[] = ['all', 'new', 'mine', 'waiting', 'closed', 'held']

/** The address is the state: it changes here and nowhere else. */
export const route = signal<Route>({ page: 'queue', lane: 'all', sort: '' })

/** Reads `/desk/case/<id>?thread=desk`. What it does not know is `lost`, never a guess. */
export function routeOf(address: string): Route {
  const { pathname, searchParams } = new URL(address, 'https://desk.invalid')
  const [desk, page = '', id = '', ...more] = pathname.split('/').filter((part) => part !== '')
  if (desk !== 'desk' || more.length > 0) return { page: 'lost' }
  if (page === 'case')
    return /^[0-9a-f]{64}$/.test(id)
      ? { page, id, thread: threadOf(searchParams.get('thread') ?? '') }
      : { page: 'lost' }
  if (id !== '') return { page: 'lost' }
  if (page === 'people' || page === 'own' || page === 'search') return { page }
  if (page === 'mail' || page === 'publish') return { page }
  if (page !== '') return { page: 'lost' }
  const lane = LANES.find((each) => each === searchParams.get('lane')) ?? 'all'
  const sort = SORTS.find((each) => each === searchParams.get('sort')) ?? ''
  return { page: 'queue', lane, sort }
}

export function hrefOf(to: Route): string {
  if (to.page === 'case')
    return `/desk/case/${to.id}${to.thread === 'all' ? '' : `?thread=${to.thread}`}`
  if (to.page !== 'queue') return to.page === 'lost' ? '/desk' : `/desk/${to.page}`
  const query = new URLSearchParams()
  if (to.lane !== 'all') query.set('lane', to.lane)
  if (to.sort !== '') query.set('sort', to.sort)
  return query.size === 0 ? '/desk' : `/desk?${query.toString()}`
}

export function go(to: Route, how: 'push' | 'replace' = 'push'): void {
  const href = hrefOf(to)
  if (how === 'push') history.pushState(null, '', href)
  else history.replaceState(null, '', href)
  route.value = routeOf(href)
}

/** Links stay links: only a plain click on one of the desk's own is taken over. */
export function startRouter(): void {
  history.scrollRestoration = 'manual'
  const read = () => {
    route.value = routeOf(location.pathname + location.search)
  }
  addEventListener('popstate', read)
  document.addEventListener('click', (click) => {
    const href = hrefOfClick(click)
    if (href === undefined) return
    click.preventDefault()
    go(routeOf(href))
  })
  read()
}

function hrefOfClick(click: MouseEvent): string | undefined {
  if (click.defaultPrevented || click.button !== 0) return undefined
  if (click.ctrlKey || click.metaKey || click.shiftKey || click.altKey) return undefined
  const link = click.target instanceof Element ? click.target.closest('a') : null
  if (link === null || link.target !== '' || link.hasAttribute('download')) return undefined
  if (link.origin !== location.origin || link.hash !== '') return undefined
  const href = link.pathname + link.search
  return routeOf(href).page === 'lost' ? undefined : href
}

function threadOf(text: string): ThreadName {
  if (text === 'desk') return text
  return /^p-[a-z0-9][a-z0-9-]{0,62}$/.test(text) ? (text as ThreadName) : 'all'
}
