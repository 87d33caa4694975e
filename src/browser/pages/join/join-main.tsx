import { render } from 'preact'
import { startWorker } from '../../ask-worker.ts'
import { browserCanSeal } from '../../browser-can-seal.ts'
import { JoinPage } from './join-page.tsx'
import { OldBrowser } from '../setup/setup-old-browser.tsx'
import { takeFragment } from '../ceremony/take-fragment.ts'

const words = takeFragment()
const place = document.getElementById('app')
if (place !== null) void start(place)

async function start(place: HTMLElement): Promise<void> {
  const able = await browserCanSeal()
  place.replaceChildren()
  if (able) {
    startWorker('member')
    render(<JoinPage words={words} />, place)
    return
  }
  const command = `bin/postern member accept --to ${location.origin} \\\n  --invitation 'the twelve words' \\\n  --name 'Volunteer 2' --key-out volunteer.key`
  render(<OldBrowser command={command} />, place)
}
