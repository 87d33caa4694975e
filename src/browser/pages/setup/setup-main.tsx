import { render } from 'preact'
import { startWorker } from '../../ask-worker.ts'
import { browserCanSeal } from '../../browser-can-seal.ts'
import { OldBrowser } from './setup-old-browser.tsx'
import { SetupPage } from './setup-page.tsx'
import { takeFragment } from '../ceremony/take-fragment.ts'

const secret = takeFragment()
const place = document.getElementById('app')
if (place !== null) void start(place)

async function start(place: HTMLElement): Promise<void> {
  const able = await browserCanSeal()
  place.replaceChildren()
  if (able) {
    startWorker('member')
    render(<SetupPage secret={secret} />, place)
    return
  }
  const command = `bin/postern init --to ${location.origin} \\\n  --setup SECRET --name 'Example Foundation' \\\n  --domain example.org --coordinator you@example.org \\\n  --key-out coordinator.key`
  render(<OldBrowser command={command} />, place)
}
