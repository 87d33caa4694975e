import { useState } from 'preact/hooks'
import { type Act, TroubleNotice } from '../../act.tsx'
import { Button } from '../../parts/button.tsx'
import { ErrorSummary } from '../../parts/error-summary.tsx'
import { TextField } from '../../parts/field.tsx'
import { Notice } from '../../parts/notice.tsx'
import { type DeskForm, deskFormErrors, setupSecret } from './setup-form.ts'
import { TaskTitle } from '../ceremony/task-title.tsx'

/** The first task: what stands in the first statement of the desk. */
export function NameDesk(props: {
  readonly form: DeskForm
  readonly onForm: (form: DeskForm) => void
  readonly onNamed: () => void
  readonly act: Act
}) {
  const { form, onForm } = props
  const [pressed, setPressed] = useState(false)
  // The field stays once it is shown: a pasted secret must not vanish under the hand.
  const [asksSecret] = useState(setupSecret(form.secret) === '')
  const errors = pressed ? deskFormErrors(form) : []
  const errorOf = (id: keyof DeskForm) => errors.find((each) => each.id === id)?.text
  const typed = (field: keyof DeskForm) => (text: string) => onForm({ ...form, [field]: text })
  return (
    <form
      class="stack-5 form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setPressed(true)
        if (deskFormErrors(form).length === 0) props.onNamed()
      }}
    >
      <TaskTitle title="Set up the desk">
        It takes about ten minutes. Have paper, a pen and a passkey at hand: your phone, this laptop
        or a security key.
      </TaskTitle>
      <ErrorSummary title="No key was made yet." errors={errors} />
      {asksSecret && (
        <TextField
          name="secret"
          label="Set-up link"
          hint="The server printed it when it started. The part after # is a secret: it stays in this page."
          value={form.secret}
          onInput={typed('secret')}
          autocomplete="off"
          spellcheck={false}
          error={errorOf('secret')}
        />
      )}
      <TextField
        name="name"
        label="Foundation"
        hint="As it should stand on public pages and receipts. It cannot be changed later."
        value={form.name}
        onInput={typed('name')}
        autocomplete="organization"
        maxLength={200}
        error={errorOf('name')}
      />
      <TextField
        name="domain"
        label="Mail domain of the foundation"
        hint="Such as example.org. It stands in the desk’s first statement and in every public record."
        value={form.domain}
        onInput={typed('domain')}
        autocomplete="off"
        spellcheck={false}
        error={errorOf('domain')}
      />
      <TextField
        name="handle"
        label="Your handle"
        hint="Strangers see it on what you sign. It need not be your name: “Coordinator 1” is fine."
        value={form.handle}
        onInput={typed('handle')}
        autocomplete="nickname"
        maxLength={100}
        error={errorOf('handle')}
      />
      <Notice title="What happens when you continue">
        <p>
          Two keys are made in this browser: the desk’s root, which signs who belongs here, and your
          own. Nothing is sent until your passkey is made. The server stores your keys wrapped and
          cannot open them. If you lose your passkey and your words, a colleague can add you again;
          nobody else can.
        </p>
      </Notice>
      <TroubleNotice of={props.act} />
      <div class="line">
        <Button kind="main" type="submit" busy={props.act.busy}>
          Make the keys
        </Button>
      </div>
    </form>
  )
}
