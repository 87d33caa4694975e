import { noteAddress } from '#client'
import { NOTICE_WISHES } from '#lexicon'
import { enter, MEMBER_FLAGS } from './enter.ts'
import { answer } from './print.ts'
import { readFlags, UsageError, wordsAre } from './usage.ts'

/** How often this member is told that something changed. */
export async function notices(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [word] = wordsAre(flags.words, NOTICE_WISHES.join('|'))
  const wish = NOTICE_WISHES.find((known) => known === word)
  if (wish === undefined) throw new UsageError(`Say ${NOTICE_WISHES.join(', ')}.`)
  const { view, print } = await enter(flags)
  const { address } = await view.api.call('readSelf', {})
  if (address === '')
    throw new UsageError(
      'The desk has no address of yours: say “postern member address EMAIL” first.',
    )
  await noteAddress(view, address, wish)
  answer(print, { notices: wish }, () => [SAYS[wish]])
}

const SAYS = {
  once: 'When something changes, a notice goes to your address, at most one an hour.',
  daily: 'When something changed, one notice a day goes to your address, at 07:00 UTC.',
  mute: 'No notice is sent to you.',
} as const
