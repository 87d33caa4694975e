import { me } from '../../desk-state.ts'
import { visibleLine } from '../../visible-text.ts'

type Named = { readonly number: string; readonly title: string }

/** What a case is called. Titles are sealed to the desk: whoever was only added to a case knows its number. */
export function caseTitle({ number, title }: Named, untitled = 'Untitled'): string {
  if (title !== '') return visibleLine(title)
  return me.value?.coordinator === true ? untitled : `Case ${number}`
}
