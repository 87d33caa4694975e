import { render } from 'preact'
import { ask, onEvent, startWorker } from '../../ask-worker.ts'
import { browserCanSeal } from '../../browser-can-seal.ts'
import { forgetOnReturn } from '../../forget-on-return.ts'
import { readPin } from '../../pin.ts'
import { OldBrowserPage } from './report-old-browser.tsx'
import { ReportPage } from './report-page.tsx'
import { createReportSession } from './report-session.ts'

const pin = readPin()
const root = document.getElementById('app')

forgetOnReturn()
if (root !== null) void start(root)

async function start(root: HTMLElement): Promise<void> {
  if (!(await browserCanSeal())) {
    root.replaceChildren()
    render(<OldBrowserPage origin={pin.origin} here="report" />, root)
    return
  }
  startWorker('reporter')
  const session = createReportSession({ ask, onEvent, pin, online: navigator.onLine })
  addEventListener('online', () => session.setOnline(true))
  addEventListener('offline', () => session.setOnline(false))
  // Only when something would be lost: a warning that always comes is pressed away.
  addEventListener('beforeunload', (event) => {
    if (session.wouldLose.value) event.preventDefault()
  })
  root.replaceChildren()
  render(<ReportPage session={session} origin={pin.origin} />, root)
  await session.openDesk()
}
