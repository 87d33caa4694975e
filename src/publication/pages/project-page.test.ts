import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Channel } from '#directory'
import { textOfBytes } from '#lexicon'
import { aProject, TRIAL_SITE } from '../trial-tree.ts'
import { projectPage } from './project-page.ts'
import { projectRow } from './directory-pages.ts'
import { faceOf } from './tree-page.ts'

const face = faceOf(TRIAL_SITE, new Map(), false)
const EVIL = '<img src=x onerror=alert(1)>"\'&\u{202e}'

test('a hostile entry becomes neither markup nor a script nor a link that runs, whoever let it in', () => {
  const wheres = ['javascript:alert(1)', 'data:text/html,x', 'https://x.example/" onclick="x']
  const channel: Channel = {
    kind: 'form',
    value: 'javascript:alert(1)',
    key: EVIL,
    key_at: 'javascript:alert(1)',
    personal: true,
    consent: EVIL,
    evidence: wheres.map((where) => ({ where, when: EVIL, says: EVIL })),
    verified: EVIL,
    next: EVIL,
  }
  const mail = { ...channel, kind: 'mail', value: 'a@b.example?body=x' } as const
  const project = aProject(1, {
    name: EVIL,
    homepage: 'data:text/html,x',
    repositories: ['javascript:alert(1)'],
    packages: [EVIL],
    imports: [EVIL],
    languages: [EVIL],
    channels: [channel, mail],
    says: [{ where: EVIL, when: EVIL, kind: 'mail', value: EVIL, differs: EVIL }],
  })
  const relative = { id: 'part', name: EVIL }
  const page = textOfBytes(projectPage(face, project, { umbrella: relative, parts: [relative] }))
  for (const text of [page, projectRow(project).row]) {
    assert.doesNotMatch(text, /<(?:script|img|iframe|form)|\son\w+="|\u{202e}/iu)
    assert.doesNotMatch(text, /href="(?:javascript|data):|mailto:[^"]*\?/i)
  }
  assert.equal([...page.matchAll(/<h1>/g)].length, 1)
})

test('a project that has everything, and much of it, still fits a page', () => {
  const long = 'x'.repeat(400)
  const base = aProject(0)
  const channel = base.channels[0]
  assert.ok(channel !== undefined)
  const piece = {
    where: `https://example.org/${long}`,
    when: '2026-11-18',
    says: long.slice(0, 300),
  }
  const project = aProject(0, {
    channels: Array.from({ length: 20 }, () => ({
      ...channel,
      evidence: Array.from({ length: 20 }, () => piece),
    })),
    repositories: Array.from({ length: 200 }, (_, n) => `https://example.org/${n}`),
    says: Array.from({ length: 20 }, () => ({
      ...piece,
      kind: 'mail' as const,
      value: '',
      differs: long,
    })),
  })
  const parts = Array.from({ length: 200 }, (_, n) => ({ id: `part-${n}`, name: `Part ${n}` }))
  const page = projectPage(face, project, { umbrella: undefined, parts })
  assert.ok(page.length <= 50_000, String(page.length))
  assert.match(textOfBytes(page), /and 188 more/)
})
