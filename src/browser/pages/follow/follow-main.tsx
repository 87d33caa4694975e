import { render } from 'preact'
import { MINUTE } from '#lexicon'
import { ask, onEvent, startWorker } from '../../ask-worker.ts'
import { browserCanSeal } from '../../browser-can-seal.ts'
import { forgetOnReturn } from '../../forget-on-return.ts'
import { readPin } from '../../pin.ts'
import { saveFile } from '../../save-file.ts'
import { FollowPage } from './follow-page.tsx'
import { createFollowSession, type FollowSession } from './follow-session.ts'
import { OldBrowserPage } from '../report/report-old-browser.tsx'

const pin = readPin()
const root = document.getElementById('app')

forgetOnReturn()
if (root !== null) void start(root)

async function start(root: HTMLElement): Promise<void> {
  if (!(await browserCanSeal())) {
    root.replaceChildren()
    render(<OldBrowserPage origin={pin.origin} here="follow" />, root)
    return
  }
  startWorker('reporter')
  const session = createFollowSession({
    ask,
    onEvent,
    save: saveFile,
    pin,
    online: navigator.onLine,
  })
  listen(session)
  root.replaceChildren()
  render(<FollowPage session={session} desk={pin.desk} />, root)
  // Said only when the words are sent: until then nothing was asked for.
  await session.prepare().catch(() => undefined)
}

function listen(session: FollowSession): void {
  addEventListener('online', () => session.setOnline(true))
  addEventListener('offline', () => session.setOnline(false))
  addEventListener('beforeunload', (event) => {
    if (session.wouldLose.value) event.preventDefault()
  })
  let looked = Date.now()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - looked < MINUTE) return
    looked = Date.now()
    void session.refresh()
  })
}
