import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Ask, createGithub } from './github.ts'

/** Answers in the form that GitHub documents for this question. */
const RECORDED: Readonly<Record<string, { status: number; body: string }>> = {
  '/repos/example/on/private-vulnerability-reporting': { status: 200, body: '{"enabled":true}' },
  '/repos/example/off/private-vulnerability-reporting': { status: 200, body: '{"enabled":false}' },
  '/repos/example/gone/private-vulnerability-reporting': {
    status: 404,
    body: '{"message":"Not Found","status":"404"}',
  },
  '/repos/example/limited/private-vulnerability-reporting': {
    status: 403,
    body: '{"message":"API rate limit exceeded"}',
  },
  '/repos/example/odd/private-vulnerability-reporting': { status: 200, body: '{"enabled":"no"}' },
  '/repos/example/broken/private-vulnerability-reporting': { status: 200, body: '<html>' },
}

test('only an answer that says so is on or off; all else is unknown', async () => {
  const asked: string[] = []
  const ask: Ask = async (url, headers) => {
    await Promise.resolve()
    asked.push(`${new URL(url).host} ${headers['authorization']}`)
    const found = RECORDED[new URL(url).pathname]
    if (found === undefined) throw new Error('nobody answers')
    return found
  }
  const github = createGithub(ask, 'token')
  const state = (name: string) => github.privateReporting(`https://github.com/example/${name}`)
  const names = ['on', 'off', 'gone', 'limited', 'odd', 'broken', 'away']
  assert.deepEqual(await Promise.all(names.map(state)), [
    'on',
    'off',
    ...Array<string>(5).fill('unknown'),
  ])
  assert.deepEqual(new Set(asked), new Set(['api.github.com Bearer token']))
})

test('what is no repository at GitHub is not asked about', async () => {
  const github = createGithub(() => assert.fail('it was asked'), '')
  for (const at of [
    'https://github.com/example',
    'https://example.org/a/b',
    'https://github.com/a/b/../../c',
    'https://github.com.example.org/a/b',
  ])
    assert.equal(await github.privateReporting(at), 'unknown')
})
