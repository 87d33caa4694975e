import type { CaseShown } from '#worker'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { When } from '../../parts/when.tsx'
import { asking } from './case-asking.ts'
import { focusComposer } from './case-composer.tsx'
import { nextStep } from './case-next-step.ts'
import { needsNoAnswer } from './case-read.ts'
import { acting, actOnCase } from './case-state.ts'
import { maySign } from '../desk/may-sign.ts'

/** The one thing to do next, by a rule. It stands in the rail, and above the timeline on a phone. */
export function NextStepBox({ shown }: { readonly shown: CaseShown }) {
  const step = nextStep(shown, maySign('sort'))
  return (
    <section class="stack only-wide">
      <h2>Next step</h2>
      <p>
        <b>{step.title}</b> {step.because}
      </p>
      {shown.due !== '' && maySign('acknowledge') && (
        <p>
          Due by <When at={shown.due} />.
        </p>
      )}
      <NextButton shown={shown} />
    </section>
  )
}

export function NextStepLine({ shown }: { readonly shown: CaseShown }) {
  const step = nextStep(shown, maySign('sort'))
  if (step.act === 'none') return null
  return (
    <div class="only-narrow notice accent">
      <p>
        <b>Next:</b> {step.title}
      </p>
      <NextButton shown={shown} />
    </div>
  )
}

export function acknowledgeCase(shown: CaseShown): void {
  if (shown.due === '') return
  void actOnCase('Signing', 'Acknowledged.', ask('acknowledge', { id: shown.id }))
}

function NextButton({ shown }: { readonly shown: CaseShown }) {
  const busy = acting.value === '' ? undefined : acting.value
  const { id } = shown
  switch (nextStep(shown, maySign('sort')).act) {
    case 'acknowledge':
      return (
        <Button kind="main" wide keys="A" busy={busy} onPress={() => acknowledgeCase(shown)}>
          Acknowledge
        </Button>
      )
    case 'sort':
      return (
        <Button kind="main" wide keys="S" busy={busy} onPress={() => (asking.value = 'sort')}>
          Sort…
        </Button>
      )
    case 'answer':
      return (
        <>
          <Button kind="main" wide keys="W" busy={busy} onPress={() => focusComposer('all')}>
            Write the answer
          </Button>
          <Button kind="link" onPress={() => needsNoAnswer(shown)}>
            No answer needed
          </Button>
        </>
      )
    case 'close':
      return (
        <Button kind="main" wide busy={busy} onPress={() => (asking.value = 'close')}>
          Close case…
        </Button>
      )
    case 'reopen':
      return shown.state === 'archived' ? null : (
        <Button
          wide
          busy={busy}
          onPress={() =>
            void actOnCase(
              'Signing',
              'The case is open again.',
              ask('setState', { id, state: 'open' }),
            )
          }
        >
          Open it again
        </Button>
      )
    case 'none':
      return null
  }
}
