import { useEffect, useState } from 'preact/hooks'
import type { CaseShown, ClaimShown, ClaimsShown } from '#worker'
import { onEvent } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Facts } from '../../parts/facts.tsx'
import { fromSentence, verdictWords } from '../../parts/mail-words.ts'
import { Notice } from '../../parts/notice.tsx'
import { When } from '../../parts/when.tsx'
import { visibleLine } from '../../visible-text.ts'
import { AcceptClaimDialog, CompareClaimDialog, RefuseClaimDialog } from './case-claim-dialogs.tsx'
import { type ClaimDoubt, claimDoubts, claims, readClaims } from './case-claims-state.ts'
import { acting } from './case-state.ts'
import { openingOf } from './case-words.ts'

type Asked = { readonly what: 'accept' | 'refuse' | 'compare'; readonly lookup: string }

/** Who says that they sent the mail of this case (PROTOCOL 7): shown with what is known beside it. */
export function CaseClaims({ shown }: { readonly shown: CaseShown }) {
  const [asked, setAsked] = useState<Asked>()
  const { id, stand } = shown
  useEffect(() => void readClaims(shown), [id, stand])
  useEffect(
    () =>
      onEvent((event) => {
        if (event.event === 'changed') void readClaims(shown)
      }),
    [id],
  )
  const all = claims.value?.id === id ? claims.value.shown : undefined
  if (all === undefined) return null
  const close = () => setAsked(undefined)
  const chosen = [...all.claims, ...all.over].find(({ lookup }) => lookup === asked?.lookup)
  return (
    <>
      {all.claims
        .filter(({ state }) => state === 'waiting')
        .map((claim) => (
          <WaitingClaim key={claim.lookup} {...{ shown, claim, all }} onAsk={setAsked} />
        ))}
      {all.claims
        .filter(({ state }) => state === 'reporter')
        .map((claim) => (
          <AcceptedClaim key={claim.lookup} {...{ shown, claim, all }} onAsk={setAsked} />
        ))}
      <Unsound all={all} onAsk={setAsked} />
      {chosen !== undefined && asked?.what === 'accept' && (
        <AcceptClaimDialog {...{ shown, all }} claim={chosen} onClose={close} />
      )}
      {chosen !== undefined && asked?.what === 'refuse' && (
        <RefuseClaimDialog shown={shown} claim={chosen} onClose={close} />
      )}
      {chosen !== undefined && asked?.what === 'compare' && (
        <CompareClaimDialog shown={shown} claim={chosen} onClose={close} />
      )}
    </>
  )
}

type OneClaim = {
  readonly shown: CaseShown
  readonly claim: ClaimShown
  readonly all: ClaimsShown
  readonly onAsk: (asked: Asked) => void
}

function WaitingClaim({ shown, claim, all, onAsk }: OneClaim) {
  const { lookup } = claim
  const doubts = claimDoubts(claim, all, openingOf(shown)?.mail)
  const busy = acting.value !== ''
  return (
    <Notice
      tone={doubts.some(({ grave }) => grave) ? 'late' : 'due'}
      title="Somebody claims this case."
    >
      <p>
        They opened a link out of a mail of this desk, and made keys of their own. It proves that
        they had the link: they read the mailbox that it went to, or a thread in which it was
        quoted. Nothing more.
      </p>
      <Doubts doubts={doubts} />
      <Facts
        items={[
          ['Claimed', <When key="at" at={claim.at} />],
          ['Link', linkWords(claim)],
          ...mailFacts(shown, claim),
          ['Key words', <span translate={false}>{claim.keyWords}</span>],
        ]}
      />
      <div class="line">
        <Button kind="main" disabled={busy} onPress={() => onAsk({ what: 'accept', lookup })}>
          Accept the claim…
        </Button>
        <Button disabled={busy} onPress={() => onAsk({ what: 'refuse', lookup })}>
          Refuse it…
        </Button>
      </div>
    </Notice>
  )
}

function Doubts({ doubts }: { readonly doubts: readonly ClaimDoubt[] }) {
  return doubts.map(({ says }) => (
    <p key={says}>
      <b>{says}</b>
    </p>
  ))
}

/** Before that they read nothing of before: a second act, and only after a comparison (N20). */
function AcceptedClaim({ shown, claim, all, onAsk }: OneClaim) {
  const doubts = claimDoubts(claim, all, openingOf(shown)?.mail).filter(({ grave }) => grave)
  if (all.earlier === 0 && doubts.length === 0) return null
  return (
    <Notice title="The reporter claimed this case.">
      {all.earlier > 0 && (
        <p>
          They read General from their claim on. What was written there before stays closed to them
          until you have compared key words by another way than mail.
        </p>
      )}
      <Doubts doubts={doubts} />
      {all.earlier > 0 && (
        <div class="line">
          <Button onPress={() => onAsk({ what: 'compare', lookup: claim.lookup })}>
            Compare key words…
          </Button>
        </div>
      )}
    </Notice>
  )
}

function Unsound({ all: { forged, closed, left, over }, onAsk }: Pick<OneClaim, 'all' | 'onAsk'>) {
  return (
    <>
      {forged > 0 && (
        <Notice tone="late" title="A claim of this case does not hold.">
          {`${forged === 1 ? 'One link or claim was' : `${String(forged)} links or claims were`} not made by this desk or not with its code. Somebody at the server may have tried. Nobody was let in; tell another coordinator.`}
        </Notice>
      )}
      {left > 0 && (
        <Notice title="A link to this case was made by somebody who has left.">
          {`${left === 1 ? 'One link, or the claim by it, counts' : `${String(left)} links, or the claims by them, count`} no more: a coordinator who left or changed keys made it, or the server under an earlier key. Make another link.`}
          {over.map(({ lookup, at }) => (
            <div key={lookup} class="line">
              <span>
                Claimed by it <When at={at} />
              </span>
              <Button
                disabled={acting.value !== ''}
                onPress={() => onAsk({ what: 'refuse', lookup })}
              >
                Refuse it…
              </Button>
            </div>
          ))}
        </Notice>
      )}
      {closed > 0 && (
        <Notice title="A claim of this case is closed to you.">
          It is sealed under a key of the desk that you were not given. Another coordinator can look
          at it.
        </Notice>
      )}
    </>
  )
}

function linkWords({ offeredBy }: ClaimShown): string {
  return offeredBy.trust === 'server'
    ? 'from the receipt of the mail'
    : `sent by ${visibleLine(offeredBy.name)}`
}

/** What the mail said of its sender, beside who claims to be it. */
function mailFacts(
  shown: CaseShown,
  { offeredBy }: ClaimShown,
): readonly (readonly [string, string])[] {
  const mail = openingOf(shown)?.mail
  if (mail === undefined) return []
  const { from, envelope, results } = mail
  // The receipt goes to the sender of the envelope, whatever the mail says of its author.
  const sentTo = offeredBy.trust === 'server' ? visibleLine(envelope) : ''
  return [
    ['It went to', sentTo],
    ['Mail from', visibleLine(from.shown)],
    ['That is', fromSentence(mail)],
    ['DMARC', verdictWords(results.dmarc)],
  ]
}
