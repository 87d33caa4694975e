import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { addressesIn, isRoleAddress } from './address.ts'
import type { ChannelKind } from './channel.ts'
import { readDirectoryFile, writeDirectoryFile } from './directory-file.ts'
import type { Project } from './project.ts'

const text = readFileSync('examples/numfocus.yaml', 'utf8')
const { projects, source, read } = readDirectoryFile(text)

/** What the draft of 2021 says of each project that it names. */
const DRAFT: readonly (readonly [string, ChannelKind, string])[] = [
  ['numpy', 'tidelift', ''],
  ['pymc', 'tidelift', ''],
  ['pandas', 'tidelift', ''],
  ['scipy', 'tidelift', ''],
  ['bokeh', 'tidelift', ''],
  ['dask', 'tidelift', ''],
  ['julia', 'mail', 'security@julialang.org'],
  ['matplotlib', 'mail', 'matplotlib@numfocus.org'],
  ['jupyter', 'mail', 'security@ipython.org'],
  ['ipython', 'mail', 'security@ipython.org'],
  ['nteract', 'github', 'https://github.com/nteract/nteract/security/policy'],
  ['stan', 'unknown', ''],
  ['jump', 'unknown', ''],
  ['pytables', 'unknown', ''],
  ['sympy', 'unknown', ''],
  ['fenics', 'unknown', ''],
  ['conda-forge', 'unknown', ''],
]

test('the file is as the desk writes it, and says where it comes from', () => {
  assert.equal(writeDirectoryFile({ projects, source, read }, 'yaml'), text)
  assert.match(source, /numfocus\/numfocus\.org/)
  assert.equal(read, '2026-11-22')
})

test('152 projects are sponsored or affiliated, as the foundation lists them', () => {
  const of = (status: string) =>
    [...projects.values()].filter((one) => one.status === status).length
  assert.equal(of('sponsored'), 60)
  assert.equal(of('affiliated'), 92)
})

for (const [id, kind, value] of DRAFT)
  test(`the draft’s word about ${id} stands there, and a difference is explained with evidence`, () => {
    const project = projects.get(id)
    assert.ok(project !== undefined)
    const said = project.says.find(({ where }) => where.includes('draft of 2021'))
    assert.ok(said !== undefined)
    assert.deepEqual([said.kind, said.value], [kind, value])
    const agrees = project.channels.some(
      (one) => one.kind === kind && (value === '' || one.value === value),
    )
    assert.equal(said.differs === '', agrees, `${said.differs} but ${agrees}`)
    if (kind !== 'unknown') assert.ok(project.channels.every((one) => one.evidence.length > 0))
  })

test('every channel that is known says where it was read, and nothing is claimed to be tried', () => {
  for (const { id, channels } of projects.values())
    for (const { kind, evidence, verified } of channels) {
      assert.equal(verified, '', id)
      if (kind === 'unknown') continue
      for (const { where, when } of evidence)
        assert.ok(where.startsWith('https://') && /^2026-11-2[12]$/.test(when), id)
    }
})

test('no address of a person stands in it', () => {
  for (const address of new Set(addressesIn(text)))
    assert.ok(
      [...projects.values()].some((one) => isRoleAddress(address, namesOf(one))),
      address,
    )
  assert.ok(
    [...projects.values()].every(({ channels }) => channels.every(({ personal }) => !personal)),
  )
  // The check sees one where there is one.
  assert.ok(!isRoleAddress('somebody@example.org', ['Example']))
  const gensim = projects.get('gensim')?.channels
  assert.equal(gensim?.[0]?.kind, 'unknown')
  assert.match(gensim[0].evidence[0]?.says ?? '', /persons are named there/)
})

test('Jupyter is a whole with parts, and its 20 organisations are all there', () => {
  const parts = [...projects.values()].filter(({ umbrella }) => umbrella === 'jupyter')
  const whole = projects.get('jupyter')
  assert.ok(whole !== undefined && parts.length > 1)
  const organisations = [whole, ...parts].flatMap(({ repositories }) => repositories)
  assert.equal(new Set(organisations).size, 20)
  for (const { channels } of parts) assert.equal(channels[0]?.value, 'security@jupyter.org')
})

function namesOf({ id, name }: Project): readonly string[] {
  return [id, name]
}

const LISTED = '../shared/data/directory/numfocus-all-152.json'

test(
  'the names are those of the foundation’s list, none more and none fewer',
  { skip: existsSync(LISTED) ? false : `${LISTED} is not here` },
  () => {
    const listed = JSON.parse(readFileSync(LISTED, 'utf8')) as readonly {
      name: string
      type: string
    }[]
    const ours = [...projects.values()].filter(({ status }) => /sponsored|affiliated/.test(status))
    const words = (name: string, status: string) => `${name} (${status})`
    assert.deepEqual(
      new Set(ours.map(({ name, status }) => words(name, status))),
      new Set(listed.map(({ name, type }) => words(name, type))),
    )
  },
)
