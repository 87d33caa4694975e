import { fetchSend } from './fetch-send.ts'
import { forgetfulMemory } from './forgetful-memory.ts'
import { reporterHandlers } from './reporter.ts'
import { say, servePage } from './serve-page.ts'
import { wait } from './wait.ts'
import { watchLedger } from './watch-ledger.ts'

const memory = forgetfulMemory()
const { handlers, watched } = reporterHandlers({
  say,
  memory,
  clock: Date.now,
  wait,
  send: fetchSend('omit', wait),
})
servePage(handlers, memory.evidence)
watchLedger(watched, { say, wait })
