import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { execFileSync } from 'node:child_process'
import { postern, scratchFolder } from './stage.ts'

const FILE = join(import.meta.dirname, '../examples/numfocus.yaml')

async function json<T>(args: readonly string[], code = 0): Promise<T> {
  const ran = await postern([...args, '--json'])
  assert.equal(ran.code, code, ran.err)
  return JSON.parse(ran.out) as T
}

type FoundProjects = {
  found: { project: { id: string; channels: { kind: string; value: string }[] }; exact: boolean }[]
}

test('a reporter finds the channel of a project by name, with a slip, and by package URL', async () => {
  const find = (...words: string[]) =>
    json<FoundProjects>(['directory', 'find', ...words, '--in', FILE])
  for (const words of [['matplotlip'], ['pkg:pypi/matplotlib@3.9.0']]) {
    const [first] = (await find(...words)).found
    assert.equal(first?.project.id, 'matplotlib', words.join(' '))
    assert.equal(first.project.channels[0]?.value, 'https://tidelift.com/security')
    assert.equal(first.exact, words[0] !== 'matplotlip')
  }
  const none = await postern(['directory', 'find', 'qqqqqqqq', '--in', FILE])
  assert.equal(none.code, 4)
  assert.match(none.err, /No project fits/)
})

test('a person edits the file: each fault has its line, and the difference is said in words', async (t) => {
  const folder = await scratchFolder((end) => t.after(end))
  const edited = join(folder, 'edited.yaml')
  const text = readFileSync(FILE, 'utf8')
  writeFileSync(edited, text.replace('security@julialang.org', 'jane.doe@example.org'))
  const { changes } = await json<{ changes: { project: string; says: string }[] }>([
    'directory',
    'diff',
    FILE,
    edited,
  ])
  assert.deepEqual(changes, [
    { project: 'julia', says: 'mail security@julialang.org is gone.' },
    { project: 'julia', says: 'mail jane.doe@example.org is new.' },
  ])
  const { doubts } = await json<{ doubts: { project: string; says: string }[] }>([
    'directory',
    'check',
    edited,
  ])
  assert.ok(
    doubts.some(({ project, says }) => project === 'julia' && says.includes('address of a person')),
  )
  writeFileSync(edited, text.replace('status: sponsored', 'status: dear\u001b[2J'))
  const wrong = await postern(['directory', 'check', edited])
  assert.equal(wrong.code, 5)
  assert.match(wrong.out, /^projects\/\d+\/status \(line \d+\): Here stands one of/)
  assert.ok(!`${wrong.out}${wrong.err}`.includes('\u001b'))
})

test('a look at a repository says what drifted, and copies nobody’s address', async (t) => {
  const folder = await scratchFolder((end) => t.after(end))
  const git = (...args: readonly string[]) =>
    execFileSync(
      'git',
      [
        '-C',
        folder,
        '-c',
        'user.name=Volunteer 1',
        '-c',
        'user.email=volunteer@example.org',
        ...args,
      ],
      { stdio: 'ignore' },
    )
  git('init')
  git('remote', 'add', 'origin', 'https://github.com/JuliaLang/julia.git')
  const commit = (text: string) => {
    writeFileSync(join(folder, 'SECURITY.md'), text)
    git('add', '.')
    git('commit', '-m', 'A change')
  }
  type Looks = { looked: { verdict: string; project: string; findings: { says: string }[] }[] }
  const survey = (code: number) => json<Looks>(['directory', 'survey', folder, '--in', FILE], code)
  commit('Write to security@julialang.org.')
  assert.deepEqual(
    (await survey(0)).looked.map(({ verdict, project }) => [verdict, project]),
    [['agrees', 'julia']],
  )
  commit('Write to jane.doe@example.org.')
  const drifted = await survey(5)
  assert.equal(drifted.looked[0]?.verdict, 'drifted')
  assert.ok(!JSON.stringify(drifted).includes('jane'))
  const nowhere = await json<Looks>([
    'directory',
    'survey',
    join(folder, 'nowhere'),
    'https://github.com/a/b',
    '--in',
    FILE,
  ])
  assert.deepEqual(
    nowhere.looked.map(({ verdict }) => verdict),
    ['unknown', 'unknown'],
  )
  assert.match(nowhere.looked[1]?.findings[0]?.says ?? '', /not asked: allow it/)
})
