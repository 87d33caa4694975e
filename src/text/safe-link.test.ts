import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostOf, safeLink, saysWhere } from './safe-link.ts'

test('only pages and mailboxes are links', () => {
  for (const url of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://example.org/1',
    'file:///etc/passwd',
    'intent://x',
    'postern:x',
  ]) {
    assert.equal(safeLink(url), undefined, url)
  }
  assert.equal(safeLink('https://example.org/a?b#c'), 'https://example.org/a?b#c')
  assert.equal(safeLink('mailto:desk@example.org'), 'mailto:desk@example.org')
})

test('nothing leads into the desk by a path', () => {
  for (const url of ['/desk', '//example.org', '#main', '?lane=mine', 'desk', '']) {
    assert.equal(safeLink(url), undefined, url)
  }
})

test('the host is what a browser will ask, whatever the text says', () => {
  assert.equal(hostOf('https://bank.example@evil.example/'), 'evil.example')
  assert.match(hostOf(safeLink('https://b\u0430nk.example/') ?? ''), /^xn--.*\.example$/)
  assert.equal(hostOf('mailto:desk@example.org'), 'desk@example.org')
  assert.equal(hostOf('mailto:%E0%A4%A'), '%E0%A4%A')
})

test('a text that only looks like the address does not say where it leads', () => {
  const says = (text: string) => saysWhere(text, safeLink(text) ?? '')
  assert.ok(says('https://example.org/x'))
  assert.ok(says('https://example.org'))
  assert.ok(!says('https://b\u0430nk.example'), 'a Cyrillic letter')
  assert.ok(!says('https://bank.example@evil.example/'))
  assert.ok(!saysWhere('https://bank.example', 'https://evil.example/'))
})
