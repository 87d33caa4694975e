import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, readFileSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { endsInTurn } from './ends-in-turn.ts'
import { type Filed, openDesk, PASSPHRASE, reporterFlags } from './stage.ts'

const MIB = 2 ** 20
const SMALL = 50 * MIB
/** What keeps the file shows at 200 MB as at 400, which `npm run soak` takes. */
const LARGE = Number(process.env['POSTERN_LARGE'] ?? 200) * MIB
const MAY_GROW = 32
const CLI = join(import.meta.dirname, '..', 'src', 'cli', 'main.ts')
const linux = process.platform === 'linux' ? {} : { skip: 'peaks are read from /proc' }

/** Peaks of resident memory, in MiB. */
type Peaks = { readonly report: number; readonly get: number; readonly server: number }
const PROGRAMS = ['report', 'get', 'server'] as const

test(
  `${LARGE / MIB} MB need at most 32 MiB more than 50 MB, at the client and at the server`,
  linux,
  async (t) => {
    let small = await peaksWith(t, SMALL)
    let large = await peaksWith(t, LARGE)
    const isKept = () => PROGRAMS.some((what) => large[what] > small[what] + MAY_GROW)
    // A collector that is early or late moves a peak by chance; what keeps the file raises every large one.
    if (isKept()) small = ofBoth(Math.max, small, await peaksWith(t, SMALL))
    if (isKept()) large = ofBoth(Math.min, large, await peaksWith(t, LARGE))
    for (const what of PROGRAMS)
      t.diagnostic(
        `${what}: ${small[what]} MiB for 50 MB, ${large[what]} MiB for ${LARGE / MIB} MB`,
      )
    for (const what of PROGRAMS)
      assert.ok(large[what] <= small[what] + MAY_GROW, `${what} keeps too much of a large file`)
  },
)

function ofBoth(pick: (a: number, b: number) => number, a: Peaks, b: Peaks): Peaks {
  return {
    report: pick(a.report, b.report),
    get: pick(a.get, b.get),
    server: pick(a.server, b.server),
  }
}

/** A fresh server, one report with a file of this size, and the file back at the coordinator's. */
async function peaksWith(
  t: { after: (all: () => Promise<void>) => void; diagnostic: (line: string) => void },
  size: number,
): Promise<Peaks> {
  const began = performance.now()
  const desk = await openDesk(endsInTurn(t))
  const { server, folder } = desk
  const attachment = join(folder, 'attachment.bin')
  const sha256 = await writeRandom(attachment, size)
  const from = ['report', ...reporterFlags(desk), '--text', '-', '--attach', attachment]
  const filed = await watched(from, 'A report with a large file\n')
  const { number } = JSON.parse(filed.out) as Filed
  await rm(attachment)
  const saved = join(folder, 'saved.bin')
  const to = ['case', 'get', number, 'attachment.bin', '-o', saved, ...desk.first.flags]
  const got = await watched(to, '')
  assert.equal(await sha256Of(saved), sha256, 'another content came back')
  await rm(saved)
  const peaks = { report: filed.peak, get: got.peak, server: peakOf(server.pid) }
  assert.equal((await server.stop()).code, 0)
  await rm(server.data, { recursive: true })
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  t.diagnostic(`${size / MIB} MiB there and back in ${seconds} s`)
  return peaks
}

/** Runs the command line without a shell before it, so that its process id is its own. */
async function watched(
  args: readonly string[],
  input: string,
): Promise<{ readonly out: string; readonly peak: number }> {
  const env = { ...process.env, POSTERN_PASSPHRASE: PASSPHRASE }
  const child = spawn(process.execPath, [CLI, ...args], { env, stdio: 'pipe' })
  child.stdin.end(input)
  let peak = 0
  const look = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid ?? 0))
  }, 20)
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  clearInterval(look)
  if (child.exitCode === null) await once(child, 'exit')
  assert.equal(child.exitCode, 0, err)
  assert.ok(peak > 0, 'nobody looked')
  return { out, peak }
}

/** What the kernel saw at most, in MiB; 0 for a process that is gone. */
function peakOf(pid: number): number {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Math.round(Number(kib ?? 0) / 1024)
  } catch {
    return 0
  }
}

async function writeRandom(path: string, size: number): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(path, 'wx')
  try {
    for (let left = size; left > 0; left -= 4 * MIB) {
      const bytes = randomBytes(Math.min(left, 4 * MIB))
      hash.update(bytes)
      await file.write(bytes)
    }
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
