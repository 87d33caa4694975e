import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { MeShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask, Failed } from '../../ask-worker.ts'
import type { WhyLocked } from '../../desk-state.ts'
import { Button } from '../../parts/button.tsx'
import { Mark } from '../../parts/mark.tsx'
import { Notice } from '../../parts/notice.tsx'
import { usePasskey } from '../../passkeys.ts'
import { visibleLine } from '../../visible-text.ts'
import { newThread, standAtDoor } from '../desk/desk-lock.ts'
import { AddPasskeyHere } from '../own/own-add-passkey.tsx'
import { RecoverByWords } from './recover-by-words.tsx'
import { UnlockWithKeyFile } from './unlock-with-key-file.tsx'
import { UnlockWithWords } from './unlock-with-words.tsx'
import { shutWords } from './unlock-words.ts'
import { TaskTitle } from '../ceremony/task-title.tsx'

type Way = 'passkey' | 'words' | 'other' | 'key-file' | 'recover'

/** The door of the desk. Nothing readable stands behind it: whoever shows it has forgotten everything. */
export function UnlockPage(props: {
  readonly deskName: string
  readonly why: WhyLocked | undefined
  readonly onOpen: (me: MeShown) => void
}) {
  const { why, onOpen } = props
  const deskName = visibleLine(props.deskName)
  const [way, setWay] = useState<Way>('passkey')
  /** Came in without a passkey of this browser: one is offered before the desk opens. */
  const [arrived, setArrived] = useState<MeShown>()
  const { title, lead } = shutWords(why, deskName)
  const locked = () => {
    setArrived(undefined)
    setWay('passkey')
  }
  useEffect(() => (arrived === undefined ? undefined : standAtDoor(locked)), [arrived])
  if (arrived !== undefined)
    return (
      <Door deskName={deskName}>
        <TaskTitle title="You are in" />
        <AddPasskeyHere me={arrived} onDone={() => onOpen(arrived)} />
      </Door>
    )
  const back = () => setWay('other')
  return (
    <Door deskName={deskName}>
      {way === 'passkey' && (
        <ByPasskey
          title={title}
          lead={lead}
          onOpen={onOpen}
          onWords={() => setWay('words')}
          onOther={() => setWay('other')}
        />
      )}
      {way === 'words' && <UnlockWithWords onOpen={onOpen} onBack={() => setWay('passkey')} />}
      {way === 'other' && <OtherWays onWay={setWay} />}
      {way === 'key-file' && <UnlockWithKeyFile onOpen={setArrived} onBack={back} />}
      {way === 'recover' && <RecoverByWords onOpen={setArrived} onBack={back} onLocked={locked} />}
    </Door>
  )
}

function Door(props: { readonly deskName: string; readonly children: ComponentChildren }) {
  return (
    <div class="ceremony">
      <header>
        <span class="brand">
          <Mark />
          <span>{props.deskName}</span>
        </span>
        <p class="faint only-wide">
          The server holds nothing that it can open. Your keys are put together in this browser, for
          as long as the desk is open.
        </p>
      </header>
      <main id="main">{props.children}</main>
    </div>
  )
}

function ByPasskey(props: {
  readonly title: string
  readonly lead: string
  readonly onOpen: (me: MeShown) => void
  readonly onWords: () => void
  readonly onOther: () => void
}) {
  const act = useAct()
  const [unknown, setUnknown] = useState(false)
  const acts = useRef<HTMLDivElement>(null)
  // After a lock one key press is enough: the main button has the focus.
  useLayoutEffect(() => acts.current?.querySelector('button')?.focus(), [])
  const unlock = () =>
    act.run('Waiting for your passkey', async () => {
      setUnknown(false)
      await newThread()
      const { nonce } = await ask('challenge', {})
      const { assertion, prf } = await usePasskey({ nonce })
      try {
        const unlocked = await ask('unlock', { assertion, prf })
        if (unlocked.state === 'open') props.onOpen(unlocked.me)
        else props.onWords()
      } catch (error) {
        if (!(error instanceof Failed) || error.failure.code !== 'not-found') throw error
        setUnknown(true)
      }
    })
  return (
    <>
      <TaskTitle title={props.title}>{props.lead}</TaskTitle>
      {unknown && (
        <Notice tone="late" title="This passkey opens nothing here." alert>
          <p>
            Either no coordinator has admitted you yet, or the passkey was removed, or your key was
            ended. Ask a coordinator, or use another way in.
          </p>
        </Notice>
      )}
      <TroubleNotice of={act} />
      <div class="line" ref={acts}>
        <Button kind="main" onPress={unlock} busy={act.busy}>
          Unlock with a passkey
        </Button>
        <Button kind="quiet" onPress={props.onOther}>
          Other ways
        </Button>
      </div>
    </>
  )
}

function OtherWays({ onWay }: { readonly onWay: (way: Way) => void }) {
  return (
    <>
      <TaskTitle title="Other ways in" />
      <ul class="rows">
        <li>
          <span>
            <b>Key file and passphrase</b>
            <small>
              For whoever uses the command line: the file that it wrote. It opens at once.
            </small>
          </span>
          <Button onPress={() => onWay('key-file')}>Use a key file</Button>
        </li>
        <li>
          <span>
            <b>Recovery words alone</b>
            <small>
              For when every passkey is lost. Another coordinator releases your keys first; where
              there is none, it takes 72 hours.
            </small>
          </span>
          <Button onPress={() => onWay('recover')}>Use words alone</Button>
        </li>
      </ul>
      <details>
        <summary>I have neither</summary>
        <p>
          Nobody can reset your keys. Another coordinator ends your old key and invites you again;
          then you have a new key, and every open case is sealed to it anew.
        </p>
      </details>
      <div class="line">
        <Button kind="quiet" onPress={() => onWay('passkey')}>
          Back to the passkey
        </Button>
      </div>
    </>
  )
}
