import { readFileSync } from 'node:fs'

/*
 * What stands on a page before its script runs, and all that stands there without scripts. Each page keeps
 * its own words in `<page>/<page>.html`; the rest is said once, in shell.html and masthead.html.
 */

const FOLDER = 'src/browser/pages'
const MARK = 'src/http/pages/mark.svg'

/** Whose look a page has; the sheet and the body's class are called so. */
export type Face = 'public' | 'desk'

/** The page, naming its script and sheet by their plain names. */
export function shellOf(page: string, face: Face): string {
  const own = read(`${page}/${page}.html`)
  const filled: Readonly<Record<string, string>> = {
    title: headingOf(page, own),
    icon: icon(),
    face,
    page,
    masthead: face === 'public' ? mastheadOf(page) : '',
    main: own.trim(),
  }
  return read('shell.html').replaceAll(PLACE, (place) => {
    const text = filled[place.replaceAll(/\W/g, '')]
    if (text === undefined) throw new Error(`Nothing is known for ${place} of shell.html.`)
    return text
  })
}

const PLACE = /<!-- \w+ -->|\{\w+\}/g

/** What a tab is called is what the page is called. */
function headingOf(page: string, html: string): string {
  const [, heading] = /<h1>([^<]+)<\/h1>/.exec(html) ?? []
  if (heading === undefined) throw new Error(`${page}.html has no heading.`)
  return heading
}

function mastheadOf(page: string): string {
  const html = read('masthead.html').replace('{mark}', pathOf(readFileSync(MARK, 'utf8')))
  // One comes there by a link out of a mail, and by no other way.
  if (page === 'claim') return html.trim()
  const here = `href="/${page}"`
  if (!html.includes(here)) throw new Error(`masthead.html does not lead to /${page}.`)
  return html.replace(here, `${here} aria-current="page"`).trim()
}

function pathOf(svg: string): string {
  return /\bd="([^"]+)"/.exec(svg)?.[1] ?? ''
}

/** In the page itself, for one request less. */
function icon(): string {
  const svg = readFileSync(MARK, 'utf8').replaceAll(/\n\s*/g, '').replaceAll('"', "'")
  return `data:image/svg+xml,${svg.replaceAll('#', '%23').replaceAll('<', '%3C').replaceAll('>', '%3E')}`
}

function read(name: string): string {
  return readFileSync(`${FOLDER}/${name}`, 'utf8')
}
