import type { FileShown } from '#worker'
import { partOfSize, sizeWords } from '../size-words.ts'
import { visibleLine } from '../visible-text.ts'
import { Icon } from './icon.tsx'
import type { Saved } from './timeline-rows.ts'

export type SaveButtonProps = {
  readonly file: Pick<FileShown, 'name' | 'size'>
  readonly saving: boolean
  readonly saved?: Saved | undefined
  readonly onPress: () => void
}

/** Saved, never shown: what is in it may be made to harm whoever opens it. */
export function SaveButton({ file, saving, saved, onPress }: SaveButtonProps) {
  const name = visibleLine(file.name)
  const moving = saving && saved !== undefined && saved.total > 0 ? saved : undefined
  return (
    <button
      type="button"
      class="btn link"
      aria-busy={saving ? 'true' : undefined}
      aria-disabled={saving ? 'true' : undefined}
      onClick={() => {
        if (!saving) onPress()
      }}
    >
      <Icon name="clip" />
      <span class="sr">Save </span>
      <bdi>{name}</bdi>
      <small>{saving ? `${movedWords(moving)}opening and checking` : sizeWords(file.size)}</small>
      {moving !== undefined && (
        <progress value={moving.done} max={moving.total} aria-label={`Fetching ${name}`} />
      )}
    </button>
  )
}

function movedWords(moving: Saved | undefined): string {
  return moving === undefined ? '' : `${partOfSize(moving.done, moving.total)}, `
}
