import { Agent, request as httpRequest } from 'node:http'
import {
  ClientError,
  createApi,
  type DeskView,
  type FiledReport,
  fileReport,
  followReport,
  NO_FACTS,
  openDesk as readDesk,
  type Send,
  type Source,
} from '#client'
import { type Bytes, textOfBytes } from '#lexicon'
import { statementId } from '#seal'
import { memoryOfOneProcess } from './in-process.ts'

/*
 * Reporters without a process each: the real client, in this process, with its own way of sending. So
 * hundreds of them file at once, and every answer that the desk gives is written down as it comes.
 */

/** One answer to `POST /api/v1/reports`, as it came over the wire. */
export type Answer = {
  /** Of the report: the hash of its signed head. */
  readonly id: string
  readonly status: number
  readonly receipt: boolean
  /** `performance.now()`. */
  readonly at: number
}

export type Reporters = {
  /** The desk as they verified it before they began. */
  readonly view: DeskView
  /** The receipts that reporters hold, after the client verified them. */
  readonly filed: FiledReport[]
  readonly answers: Answer[]
  /** The status of every answer that was a refusal, to whatever request. */
  readonly refusals: number[]
  /** The ids of all reports that were sent, answered or not, and how often. */
  readonly sent: Map<string, number>
  /** Files one report. `undefined` when this reporter gave up. */
  readonly file: (wish: Wish) => Promise<FiledReport | undefined>
  /** Comes back with the words. Returns the case that they open, by its id and number. */
  readonly follow: (words: string) => Promise<{ readonly id: string; readonly number: string }>
  readonly close: () => void
}

export type Wish = {
  readonly text: string
  readonly files?: readonly Source[]
  /** Awaited before each new try. False, and this reporter never comes back. */
  readonly again: () => Promise<boolean>
}

const REPORTS = '/api/v1/reports'

/**
 * Reporters who verified the desk at this address while it was up. `desk` is its id, from paper.
 * `hold` is awaited before a report goes out; its files went before.
 */
export async function gatherReporters(
  url: string,
  desk: string,
  hold?: () => Promise<void>,
): Promise<Reporters> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const { hostname, port } = new URL(url)
  const answers: Answer[] = []
  const refusals: number[] = []
  const filed: FiledReport[] = []
  const sent = new Map<string, number>()
  const send: Send = async ({ method, path, headers, body }) => {
    const id = path === REPORTS ? idOf(body) : undefined
    if (id !== undefined) await hold?.()
    if (id !== undefined) sent.set(id, (sent.get(id) ?? 0) + 1)
    const answer = await exchange({ agent, hostname, port, method, path, headers }, body)
    if (answer.status >= 400) refusals.push(answer.status)
    if (id !== undefined)
      answers.push({
        id,
        status: answer.status,
        receipt: answer.status < 300 && textOfBytes(answer.body).includes('"receipt"'),
        at: performance.now(),
      })
    return answer
  }
  const memory = memoryOfOneProcess()
  const dial = () => createApi({ origin: new URL(url).origin, send })
  const view = await readDesk({ api: dial(), memory, clock: Date.now }, desk)
  return {
    view,
    filed,
    answers,
    refusals,
    sent,
    file: async ({ text, files = [], again }) => {
      const wait = async () => {
        if (!(await again())) throw new GaveUp()
      }
      try {
        const report = { text, facts: NO_FACTS, files, source: 'cli' as const }
        const done = await fileReport(view, { wait, progress: () => undefined }, report)
        filed.push(done)
        return done
      } catch (error) {
        if (error instanceof GaveUp) return undefined
        throw error
      }
    },
    follow: async (words) => {
      // A session of their own: two reporters never share a connection's login.
      const now = await readDesk({ api: dial(), memory, clock: Date.now }, desk)
      const { within } = await followReport(now, words)
      return { id: within.id, number: within.number }
    },
    close: () => agent.destroy(),
  }
}

class GaveUp extends Error {
  override readonly name = 'GaveUp'
}

function idOf(body: Bytes | undefined): string {
  const { report } = JSON.parse(textOfBytes(body ?? new Uint8Array())) as {
    report: { statement: { head: string } }
  }
  return statementId(report.statement.head)
}

type Asked = {
  readonly agent: Agent
  readonly hostname: string
  readonly port: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

function exchange(asked: Asked, body: Bytes | undefined): ReturnType<Send> {
  return new Promise((resolve, reject) => {
    const headers = { ...asked.headers, 'content-length': body?.length ?? 0 }
    const request = httpRequest({ ...asked, headers, timeout: 20_000 }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', fail)
      response.on('end', () => {
        // Cut in the middle: that is no answer.
        if (!response.complete) fail(new Error('the answer was cut'))
        else
          resolve({
            status: response.statusCode ?? 0,
            body: new Uint8Array(Buffer.concat(chunks)),
          })
      })
    })
    function fail(cause: Error): void {
      reject(new ClientError('unreachable', 'Nobody answers.', { cause }))
    }
    request.on('timeout', () => request.destroy(new Error('timeout')))
    request.on('error', fail)
    request.end(body)
  })
}
