import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { MeShown, OwnWays } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Ghost } from '../../parts/empty.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { WordsSheet } from '../../parts/words-sheet.tsx'
import { visibleLine } from '../../visible-text.ts'
import { NoticeAddress } from './own-address.tsx'
import { MakeKeyFile } from './own-key-file.tsx'
import { OwnPasskeys } from './own-passkeys.tsx'
import { OwnRecovery } from './own-recovery.tsx'
import { OwnSessions } from './own-sessions.tsx'
import { ownWarnings } from './own-words.ts'

/** A member's own keys and sessions. */
export function OwnPage({ me }: { readonly me: MeShown }) {
  const [ways, setWays] = useState<OwnWays>()
  const act = useAct()
  const read = () =>
    act.run('Reading', async () => {
      setWays(await ask('readSelf', {}))
    })
  useEffect(read, [])
  if (ways === undefined)
    return (
      <Sheet>
        <Waiting label="Asking the desk for your passkeys and sessions" />
        {act.trouble === undefined ? (
          <Ghost rows={3} />
        ) : (
          <TroubleNotice of={act} unread="Your passkeys and sessions could not be read." />
        )}
        {act.trouble !== undefined && (
          <div class="line">
            <Button onPress={read}>Ask again</Button>
          </div>
        )}
      </Sheet>
    )
  return (
    <Sheet>
      {ownWarnings(ways).map(({ tone, title, text }) => (
        <Notice key={title} tone={tone} title={title}>
          {text}
        </Notice>
      ))}
      <OwnPasskeys me={me} ways={ways} onWays={setWays} />
      <OwnRecovery ways={ways} onWays={setWays} />
      <section class="stack">
        <h2>Your key words</h2>
        <p class="prose">
          They name the key of {visibleLine(me.handle)}. Others see the same twelve beside your
          handle, unless somebody stands between you: read them aloud, by voice or in one room.
        </p>
        <WordsSheet words={me.keyWords} label="Your key words" />
        {me.root && (
          <p class="muted prose">
            You gave the desk’s root words here: until you lock, you can admit and end coordinators
            without a second person. Each such act stands in the public record, signed by the root.
          </p>
        )}
      </section>
      <NoticeAddress address={ways.address} notices={ways.notices} onWays={setWays} />
      <OwnSessions ways={ways} onWays={setWays} />
      <MakeKeyFile />
    </Sheet>
  )
}

function Sheet({ children }: { readonly children: ComponentChildren }) {
  return <div class="sheet">{children}</div>
}
