import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DAY } from '#lexicon'
import { newWorld, seedOf } from '../../stories/world.ts'
import { folderWithKey, operate, postJson, scratchFolder, serveTrial } from './trial-server.ts'

type Finding = { readonly level: string; readonly what: string; readonly todo: string }

async function examined(data: string) {
  const { code, out, err } = await operate(['doctor', '--data', data, '--json'])
  const { findings } = JSON.parse(out) as { findings: Finding[] }
  const about = (words: RegExp) => findings.filter(({ what }) => words.test(what))
  return { code, err, findings, about }
}

test('the doctor says what is good, what comes, and what must be done now', async () => {
  const data = folderWithKey(scratchFolder(), seedOf('server'))
  await (await serveTrial(['--data', data])).end()
  const fresh = await examined(data)
  assert.equal(fresh.code, 0)
  assert.equal(fresh.about(/not set up/)[0]?.level, 'look')
  assert.equal(fresh.about(/passkeys made here work only on this machine/)[0]?.level, 'look')
  assert.equal(fresh.about(/fsync is on/)[0]?.level, 'good')
  for (const { level, todo } of fresh.findings) assert.equal(todo === '', level === 'good')

  chmodSync(join(data, 'server.key'), 0o644)
  mkdirSync(join(data, 'journal'), { recursive: true })
  writeFileSync(join(data, 'journal', `${'0'.repeat(64)}.report`), 'half a re')
  await (await serveTrial(['--data', data, '--url', 'http://security.example.org'])).end()
  const ill = await examined(data)
  assert.equal(ill.code, 5)
  assert.equal(ill.about(/Others may read/)[0]?.level, 'bad')
  assert.equal(ill.about(/is not https/)[0]?.level, 'bad')
  assert.equal(ill.about(/journal/)[0]?.level, 'look')
  for (const [url, words] of [
    ['http://127.0.0.1:8080', /work only on this machine/],
    ['https://[::1]', /work only on this machine/],
    ['https://192.0.2.7', /made for names/],
  ] as const) {
    await (await serveTrial(['--data', data, '--url', url])).end()
    assert.equal((await examined(data)).about(words)[0]?.level, 'look', url)
  }
  // For people: one line for each, the grave ones by their word.
  const { out } = await operate(['doctor', '--data', data])
  assert.match(out, /^bad {3}Others may read .*chmod go=/m)
})

test('an aging desk is told before its reporters are refused', async () => {
  for (const [age, level, code] of [
    [1, 'good', 0],
    [8, 'look', 0],
    [31, 'bad', 5],
  ] as const) {
    const world = await newWorld(Date.now() - age * DAY)
    const data = folderWithKey(scratchFolder(), seedOf('server'))
    const server = await serveTrial(['--data', data])
    const { secret } = server
    await postJson(server.url, '/api/v1/setup', { secret, batch: world.batch })
    await server.end()
    const { about, ...found } = await examined(data)
    assert.equal(about(/last signed/)[0]?.level, level)
    assert.equal(found.code, code)
    assert.equal(about(/2 people coordinate/)[0]?.level, 'look')
    assert.equal(about(/never a backup/)[0]?.level, 'look')
    assert.equal(about(/sealed to the newest key/)[0]?.level, 'good')
    assert.equal(about(/knows this server/)[0]?.level, 'good')
  }
})
