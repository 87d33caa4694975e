import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { partOfSize, sizeWords } from '../size-words.ts'
import { visibleLine } from '../visible-text.ts'
import { Door } from './door.tsx'
import { Icon } from './icon.tsx'
import { useRestOfTime } from './progress-bar.tsx'

export type FilePickerProps = {
  readonly label: string
  readonly hint?: ComponentChildren
  readonly onFiles: (files: File[]) => void
}

/** A button, and a place to drop. Whoever cannot drag loses nothing. */
export function FilePicker({ label, hint, onFiles }: FilePickerProps) {
  const [over, setOver] = useState(false)
  return (
    <div
      class={over ? 'dropzone over' : 'dropzone'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => {
        setOver(false)
      }}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        give(event.dataTransfer?.files, onFiles)
      }}
    >
      <FileButton label={label} onFiles={onFiles} />
      {hint !== undefined && <span>{hint}</span>}
    </div>
  )
}

export type FileButtonProps = {
  readonly label: string
  readonly onFiles: (files: File[]) => void
  readonly quiet?: boolean | undefined
}

export function FileButton({ label, onFiles, quiet = false }: FileButtonProps) {
  return (
    <label class={quiet ? 'btn quiet file-button' : 'btn file-button'}>
      <input
        type="file"
        class="sr"
        multiple
        onChange={(event) => {
          give(event.currentTarget.files, onFiles)
          // The same file may be chosen again after it was removed.
          event.currentTarget.value = ''
        }}
      />
      {quiet && <Icon name="clip" />}
      {label}
    </label>
  )
}

export type FileRowProps = {
  readonly name: string
  readonly size: number
  readonly state: 'waiting' | 'sending' | 'sent' | 'failed'
  /** What a waiting file waits for. */
  readonly waitsFor?: string | undefined
  readonly done?: number | undefined
  readonly onRemove?: (() => void) | undefined
  readonly onRetry?: (() => void) | undefined
}

export function FileRow(props: FileRowProps) {
  const { name, size, state, waitsFor, done = 0, onRemove, onRetry } = props
  const shown = visibleLine(name)
  const rest = useRestOfTime(done, size)
  return (
    <div class="file">
      <Icon name="clip" />
      <span>
        <b>
          <bdi>{shown}</bdi>
        </b>{' '}
        <small>
          {state === 'sending' ? partOfSize(done, size) : sizeWords(size)}
          {state === 'sending' && rest !== '' && `, ${rest}`}
          {state === 'waiting' && `, waits${waitsFor === undefined ? '' : ` for ${waitsFor}`}`}
        </small>
      </span>
      <span class="line tight">
        {state === 'sent' && <Door kept="end-to-end" word="Sealed and sent" />}
        {state === 'failed' && <span class="error">Not sent</span>}
        {state === 'failed' && onRetry !== undefined && (
          <button
            type="button"
            class="btn link"
            aria-label={`Send again: ${shown}`}
            onClick={onRetry}
          >
            Send again
          </button>
        )}
        {onRemove !== undefined && (
          <button
            type="button"
            class="btn link"
            aria-label={`${state === 'sending' ? 'Stop' : 'Remove'} ${shown}`}
            onClick={onRemove}
          >
            {state === 'sending' ? 'Stop' : 'Remove'}
          </button>
        )}
      </span>
      {state === 'sending' && (
        <progress value={Math.min(done, size)} max={Math.max(size, 1)} aria-label={shown} />
      )}
    </div>
  )
}

function give(files: FileList | null | undefined, onFiles: (files: File[]) => void): void {
  const chosen = [...(files ?? [])]
  if (chosen.length > 0) onFiles(chosen)
}
