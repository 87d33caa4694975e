import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shellOf } from './build-browser-shell.ts'

test('a page has its name, its sheet, its script and one main part', () => {
  for (const [page, face, name] of [
    ['report', 'public', 'Write a report'],
    ['follow', 'public', 'Follow a report'],
    ['join', 'desk', 'Join the desk'],
    ['setup', 'desk', 'Set up the desk'],
    ['desk', 'desk', 'The desk'],
  ] as const) {
    const html = shellOf(page, face)
    assert.ok(html.includes(`<title>${name} · Postern</title>`), page)
    assert.ok(html.includes(`href="/assets/${face}.css"`), page)
    assert.ok(html.includes(`src="/assets/${page}.js"`), page)
    assert.equal(html.split('<meta name="postern-desk" content="" />').length, 2, page)
    assert.equal(html.split('<main ').length, 2, page)
    assert.equal(html.split('<noscript>').length, 2, 'without scripts it says what to do')
    assert.doesNotMatch(html, /<!-- |\{[a-z]+\}/, page)
    const here = [...html.matchAll(/href="(\/\w+)" aria-current="page"/g)].map(([, to]) => to)
    assert.deepEqual(here, face === 'public' ? [`/${page}`] : [], page)
  }
})

test('a page that the masthead does not lead to has another face', () => {
  assert.throws(() => shellOf('desk', 'public'), /does not lead to \/desk/)
})
