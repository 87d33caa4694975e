import { join } from 'node:path'
import { gatherReporters } from './many-reporters.ts'
import { openDesk, serve } from './stage.ts'
const ends: (() => Promise<void>)[] = []
const desk = await openDesk(async (e) => ends.push(e))
await desk.server.stop()
const { data, port } = desk.server
const out = '/tmp/s/rel/trace.txt'
let t = performance.now()
const s = await serve({ data, port, under: ['strace', '-D', '-f', '--seccomp-bpf', '-o', out, '-e', 'trace=fsync,fdatasync,write,writev,pwrite64,pwritev,sendto,sendmsg,rename,renameat,renameat2', '-yy', '-ttt', '-s', '200'] })
ends.push(async () => { await s.stop() })
console.log('start', performance.now() - t)
const r = await gatherReporters(desk.server.url, desk.desk)
await r.file({ text: 'hello\n\nworld', again: async () => true })
console.log(r.answers, s.pid)
r.close()
for (const e of ends.reverse()) await e()
