import { caseHandlers } from './cases.ts'
import { checkHandlers } from './check-again.ts'
import { claimActHandlers } from './claims.ts'
import { draftHandlers } from './drafts.ts'
import { enteringHandlers } from './entering.ts'
import { fetchSend } from './fetch-send.ts'
import { mailSettingsHandlers } from './mail-settings.ts'
import { releaseHandlers } from './releases.ts'
import { mailHandlers } from './mails.ts'
import { newMemberSession } from './member-session.ts'
import { ownHandlers } from './own-ways.ts'
import { peopleHandlers } from './people.ts'
import { queueHandlers } from './queue-pages.ts'
import { say, servePage } from './serve-page.ts'
import { startVerifier } from './start-verifier.ts'
import { verifyBeside } from './verify-beside.ts'
import { wait } from './wait.ts'
import { watchLedger } from './watch-ledger.ts'

const session = newMemberSession({
  say,
  clock: Date.now,
  wait,
  send: fetchSend('same-origin', wait),
  verify: verifyBeside(startVerifier),
})
servePage(
  {
    ...enteringHandlers(session),
    ...ownHandlers(session),
    ...checkHandlers(session),
    ...queueHandlers(session),
    ...caseHandlers(session),
    ...claimActHandlers(session),
    ...mailHandlers(session),
    ...mailSettingsHandlers(session),
    ...releaseHandlers(session),
    ...draftHandlers(session),
    ...peopleHandlers(session),
  },
  session.evidence,
)
watchLedger(session.watched, { say, wait })
