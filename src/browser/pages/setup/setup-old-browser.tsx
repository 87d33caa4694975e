import { Mark } from '../../parts/mark.tsx'
import { TaskTitle } from '../ceremony/task-title.tsx'

/** No key can be made here, so nothing is begun. */
export function OldBrowser({ command }: { readonly command: string }) {
  return (
    <div class="ceremony">
      <header>
        <span class="brand">
          <Mark />
          <span>Postern</span>
        </span>
      </header>
      <main id="main">
        <TaskTitle title="This browser cannot make the keys">
          It lacks X25519 or Ed25519, or the page came without an encrypted connection.
        </TaskTitle>
        <p>
          A current Firefox, Chrome, Edge or Safari can do it, over https or at localhost. So can
          the command line, from a copy of Postern’s source:
        </p>
        <pre class="code">{command}</pre>
      </main>
    </div>
  )
}
