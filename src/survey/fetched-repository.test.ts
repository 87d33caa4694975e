import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { USUAL_LIMITS } from './git.ts'
import { SurveyError } from './survey-error.ts'
import { surveyRepository } from './survey-repository.ts'
import { openGitHost } from './trial-git-host.ts'
import { commitFiles, trialFolder } from './trial-repository.ts'

test('a repository is fetched over https from an allowed host, and only what is read of it', async (t) => {
  const folder = trialFolder((end) => t.after(end))
  const scratch = join(folder, 'scratch')
  mkdirSync(scratch)
  const made = join(folder, 'owner/example')
  commitFiles(made, {
    'SECURITY.md': 'security@example.org',
    'large.bin': randomBytes(3_000_000).toString('base64'),
    'sub/.git-x': '',
  })
  execFileSync('git', ['-C', made, 'config', 'uploadpack.allowFilter', 'true'])
  execFileSync('git', ['-C', made, 'config', 'uploadpack.allowAnySHA1InWant', 'true'])
  const silent = new Set<string>()
  const host = await openGitHost(
    folder,
    (end) => t.after(end),
    (path) => {
      if (path.startsWith('/moved/'))
        return {
          status: 301,
          headers: { location: `/owner/example/.git/${path.split('/').at(-1)}` },
        }
      if (path.startsWith('/asks/'))
        return { status: 401, headers: { 'www-authenticate': 'Basic' } }
      return silent.has(path.split('/')[1] ?? '') ? 'silence' : undefined
    },
  )
  const survey = (path: string, hosts = [host.host], limits = USUAL_LIMITS) =>
    surveyRepository(
      { url: `https://${host.host}${path}` },
      { names: [] },
      {
        scratch,
        hosts,
        limits,
        trust: host.trust,
      },
    )
  const refused = (act: Promise<unknown>, code: string) =>
    assert.rejects(act, (error: unknown) => error instanceof SurveyError && error.code === code)

  await t.test('it is read', async () => {
    const found = await survey('/owner/example/.git')
    assert.deepEqual(
      found.sources.map(({ what, when, contacts }) => [what, when, contacts[0]?.value]),
      [['policy', '2026-03-04', 'security@example.org']],
    )
  })
  await t.test('what is not read of it does not come', () => {
    assert.ok(host.sent() > 1000 && host.sent() < 100_000, String(host.sent()))
  })
  await t.test('a host that is not allowed is not asked', async () => {
    const before = host.asked.length
    await refused(survey('/owner/example/.git', []), 'not-allowed')
    await refused(survey('/owner/example/.git', ['localhost', 'example.org']), 'not-allowed')
    assert.equal(host.asked.length, before)
  })
  await t.test('another way than https, a password or a flag is not taken', async () => {
    const canary = join(folder, 'canary')
    const deps = { scratch, hosts: [host.host, 'localhost', '', 'sh'], trust: host.trust }
    const urls = [
      `http://${host.host}/owner/example/.git`,
      `file://${made}`,
      `ext::sh -c touch% ${canary}`,
      'ssh://localhost/x',
      'git://localhost/x',
      `https://a:b@${host.host}/owner/example/.git`,
      `https://${host.host}/owner/example/.git?x=--upload-pack`,
      '--upload-pack=touch',
      `https://${host.host}/a;touch%20b`,
      `https://${host.host}/`,
    ]
    for (const url of urls)
      await refused(surveyRepository({ url }, { names: [] }, deps), 'not-allowed')
    assert.ok(!existsSync(canary))
  })
  await t.test('it is not led elsewhere, and gives no password', async () => {
    await refused(survey('/moved/example/.git'), 'unreachable')
    await refused(survey('/asks/example/.git'), 'unreachable')
    await refused(survey('/owner/nowhere/.git'), 'unreachable')
  })
  await t.test('a certificate of nobody is not trusted', async () => {
    const url = `https://${host.host}/owner/example/.git`
    await refused(
      surveyRepository({ url }, { names: [] }, { scratch, hosts: [host.host] }),
      'unreachable',
    )
  })
  await t.test('a host that says nothing is left in time', async () => {
    silent.add('owner')
    await refused(
      survey('/owner/example/.git', [host.host], { ...USUAL_LIMITS, time: 1500 }),
      'too-slow',
    )
    // What lies on the disk is counted while something comes.
    await refused(
      survey('/owner/example/.git', [host.host], { ...USUAL_LIMITS, disk: 1 }),
      'too-large',
    )
    silent.clear()
  })
  await t.test('nothing stays behind', () => assert.deepEqual(readdirSync(scratch), []))
})
