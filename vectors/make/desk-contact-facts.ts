import { type Cast, standIn } from './actors.ts'
import { add, lastId } from './chains.ts'
import type { Shelf } from './shelf.ts'
import { acceptDesk, deskStep, rejectDesk, smallDesk } from './steps.ts'

/** `release` of a contact fact counts by one coordinator; what only looks like one waits (docs/formats/release.md). */
export async function makeContactFactVectors(shelf: Shelf, people: Cast): Promise<void> {
  const { root, c1, c2, m1 } = people
  const base = await smallDesk(people)
  const release = (path: string) => ({
    path,
    sha256: standIn('contact fact'),
    licence: 'CC0-1.0',
    not_before: '2026-12-01T12:00:00Z',
    doc: '',
  })
  const fact = release('.well-known/security.txt')
  const counts = await deskStep(shelf, base, {
    name: 'contact-fact',
    why: 'security.txt counts by one coordinator, at once',
    by: c1,
    type: 'release',
    fields: fact,
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-root', check: 'F5', what: 'by', by: root },
    ],
  })
  const what = { what: lastId(counts) }
  rejectDesk(
    shelf,
    'contact-fact-then-approve',
    'F8',
    'contact-fact',
    'one statement more: an approval of what never waited',
    await add(counts, c2, 'approve', what),
  )
  for (const [name, path] of [
    ['contact-fact-index', 'directory/index.json'],
    ['contact-fact-key', 'keys/security-2027.asc'],
  ] as const)
    await acceptDesk(
      shelf,
      name,
      `${path} counts by one`,
      await add(base, c1, 'release', release(path)),
    )
  for (const [name, path] of [
    ['release-no-contact-fact-copy', 'security.txt'],
    ['release-no-contact-fact-below', '.well-known/security.txt/a'],
    ['release-no-contact-fact-project', 'projects/numpy.json'],
    ['release-no-contact-fact-page', 'keys/security.asc.md'],
    ['release-no-contact-fact-deeper', 'keys/a/security.asc'],
    ['release-no-contact-fact-upper', 'keys/Security.asc'],
    ['release-no-contact-fact-inside', 'pages/keys/security.asc'],
    ['release-no-contact-fact-way-out', 'keys/../pages/about.asc'],
  ] as const) {
    const chain = await add(base, c1, 'release', release(path))
    await acceptDesk(shelf, name, `${path} is no contact fact: it waits`, chain)
  }
  const withdrawn = await deskStep(shelf, counts, {
    name: 'contact-fact-withdrawn',
    why: 'any coordinator takes back a contact fact',
    by: c2,
    type: 'withdraw',
    fields: what,
    wrong: [{ name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 }],
  })
  rejectDesk(
    shelf,
    'contact-fact-withdrawn-twice',
    'F8',
    'contact-fact-withdrawn',
    'one statement more: again',
    await add(withdrawn, c1, 'withdraw', what),
  )
}
