import { visibleLine } from '../../visible-text.ts'

/** For whom an invitation is, as the inviter noted it for the coordinators. */
export function NoteFor({ note }: { readonly note: string }) {
  if (note === '') return null
  return (
    <>
      {' '}
      <small>
        for <bdi>{visibleLine(note)}</bdi>
      </small>
    </>
  )
}
