import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { PersonShown, ThreadName } from '#worker'
import { visibleLine } from '../visible-text.ts'
import { Button } from './button.tsx'
import { Door } from './door.tsx'
import { FileButton, FileRow } from './file-list.tsx'
import { Markdown } from './markdown.tsx'
import { Menu } from './menu.tsx'
import { Notice } from './notice.tsx'
import { PeopleList } from './person.tsx'

type Audience = {
  readonly thread: ThreadName
  readonly label: string
  readonly readers: readonly PersonShown[]
}

export type ComposerProps = {
  readonly to: readonly Audience[]
  readonly thread: ThreadName
  readonly onThread: (thread: ThreadName) => void
  readonly text: string
  readonly onText: (text: string) => void
  readonly files: readonly File[]
  readonly onFiles: (files: File[]) => void
  readonly onSend: () => void
  readonly busy?: string | undefined
  readonly failure?: ComponentChildren
  readonly canned?: readonly { readonly title: string; readonly text: string }[] | undefined
  readonly sendLabel?: string | undefined
  /** It leaves in plain words as well. */
  readonly openly?: boolean | undefined
  /** Why it cannot be sent yet, beside what the composer sees itself. */
  readonly hindered?: string | undefined
}

/** Who reads it stands before what is written. Sending needs the button or Ctrl Enter, never Enter alone. */
export function Composer(props: ComposerProps) {
  const { to, thread, onThread, text, onText, files, onFiles, onSend, busy, failure } = props
  const { preview, setPreview, writing, reading } = usePreview()
  const id = useId()
  const audience = to.find((one) => one.thread === thread)
  const readers = audience?.readers ?? []
  const hindered = props.hindered ?? hindrance(text, files, readers)
  const send = () => {
    if (busy === undefined && hindered === undefined) onSend()
  }
  return (
    <form
      class={thread === 'desk' ? 'composer team' : 'composer'}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
      onKeyDown={(event) => {
        if (!(event.ctrlKey || event.metaKey)) return
        if (event.key === 'Enter' && !event.isComposing) {
          event.preventDefault()
          send()
        } else if (event.shiftKey && event.key.toLowerCase() === 'p') {
          event.preventDefault()
          setPreview(!preview)
        }
      }}
    >
      <header>
        <ToWhom {...{ to, thread, onThread, audience }} />
        <Readers readers={readers} />
        {props.openly === true ? (
          <Door kept="public" word="Readable on its way" />
        ) : (
          <Door kept={thread === 'desk' ? 'team' : 'end-to-end'} />
        )}
      </header>
      {readers.some(({ trust }) => trust === 'changed') && (
        <Notice tone="late" title="A reader’s key changed.">
          Compare words with them again before you write.
        </Notice>
      )}
      {preview && (
        <div class="preview" tabIndex={0} role="region" aria-label="Preview" ref={reading}>
          {text.trim() === '' ? (
            <p class="faint">Nothing written yet.</p>
          ) : (
            <Markdown text={text} />
          )}
        </div>
      )}
      <textarea
        class="input"
        id={id}
        ref={writing}
        hidden={preview}
        dir="auto"
        aria-label={thread === 'desk' ? 'Team note' : 'Your message'}
        aria-describedby={`${id}-how`}
        value={text}
        onInput={(event) => {
          onText(event.currentTarget.value)
        }}
      />
      <span class="sr" id={`${id}-how`}>
        Markdown works. Control and Enter sends.
      </span>
      <Attached files={files} onFiles={onFiles} />
      {failure}
      <footer>
        <FileButton
          quiet
          label="Attach"
          onFiles={(more) => {
            onFiles([...files, ...more])
          }}
        />
        <Button
          kind="quiet"
          onPress={() => {
            setPreview(!preview)
          }}
        >
          {preview ? 'Write' : 'Preview'}
        </Button>
        <Canned {...{ canned: props.canned ?? [], text, onText }} />
        <span class="end" />
        <Button
          kind="main"
          type="submit"
          keys="Ctrl Enter"
          busy={busy}
          disabled={hindered !== undefined}
          why={hindered}
        >
          {props.sendLabel ?? 'Seal and send'}
        </Button>
      </footer>
    </form>
  )
}

/** The focus goes where the text is, so that the keys go on working. */
function usePreview() {
  const [preview, setPreview] = useState(false)
  const writing = useRef<HTMLTextAreaElement>(null)
  const reading = useRef<HTMLDivElement>(null)
  const before = useRef(preview)
  useEffect(() => {
    if (before.current !== preview) (preview ? reading : writing).current?.focus()
    before.current = preview
  }, [preview])
  return { preview, setPreview, writing, reading }
}

function hindrance(
  text: string,
  files: readonly File[],
  readers: readonly PersonShown[],
): string | undefined {
  if (readers.length === 0) return 'Nobody can read here yet.'
  return text.trim() === '' && files.length === 0 ? 'Write something, or attach a file.' : undefined
}

type ToWhomProps = Pick<ComposerProps, 'to' | 'thread' | 'onThread'> & {
  readonly audience: Audience | undefined
}

function ToWhom({ to, thread, onThread, audience }: ToWhomProps) {
  if (to.length < 2) return <span class="to">To {visibleLine(audience?.label ?? 'nobody')}</span>
  return (
    <label class="to">
      To{' '}
      <select
        class="input"
        value={thread}
        onChange={(event) => {
          const chosen = to.find((one) => one.thread === event.currentTarget.value)
          if (chosen !== undefined) onThread(chosen.thread)
        }}
      >
        {to.map((one) => (
          <option key={one.thread} value={one.thread}>
            {visibleLine(one.label)}
          </option>
        ))}
      </select>
    </label>
  )
}

/** "4 people", and the list: never "the team" where keys are concerned. */
function Readers({ readers }: { readonly readers: readonly PersonShown[] }) {
  const id = useId()
  const words = `Encrypted to ${readers.length === 1 ? '1 person' : `${String(readers.length)} people`}`
  return (
    <span class="menu">
      <button type="button" class="btn link" popovertarget={id}>
        {words}
      </button>
      <div id={id} popover="auto" class="menu-list">
        <b>{words}</b>
        <PeopleList people={readers} />
      </div>
    </span>
  )
}

function Attached({ files, onFiles }: Pick<ComposerProps, 'files' | 'onFiles'>) {
  if (files.length === 0) return null
  return (
    <div class="attached">
      {files.map((file, n) => (
        <FileRow
          key={n}
          name={file.name}
          size={file.size}
          state="waiting"
          onRemove={() => {
            onFiles(files.filter((_, place) => place !== n))
          }}
        />
      ))}
    </div>
  )
}

type CannedProps = Pick<ComposerProps, 'text' | 'onText'> & {
  readonly canned: readonly { readonly title: string; readonly text: string }[]
}

/** Put below what is written already: nothing typed is lost. */
function Canned({ canned, text, onText }: CannedProps) {
  if (canned.length === 0) return null
  return (
    <Menu label="Canned reply">
      {canned.map((reply) => (
        <Button
          key={reply.title}
          kind="quiet"
          wide
          onPress={() => {
            onText(text.trim() === '' ? reply.text : `${text.trimEnd()}\n\n${reply.text}`)
          }}
        >
          {reply.title}
        </Button>
      ))}
    </Menu>
  )
}
