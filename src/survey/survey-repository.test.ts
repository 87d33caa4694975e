import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { USUAL_LIMITS } from './git.ts'
import { SurveyError, type SurveyErrorCode } from './survey-error.ts'
import {
  organisationOf,
  surveyRepository,
  type Surveyed,
  withOrganisation,
} from './survey-repository.ts'
import { commitFiles, trialFolder } from './trial-repository.ts'

function place(after: (end: () => void) => void) {
  const folder = trialFolder(after)
  const [path, scratch] = [join(folder, 'checkout'), join(folder, 'scratch')]
  mkdirSync(scratch)
  const survey = (more: { limits?: typeof USUAL_LIMITS; at?: string } = {}) =>
    surveyRepository(
      { path: more.at ?? path },
      { names: ['Example'] },
      {
        scratch,
        hosts: [],
        ...(more.limits === undefined ? {} : { limits: more.limits }),
      },
    )
  return { folder, path, scratch, survey }
}

async function refused(act: Promise<unknown>, code: SurveyErrorCode): Promise<void> {
  await assert.rejects(act, (error: unknown) => {
    assert.ok(error instanceof SurveyError, String(error))
    assert.equal(error.code, code, error.message)
    return true
  })
}

const told = ({ sources }: Surveyed) =>
  sources.map(({ what, where, when, contacts }) =>
    [
      what,
      where.replace(/^.*\/blob\/[0-9a-f]{40}\//, ''),
      when,
      ...contacts.map(({ kind, value, line }) => `${kind} ${value} ${line}`),
    ].join(' | '),
  )

test('files are read in the order in which GitHub shows them, with the day of each', async (t) => {
  const { path, scratch, survey } = place((end) => t.after(end))
  commitFiles(
    path,
    { 'docs/SECURITY.md': 'c@lists.example.org', 'SECURITY.md': '\n\nsecurity@example.org' },
    '2025-01-02',
  )
  const commit = commitFiles(path, {
    '.github/SECURITY.md': 'https://tidelift.com/security',
    'README.md': '# Example\n\n## Security\n\nreport@example.org\n',
    'docs/source/security.rst': 'Report a vulnerability to team@example.org',
    'docs/source/other.rst': 'Report a vulnerability to nobody@lists.example.org',
    '.well-known/security.txt':
      'Contact: mailto:security@example.org\nExpires: 2027-01-01T00:00:00Z\n',
    'SECURITY-INSIGHTS.yml':
      'header:\n  expiration-date: 2027-01-01\nvulnerability-reporting:\n  email-contact: security@example.org\n',
  })
  const found = await survey()
  assert.deepEqual(told(found), [
    'policy | .github/SECURITY.md | 2026-03-04 | tidelift https://tidelift.com/security 1',
    'policy | SECURITY.md | 2025-01-02 | mail security@example.org 3',
    'policy | docs/SECURITY.md | 2025-01-02 | mail c@lists.example.org 1',
    'readme | README.md | 2026-03-04 | mail report@example.org 5',
    'security.txt | .well-known/security.txt | 2026-03-04 | mail security@example.org 1',
    'security-insights | SECURITY-INSIGHTS.yml | 2026-03-04 | mail security@example.org 4',
    'docs | docs/source/security.rst | 2026-03-04 | mail team@example.org 1',
  ])
  assert.equal(found.commit, commit)
  assert.deepEqual(readdirSync(scratch), [], 'nothing stays behind')
})

test('a bare repository is read as a checkout is; packed as loose; the origin is a claim that names it', async (t) => {
  const { folder, path, survey } = place((end) => t.after(end))
  commitFiles(path, { 'SECURITY.md': 'Use private vulnerability reporting.' })
  const bare = join(folder, 'bare.git')
  execFileSync('git', ['clone', '--quiet', '--bare', '--no-local', path, bare], { stdio: 'ignore' })
  execFileSync('git', ['--git-dir', bare, 'gc', '--quiet'], { stdio: 'ignore' })
  assert.deepEqual(told(await survey({ at: bare })), [
    'policy | SECURITY.md | 2026-03-04 | github  1',
  ])
  appendFileSync(
    join(path, '.git/config'),
    '[remote "origin"]\n\turl = git@github.com:Example/Example.git\n',
  )
  const found = await survey()
  assert.equal(found.repository, 'github.com/example/example')
  assert.deepEqual(told(found), [
    'policy | SECURITY.md | 2026-03-04 | github https://github.com/example/example/security/advisories/new 1',
  ])
  assert.equal(
    found.sources[0]?.where,
    `https://github.com/example/example/blob/${found.commit}/SECURITY.md`,
  )
})

test('no program that a repository names is ever run', async (t) => {
  const { folder, path, survey } = place((end) => t.after(end))
  commitFiles(path, {
    'SECURITY.md': 'security@example.org',
    '.gitattributes': '* filter=evil diff=evil\n',
  })
  const canary = join(folder, 'canary')
  const evil = join(folder, 'evil')
  writeFileSync(evil, `#!/bin/sh\ntouch ${canary}\n`)
  chmodSync(evil, 0o755)
  appendFileSync(
    join(path, '.git/config'),
    `[core]\n\tsshCommand = ${evil}\n\tfsmonitor = ${evil}\n\tpager = ${evil}\n\teditor = ${evil}\n\thooksPath = ${folder}\n\tgitProxy = ${evil}\n\talternateRefsCommand = ${evil}\n` +
      `[gpg]\n\tprogram = ${evil}\n[log]\n\tshowSignature = true\n[alias]\n\tls-tree = !${evil}\n\tcat-file = !${evil}\n\trev-list = !${evil}\n` +
      `[filter "evil"]\n\tsmudge = ${evil}\n\tclean = ${evil}\n[diff "evil"]\n\ttextconv = ${evil}\n[credential]\n\thelper = ${evil}\n` +
      `[remote "origin"]\n\turl = ext::${evil}\n\tuploadpack = ${evil}\n\tpromisor = true\n\tpartialclonefilter = blob:none\n[protocol]\n\tallow = always\n[extensions]\n\tpartialClone = origin\n`,
  )
  for (const hook of ['post-checkout', 'pre-auto-gc', 'reference-transaction'])
    symlinkSync(evil, join(path, '.git/hooks', hook))
  assert.deepEqual(told(await survey()), [
    'policy | SECURITY.md | 2026-03-04 | mail security@example.org 1',
  ])
  // A missing object makes a partial clone fetch: here it makes nothing.
  rmSync(join(path, '.git/objects'), { recursive: true })
  mkdirSync(join(path, '.git/objects/info'), { recursive: true })
  await refused(survey(), 'git')
  assert.ok(!existsSync(canary))
  execFileSync(evil)
  assert.ok(existsSync(canary), 'the canary sings where its program runs')
})

test('links lead nowhere, and what is no small text is named as unread', async (t) => {
  const { folder, path, survey } = place((end) => t.after(end))
  writeFileSync(join(folder, 'secret'), 'outside@lists.example.org')
  commitFiles(path, {
    'SECURITY.md': `-> ${join(folder, 'secret')}`,
    '.github/SECURITY.md': 'x'.repeat(600 * 1024),
    'docs/SECURITY.md': 'security@example.org',
    'SECURITY-INSIGHTS.yml': 'a: &a [b]\nc: *a\n',
  })
  const found = await survey()
  assert.deepEqual(told(found), [
    'policy | docs/SECURITY.md | 2026-03-04 | mail security@example.org 1',
  ])
  assert.deepEqual(
    found.unread.map((words) => words.slice(0, 45)),
    [
      '.github/SECURITY.md is larger than a policy.',
      'SECURITY.md is a link, which is not followed.',
      'SECURITY-INSIGHTS.yml is not read: An anchor ',
    ],
  )
})

test('names that look like flags or lines are names', async (t) => {
  const { path, survey } = place((end) => t.after(end))
  commitFiles(path, {
    '--upload-pack=touch evil': 'x',
    'docs/--output=security.md': 'Report a vulnerability to team@example.org',
    'docs/a\nb security.md': 'Report a vulnerability to list@lists.example.org',
    'docs/:(glob)*security.md': 'Report a vulnerability to core@example.org',
  })
  assert.deepEqual(
    told(await survey()).map((one) => one.split(' | ').at(-1)),
    ['mail team@example.org 1', 'mail core@example.org 1', 'mail list@lists.example.org 1'],
  )
})

const tricks: readonly (readonly [
  string,
  SurveyErrorCode,
  (path: string, folder: string) => void,
])[] = [
  [
    'a folder without git',
    'not-a-repository',
    (path) => rmSync(join(path, '.git'), { recursive: true }),
  ],
  [
    'a .git that leads elsewhere',
    'not-a-repository',
    (path, folder) => {
      renameSync(join(path, '.git'), join(folder, 'elsewhere'))
      writeFileSync(join(path, '.git'), `gitdir: ${join(folder, 'elsewhere')}\n`)
    },
  ],
  [
    'a .git that is a link',
    'not-a-repository',
    (path, folder) => {
      renameSync(join(path, '.git'), join(folder, 'elsewhere'))
      symlinkSync(join(folder, 'elsewhere'), join(path, '.git'))
    },
  ],
  [
    'objects that are a link',
    'not-a-repository',
    (path, folder) => {
      renameSync(join(path, '.git/objects'), join(folder, 'objects'))
      symlinkSync(join(folder, 'objects'), join(path, '.git/objects'))
    },
  ],
  [
    'a pack that is a link',
    'not-a-repository',
    (path, folder) => {
      const other = join(folder, 'private')
      commitFiles(other, { 'SECURITY.md': 'private@lists.example.org' })
      execFileSync('git', ['-C', other, 'gc', '--quiet'], { stdio: 'ignore' })
      const packs = join(other, '.git/objects/pack')
      for (const name of readdirSync(packs))
        symlinkSync(join(packs, name), join(path, '.git/objects/pack', name))
    },
  ],
  [
    'a pipe among the objects',
    'not-a-repository',
    (path) => execFileSync('mkfifo', [join(path, '.git/objects/pack/pack-a.idx')]),
  ],
  [
    'objects that are borrowed',
    'not-a-repository',
    (path) => writeFileSync(join(path, '.git/objects/info/alternates'), '/etc\n'),
  ],
  [
    'a HEAD that climbs',
    'not-a-repository',
    (path, folder) => {
      writeFileSync(join(folder, 'id'), 'a'.repeat(40))
      writeFileSync(join(path, '.git/HEAD'), 'ref: refs/heads/../../../../id\n')
    },
  ],
  [
    'a HEAD that is a link',
    'not-a-repository',
    (path, folder) => {
      renameSync(join(path, '.git/HEAD'), join(folder, 'HEAD'))
      symlinkSync(join(folder, 'HEAD'), join(path, '.git/HEAD'))
    },
  ],
  [
    'a HEAD without a commit',
    'not-a-repository',
    (path) => writeFileSync(join(path, '.git/HEAD'), 'ref: refs/heads/nowhere\n'),
  ],
  [
    'a HEAD that is no commit here',
    'git',
    (path) => writeFileSync(join(path, '.git/HEAD'), `${'a'.repeat(40)}\n`),
  ],
]
for (const [what, code, plant] of tricks)
  test(`refused: ${what}`, async (t) => {
    const { folder, path, scratch, survey } = place((end) => t.after(end))
    commitFiles(path, { 'SECURITY.md': 'security@example.org' })
    plant(path, folder)
    await refused(survey(), code)
    assert.deepEqual(readdirSync(scratch), [])
  })

test('refused: what is too much and what takes too long', async (t) => {
  const { path, survey } = place((end) => t.after(end))
  commitFiles(
    path,
    Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`docs/file-${n}`, `${n}`])),
  )
  await refused(survey({ limits: { ...USUAL_LIMITS, output: 5000 } }), 'too-large')
  await refused(survey({ limits: { ...USUAL_LIMITS, time: 1 } }), 'too-slow')
})

test('where a repository has no policy, its organisation’s counts; where it has one, only that', async (t) => {
  const { folder, path, survey } = place((end) => t.after(end))
  const organisation = join(folder, 'organisation')
  commitFiles(organisation, {
    'SECURITY.md': 'security@example.org',
    'README.md': 'Report a vulnerability to list@example.org',
  })
  commitFiles(path, { 'README.md': 'Report a vulnerability to team@example.org' })
  const defaults = await survey({ at: organisation })
  const values = (found: Surveyed) =>
    found.sources.flatMap(({ contacts }) => contacts.map(({ value }) => value))
  assert.deepEqual(values(withOrganisation(await survey(), defaults)), [
    'security@example.org',
    'team@example.org',
  ])
  commitFiles(path, { '.github/SECURITY.md': 'We care.' })
  assert.deepEqual(values(withOrganisation(await survey(), defaults)), ['team@example.org'])
  assert.equal(organisationOf('https://github.com/numpy/numpy'), 'https://github.com/numpy/.github')
  for (const url of [
    'https://github.com/numpy/.github',
    'https://gitlab.com/a/b',
    'https://github.com/numpy',
  ])
    assert.equal(organisationOf(url), undefined, url)
})
