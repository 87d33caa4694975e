import type { FoundShown } from '#worker'
import { casesWord } from '../queue/queue-words.ts'

/** What was looked through, and what was not: an empty answer must not be taken for a no. */
export function lookedThrough({ searched, onlyTitles }: FoundShown): string {
  const whole = `Messages of ${casesWord(searched)} were looked through.`
  if (onlyTitles === 0) return whole
  const rest =
    onlyTitles === 1 ? '1 case was not opened' : `${casesWord(onlyTitles)} were not opened`
  return `${whole} ${rest} since you unlocked: only the title was looked at.`
}

/** Cuts a text at the words that were searched, to mark them. The odd parts are what was found. */
export function markParts(text: string, query: string): readonly string[] {
  const words = query
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return words.length === 0 ? [text] : text.split(new RegExp(`(${words.join('|')})`, 'giu'))
}
