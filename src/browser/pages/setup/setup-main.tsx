import { render } from 'preact'
import { endWorker, startWorker } from '../../ask-worker.ts'
import { browserCanSeal } from '../../browser-can-seal.ts'
import { forgetOnReturn } from '../../forget-on-return.ts'
import { OldBrowser } from './setup-old-browser.tsx'
import { SetupPage } from './setup-page.tsx'
import { onOtherFragment, takeFragment } from '../ceremony/take-fragment.ts'

const secret = takeFragment()
const place = document.getElementById('app')
forgetOnReturn()
if (place !== null) void start(place)

async function start(place: HTMLElement): Promise<void> {
  const able = await browserCanSeal()
  place.replaceChildren()
  if (able) {
    startWorker('member')
    let visit = 0
    const show = (secret: string) => render(<SetupPage key={visit++} secret={secret} />, place)
    show(secret)
    // Another link in this tab begins anew, with nothing of the first in any memory.
    onOtherFragment((other) => {
      endWorker('asked')
      show(other)
    })
    return
  }
  const command = `bin/postern init --to ${location.origin} \\\n  --setup SECRET --name 'Example Foundation' \\\n  --domain example.org --coordinator you@example.org \\\n  --key-out coordinator.key`
  render(<OldBrowser command={command} />, place)
}
