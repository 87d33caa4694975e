import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfHex } from '#lexicon'
import { html, shellWord } from '#publication'
import { deskWords } from '#seal'
import { newWorld } from '../../../stories/world.ts'
import { homePage } from './home-page.ts'

const SHEET = '<link rel="stylesheet" href="/assets/public-0123.css" />'
const world = await newWorld()
const planned = { name: '<script>alert("1")</script>', domain: 'example.org' }
const origin = 'https://security.example.org'
const open = {
  origin,
  planned,
  directory: world.directory,
  restored: false,
  mail: '',
  publishes: false,
}
const empty = { origin, planned, directory: undefined, restored: false, mail: '', publishes: false }

test('no page has a script, a style of its own, or anything from elsewhere', () => {
  for (const page of [homePage(open, SHEET), homePage(empty, SHEET)]) {
    assert.doesNotMatch(page, /<script|<iframe|<img|<form|\son\w+=|style=|<style|javascript:/i)
    const links = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, to]) => to ?? '')
    assert.ok(links.length >= 4)
    for (const to of links) assert.match(to, /^[/#]/, 'every link stays here')
    assert.match(page, /<html lang="en">/)
    assert.equal([...page.matchAll(/<h1>/g)].length, 1)
  }
})

test('the first page says whose desk this is, how to report, and how to be sure', () => {
  const page = homePage(open, SHEET)
  assert.match(page, /Test Foundation/)
  assert.ok(page.includes(`bin/postern report \\\n  --to ${origin} \\\n  --text report.md`))
  assert.ok(page.includes(world.desk))
  const words = deskWords(bytesOfHex(world.desk)).split(' ')
  assert.ok(page.includes(words.map((word) => `<li>${word}</li>`).join('')))
  assert.match(page, /href="\/report"/)
  assert.match(page, /Within 7 days/)
  assert.doesNotMatch(page, /PGP|mail us/i, 'nothing is promised that is not there')
})

test('a desk that takes mail names its address and its key, and what a mail shows on its way', () => {
  const page = homePage({ ...open, mail: 'security@example.org' }, SHEET)
  assert.match(page, /Write to security@example\.org\./)
  assert.match(page, /href="\/mail-key\.asc"/)
  assert.match(page, /can be read by every server on its way/)
})

test('a desk that is not set up, or only reads, says so', () => {
  assert.match(homePage(empty, SHEET), /not set up yet/)
  assert.doesNotMatch(homePage(empty, SHEET), /postern report/)
  assert.match(homePage({ ...open, restored: true }, SHEET), /takes no reports just now/)
})

test('whatever is put into a page is text', () => {
  assert.doesNotMatch(homePage(empty, SHEET), /<script/)
  assert.match(homePage(empty, SHEET), /&#60;script&#62;/)
  assert.equal(
    html`<b>${'<&"\'>'}${['a', html`<br />`]}</b>`.text,
    '<b>&#60;&#38;&#34;&#39;&#62;a<br /></b>',
  )
})

test('a name is one word of a shell line', () => {
  assert.equal(shellWord('https://a.example:8443'), 'https://a.example:8443')
  assert.equal(shellWord("it's; rm -rf $HOME"), `'it'\\''s; rm -rf $HOME'`)
})
