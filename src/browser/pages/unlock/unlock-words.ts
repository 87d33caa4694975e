import type { WhyLocked } from '../../desk-state.ts'

/** What stands over the one main button: why the desk is shut, and what became of the opened texts. */
export function shutWords(
  why: WhyLocked | undefined,
  deskName: string,
): { readonly title: string; readonly lead: string } {
  switch (why) {
    case undefined:
      return {
        title: `The desk of ${deskName}`,
        lead: 'Reports are opened in this browser, with your key alone.',
      }
    case 'idle':
      return {
        title: 'Locked',
        lead: 'You were away for a while. Titles and texts are gone from this tab’s memory; what you wrote is kept sealed. One touch, and you are back where you were.',
      }
    case 'asked':
      return {
        title: 'Locked',
        lead: 'Titles and texts are gone from this tab’s memory; what you wrote is kept sealed. One touch, and you are back where you were.',
      }
    case 'ended':
      return {
        title: 'Your session has ended',
        lead: 'Its time was over, or you ended it elsewhere. What you wrote is kept sealed on this machine. Come in again, and you are back where you were.',
      }
    case 'left':
      return {
        title: 'You are logged out',
        lead: 'Titles, texts and drafts are gone from this machine. What stays are sealed marks of how far this browser has read; they open with your key alone.',
      }
    case 'other-tab':
      return {
        title: 'Locked from another tab',
        lead: 'You locked the desk or logged out there, so this tab forgot its titles and texts too. What you were writing is kept sealed if you locked, and gone if you logged out.',
      }
  }
}

/** How long a person alone waits for their own recovery, in words. */
export function opensWords(opens: string, now: number): string {
  const left = Date.parse(opens) - now
  if (left <= 0) return 'It can be opened now: try again.'
  const hours = Math.ceil(left / 3_600_000)
  return hours < 2 ? 'It opens within the hour.' : `It opens in ${hours} hours.`
}
