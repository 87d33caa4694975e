import { render } from 'preact'
import { startWorker } from '../../ask-worker.ts'
import { titleWindow } from '../../desk-state.ts'
import { startKeyboard } from '../../keyboard.ts'
import { startRouter } from '../../router.ts'
import { startCaseMemory } from '../case/case-memory.ts'
import { beginDesk } from './desk-begin.ts'
import { startLock } from './desk-lock.ts'
import { DeskPage } from './desk-page.tsx'
import { titleNow } from './desk-title.ts'

const clock = () => Date.now()
const app = document.querySelector('#app')
if (app !== null) {
  startWorker('member')
  startRouter()
  startKeyboard(clock)
  startLock(clock)
  startCaseMemory()
  titleWindow(titleNow)
  app.replaceChildren()
  render(<DeskPage />, app)
  void beginDesk()
}
