import { render } from 'preact'
import { endWorker, startWorker } from '../../ask-worker.ts'
import { browserCanSeal } from '../../browser-can-seal.ts'
import { forgetOnReturn } from '../../forget-on-return.ts'
import { JoinPage } from './join-page.tsx'
import { OldBrowser } from '../setup/setup-old-browser.tsx'
import { onOtherFragment, takeFragment } from '../ceremony/take-fragment.ts'

const words = takeFragment()
const place = document.getElementById('app')
forgetOnReturn()
if (place !== null) void start(place)

async function start(place: HTMLElement): Promise<void> {
  const able = await browserCanSeal()
  place.replaceChildren()
  if (able) {
    startWorker('member')
    let visit = 0
    const show = (words: string) => render(<JoinPage key={visit++} words={words} />, place)
    show(words)
    // Another link in this tab begins anew, with nothing of the first in any memory.
    onOtherFragment((other) => {
      endWorker('asked')
      show(other)
    })
    return
  }
  const command = `bin/postern member accept --to ${location.origin} \\\n  --invitation 'the twelve words' \\\n  --name 'Volunteer 2' --key-out volunteer.key`
  render(<OldBrowser command={command} />, place)
}
