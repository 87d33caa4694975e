import { render } from 'preact'
import { endWorker, startWorker } from '../../ask-worker.ts'
import { browserCanSeal } from '../../browser-can-seal.ts'
import { forgetOnReturn } from '../../forget-on-return.ts'
import { readPin } from '../../pin.ts'
import { onOtherFragment, takeFragment } from '../ceremony/take-fragment.ts'
import { NoDeskYet } from '../report/report-no-desk.tsx'
import { OldBrowserPage } from '../report/report-old-browser.tsx'
import { ClaimPage } from './claim-page.tsx'

const fragment = takeFragment()
const pin = readPin()
const root = document.getElementById('app')
forgetOnReturn()
if (root !== null) void start(root)

async function start(root: HTMLElement): Promise<void> {
  const able = await browserCanSeal()
  root.replaceChildren()
  if (!able) return render(<OldBrowserPage origin={pin.origin} here="claim" />, root)
  if (pin.desk === '') return render(<NoDeskYet />, root)
  startWorker('claim')
  let visit = 0
  const show = (given: string) =>
    render(<ClaimPage key={visit++} fragment={given} pin={pin} />, root)
  show(fragment)
  // Another link in this tab begins anew, with nothing of the first in any memory.
  onOtherFragment((other) => {
    endWorker('asked')
    show(other)
  })
}
