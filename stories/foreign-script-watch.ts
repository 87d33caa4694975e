import type { Page } from 'playwright-core'
import type { Person } from './browser-stage.ts'

/*
 * Notices when a page does what only foreign script or foreign markup could do. What it sees goes to the
 * console as an error, where the person's complaints are kept from one page to the next.
 */

/** Elements and attributes that no page of ours makes. */
const FORBIDDEN = [
  'script:not([src^="/assets/"][integrity])',
  // The mark stands in the page itself; a picture runs nothing.
  'link:not([href^="/"]):not([rel="icon"][href^="data:image/svg+xml,"])',
  'link[href^="//"]',
  'meta[http-equiv]',
  'form[action]',
  '[formaction]',
  '[srcdoc]',
  '[ping]',
  ...'iframe frame frameset object embed applet portal base template style img picture'.split(' '),
  ...'video audio source track math marquee foreignObject use animate set'.split(' '),
].join(', ')

/** Must be called before the page opens anything. */
export async function watchForForeignScripts(person: Person): Promise<void> {
  const { page, context, complaints } = person
  await context.addInitScript(LOOKOUT)
  page.on('dialog', (dialog) => {
    if (dialog.type() !== 'beforeunload') complaints.push(`a dialog: ${dialog.message()}`)
  })
  page.on('popup', (popup) => complaints.push(`a window: ${popup.url()}`))
  page.on('frameattached', (frame) => complaints.push(`a frame: ${frame.url()}`))
}

/** What stands on the page now that a stranger could not have put there as text. */
export async function foreignThings(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(INSPECTION)
}

/** Runs in the page, before anything of it. */
const LOOKOUT = String.raw`(() => {
  const FORBIDDEN = ${JSON.stringify(FORBIDDEN)}
  const complain = (what) => console.error('foreign: ' + what)
  Object.defineProperty(Window.prototype, 'pwned', { set: () => complain('pwned was set') })
  document.addEventListener('securitypolicyviolation', (event) =>
    complain(event.effectiveDirective + ' refused ' + event.blockedURI + ' ' + event.sample))
  const makeUrl = URL.createObjectURL.bind(URL)
  URL.createObjectURL = (thing) => {
    if (thing.type !== 'application/octet-stream') complain('a file leaves as ' + thing.type)
    return makeUrl(thing)
  }
  const look = (node) => {
    if (!(node instanceof Element)) return
    for (const element of [node, ...node.querySelectorAll('*')])
      if (element.matches(FORBIDDEN)) complain(element.outerHTML.slice(0, 200))
  }
  new MutationObserver((records) => {
    for (const { target, attributeName, addedNodes } of records) {
      if (attributeName?.startsWith('on')) complain('attribute ' + attributeName)
      if (attributeName !== null) look(target)
      for (const node of addedNodes) look(node)
    }
  }).observe(document, { subtree: true, childList: true, attributes: true })
})()`

/** R46: what cannot be seen, or turns its neighbours round, never stands in a page as it is. */
const HIDDEN = String.raw`/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u`

const INSPECTION = String.raw`(() => {
  const found = []
  const hidden = ${HIDDEN}
  for (const element of document.querySelectorAll('*')) {
    if (element.matches(${JSON.stringify(FORBIDDEN)})) found.push(element.outerHTML.slice(0, 200))
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) found.push(element.tagName + ' ' + name + '=' + value)
      if (name !== 'value' && hidden.test(value)) found.push('hidden letters in ' + name + ': ' + value)
    }
  }
  for (const link of document.querySelectorAll('a[href]')) {
    const { protocol, origin } = new URL(link.href)
    const own = origin === location.origin
    const bare = link.target === '_blank' && /noopener/.test(link.rel) && /noreferrer/.test(link.rel)
    if (!own && !(bare && /^(?:https?|mailto):$/.test(protocol))) found.push(link.outerHTML)
    // A stranger's text must not lead into the desk by a path.
    if (own && link.closest('.markdown') !== null) found.push(link.outerHTML)
  }
  const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT)
  while (texts.nextNode() !== null) {
    const text = texts.currentNode.nodeValue
    const at = text.search(hidden)
    if (at >= 0) found.push('hidden U+' + text.codePointAt(at).toString(16) + ' in ' + text.slice(0, 80))
  }
  if (hidden.test(document.title)) found.push('hidden letters in the title')
  if (Object.hasOwn(window, 'pwned')) found.push('window.pwned')
  return found
})()`
