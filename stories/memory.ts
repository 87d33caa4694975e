import { open, readFile, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'

const PAGE = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }))
/** Entries of pagemap, 8 bytes each: bit 63 present, bit 62 swapped. */
const THERE = 0xc0
const BATCH = 4096

/**
 * Every page of memory that a process really holds, written one after another to `file`: a core without
 * the gigabytes of address space that V8 reserves and never touches. Returns the number of bytes.
 */
export async function dumpMemory(pid: number, file: string): Promise<number> {
  const maps = (await readFile(`/proc/${pid}/maps`, 'utf8')).trim().split('\n')
  const memory = await open(`/proc/${pid}/mem`)
  const pagemap = await open(`/proc/${pid}/pagemap`)
  const parts: Buffer[] = []
  try {
    for (const line of maps) {
      const [range = '', rights = ''] = line.split(' ')
      if (!rights.startsWith('r') || line.endsWith('[vvar]') || line.endsWith('[vsyscall]'))
        continue
      const [start = 0, end = 0] = range.split('-').map((hex) => Number.parseInt(hex, 16))
      for (let at = start; at < end; at += BATCH * PAGE)
        parts.push(...(await readPages(memory, pagemap, at, Math.min(end, at + BATCH * PAGE))))
    }
  } finally {
    await memory.close()
    await pagemap.close()
  }
  const whole = Buffer.concat(parts)
  await writeFile(file, whole)
  return whole.length
}

type Handle = Awaited<ReturnType<typeof open>>

/** Runs of neighbouring pages stay together, so that a word across their border is found. */
async function readPages(memory: Handle, pagemap: Handle, start: number, end: number) {
  const pages = (end - start) / PAGE
  const flags = Buffer.alloc(pages * 8)
  await pagemap.read(flags, 0, flags.length, (start / PAGE) * 8)
  const parts: Buffer[] = []
  for (let from = 0; from < pages; from++) {
    let to = from
    while (to < pages && ((flags[to * 8 + 7] ?? 0) & THERE) !== 0) to++
    if (to === from) continue
    const run = Buffer.alloc((to - from) * PAGE)
    const { bytesRead } = await memory.read(run, 0, run.length, start + from * PAGE)
    parts.push(run.subarray(0, bytesRead))
    from = to
  }
  return parts
}
