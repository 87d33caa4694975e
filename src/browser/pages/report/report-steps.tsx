import { FilePicker, FileRow } from '../../parts/file-list.tsx'
import { TextField } from '../../parts/field.tsx'
import { PickOne } from '../../parts/pick.tsx'
import { Notice } from '../../parts/notice.tsx'
import { isWorthAnotherTry, remarkOn, waitsForNetwork } from './report-attachments.ts'
import { REPORT_KIND_OPTIONS } from './report-kinds.ts'
import type { ReportSession } from './report-session.ts'

export type StepProps = { readonly session: ReportSession }

/** Becomes suggestions once a directory says which projects there are. */
const KNOWN_PROJECTS: readonly string[] = []

export function ProjectStep({ session: { form, errors } }: StepProps) {
  return (
    <li>
      <h2>Which project?</h2>
      <TextField
        id="report-project"
        label="Name, package or repository"
        hint="“I do not know” is an answer too."
        error={errors.value.project}
        value={form.value.project}
        list={KNOWN_PROJECTS}
        autocomplete="off"
        spellcheck={false}
        onInput={(project) => (form.value = { ...form.value, project })}
      />
    </li>
  )
}

export function KindStep({ session: { form } }: StepProps) {
  return (
    <li>
      <PickOne
        legend="What kind of problem?"
        value={form.value.kind}
        options={REPORT_KIND_OPTIONS}
        onPick={(kind) => (form.value = { ...form.value, kind })}
      />
    </li>
  )
}

export function FilesStep({ session }: StepProps) {
  const { attachments, errors, online } = session
  const remark = remarkOn(attachments.value.map(({ file }) => file))
  const error = errors.value.files
  return (
    <li id="report-files" tabIndex={-1}>
      <h2>
        Attachments <span class="optional">(optional)</span>
      </h2>
      <FilePicker
        label="Choose files"
        hint="or drop them here. Up to 50 files of 1 GB each, sealed while they are sent."
        onFiles={session.addFiles}
      />
      {error !== undefined && <p class="error">{error}</p>}
      {attachments.value.map((each) => {
        const cut = !online.value && waitsForNetwork(each)
        return (
          <div key={each.id}>
            <FileRow
              name={each.file.name}
              size={each.file.size}
              state={cut ? 'waiting' : each.state}
              waitsFor={cut ? 'the network' : undefined}
              done={each.done}
              onRemove={() => session.removeFile(each.id)}
              onRetry={isWorthAnotherTry(each) ? () => session.retryFile(each.id) : undefined}
            />
            {!cut && each.failure !== undefined && <p class="error">{each.failure.message}</p>}
          </div>
        )
      })}
      {remark !== '' && (
        <Notice tone="due" title="Look at what your files say about you.">
          {remark}
        </Notice>
      )}
    </li>
  )
}

export function ReachStep({ session: { form, errors } }: StepProps) {
  return (
    <li>
      <fieldset>
        <legend>
          How can we reach you? <span class="optional">(optional)</span>
        </legend>
        <div class="stack">
          <p class="hint">
            Leave both empty and you stay unknown to us. The twelve words of your receipt bring you
            back here either way.
          </p>
          <TextField
            id="report-contact"
            label="Mail address"
            hint="It is sealed with your report, and the same people read it. Where this desk sends mail, it gets a notice without content when there is an answer; attach your PGP public key for it, and the answer itself can come encrypted. It is used for nothing else."
            type="email"
            error={errors.value.contact}
            value={form.value.contact}
            autocomplete="off"
            spellcheck={false}
            onInput={(contact) => (form.value = { ...form.value, contact })}
          />
          <TextField
            id="report-name"
            label="Name to thank you by"
            hint="Sealed too. It is made public only after you agreed to it."
            error={errors.value.name}
            value={form.value.name}
            autocomplete="off"
            spellcheck={false}
            onInput={(name) => (form.value = { ...form.value, name })}
          />
        </div>
      </fieldset>
    </li>
  )
}
