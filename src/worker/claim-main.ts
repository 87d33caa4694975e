import { claimHandlers } from './claimant.ts'
import { fetchSend } from './fetch-send.ts'
import { forgetfulMemory } from './forgetful-memory.ts'
import { servePage } from './serve-page.ts'
import { wait } from './wait.ts'

const memory = forgetfulMemory()
const send = fetchSend('omit', wait)
servePage(claimHandlers({ memory, clock: Date.now, send }), memory.evidence)
