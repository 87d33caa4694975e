import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What somebody else's mail program was told. */
export type Delivery = {
  /** The code of the last answer that decided: 250 for a mail that was taken. */
  readonly code: string
  readonly talk: string
}

export type Letter = {
  readonly port: number
  readonly from: string
  readonly to: string
  /** The mail as it is sent, the same bytes every time. */
  readonly mail: string
}

/** Sends a mail by Debian's swaks, over STARTTLS and not without it. */
export async function swaks({ port, from, to, mail }: Letter): Promise<Delivery> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-swaks-'))
  try {
    const file = join(folder, 'mail')
    await writeFile(file, mail)
    const where = ['--server', `127.0.0.1:${port}`, '--tls', '--timeout', '20s', '--suppress-data']
    const what = ['--from', from, '--to', to, '--helo', 'mx.example.net', '--data', `@${file}`]
    const child = spawn('swaks', [...where, ...what], { stdio: ['ignore', 'pipe', 'pipe'] })
    let talk = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (talk += text))
    let trouble = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (trouble += text))
    await once(child, 'close')
    if (talk === '') throw new Error(`swaks did nothing: ${trouble}`)
    return { code: codeOf(talk), talk }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Of the answer to the mail itself, or of the first refusal; `""` when the line was cut. */
function codeOf(talk: string): string {
  const answers = [...talk.matchAll(/^<(?:~\*|~|\*\*|-)\s+(\d{3}) /gm)].map(([, code = '']) => code)
  const refused = answers.find((code) => /^[45]/.test(code))
  if (refused !== undefined) return refused
  const sent = answers.lastIndexOf('354')
  return sent < 0 ? '' : (answers[sent + 1] ?? '')
}
