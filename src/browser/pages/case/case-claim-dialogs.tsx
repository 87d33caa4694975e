import { useState } from 'preact/hooks'
import type { CaseShown, ClaimShown, ClaimsShown } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt, phase, say } from '../../desk-state.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Notice } from '../../parts/notice.tsx'
import { WordsEntry, WordsSheet } from '../../parts/words-sheet.tsx'
import { readBack } from '../../read-back.ts'
import { claimDoubts, claims } from './case-claims-state.ts'
import { acting, actFailure, actOnCase } from './case-state.ts'
import { openingOf } from './case-words.ts'

const DIFFER =
  'These are not the key words of the claim. Let them read again, slowly; if they differ still, stop here.'

type ClaimDialogProps = {
  readonly shown: CaseShown
  readonly claim: ClaimShown
  readonly onClose: () => void
}

/** One batch: who the reporter is, and a new key of General that they read. */
export function AcceptClaimDialog(props: ClaimDialogProps & { readonly all: ClaimsShown }) {
  const { shown, claim, all, onClose } = props
  const accept = () => {
    onClose()
    const { lookup, keyWords } = claim
    const asked = ask('acceptClaim', { id: shown.id, lookup, keyWords })
    void actOnCase('Signing the claim', 'They read what is written from now on.', asked)
  }
  return (
    <Dialog
      open
      title={`Accept the claim of ${shown.number}`}
      onClose={onClose}
      foot={
        <>
          <Button kind="main" onPress={accept}>
            Sign, and let them read
          </Button>
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <p>
        Whoever made this claim becomes the reporter of this case. They read what is written in
        General from now on, and can answer. What was written before stays closed to them.
      </p>
      {claimDoubts(claim, all, openingOf(shown)?.mail).map(({ grave, says }) => (
        <Notice key={says} tone={grave ? 'late' : 'due'} title="Look twice.">
          {says}
        </Notice>
      ))}
      <p>
        You need not have compared these words yet. If you can call them, let them read these aloud:
      </p>
      <WordsSheet words={claim.keyWords} label="Key words of the claim" />
    </Dialog>
  )
}

/** Not a statement: the desk's copy of what they left goes, and their words open nothing. */
export function RefuseClaimDialog({ shown, claim, onClose }: ClaimDialogProps) {
  const refuse = async () => {
    onClose()
    acting.value = 'Refusing the claim'
    const done = await attempt(ask('refuseClaim', { id: shown.id, lookup: claim.lookup }))
    acting.value = ''
    if (phase.value !== 'open') return
    if (!done.ok) {
      actFailure.value = done.failure
      return
    }
    claims.value = { id: shown.id, shown: done.answer }
    say('The claim was refused.')
  }
  return (
    <Dialog
      open
      title={`Refuse the claim of ${shown.number}`}
      onClose={onClose}
      foot={
        <>
          <Button kind="grave" onPress={() => void refuse()}>
            Refuse the claim
          </Button>
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <p>
        Their twelve words will open nothing, and their link is used up. If it was the sender of the
        mail after all, they need a new link.
      </p>
    </Dialog>
  )
}

/**
 * The words are typed as they were heard, and not shown before: what was only looked at was not compared.
 */
export function CompareClaimDialog({ shown, claim, onClose }: ClaimDialogProps) {
  const [typed, setTyped] = useState('')
  const [error, setError] = useState<string>()
  const grant = () => {
    if (!readBack(claim.keyWords, typed)) return setError(DIFFER)
    onClose()
    const asked = ask('grantEarlier', { id: shown.id, keyWords: claim.keyWords })
    void actOnCase('Sealing the keys', 'They read General from its beginning.', asked)
  }
  return (
    <Dialog
      open
      title="Compare key words with the reporter"
      onClose={onClose}
      foot={
        <>
          <Button kind="main" onPress={grant}>
            They match: let them read all of General
          </Button>
          <Button kind="quiet" onPress={onClose}>
            Later
          </Button>
        </>
      }
    >
      <p>
        Call them on a number that you knew before, not one from a mail. They read the key words of
        their claim; you type what you hear. If the words differ, somebody else claimed the case: do
        not write anything more to them, and tell another coordinator.
      </p>
      <WordsEntry
        label="Key words, as they read them"
        value={typed}
        error={error}
        onInput={(text) => {
          setTyped(text)
          setError(undefined)
        }}
      />
    </Dialog>
  )
}
