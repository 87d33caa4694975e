import { bytesOfText, LIMITS, type ReportKind } from '#lexicon'
import { type Attachment, isHere } from './report-attachments.ts'

/** What a reporter typed so far. It lives in this tab's memory and nowhere else until it is sealed. */
export type ReportForm = {
  readonly project: string
  readonly kind: ReportKind
  readonly text: string
  readonly name: string
  readonly contact: string
  /** "Mine is none of these, or I explained why it matters." */
  readonly explained: boolean
}

export const EMPTY_FORM: ReportForm = {
  project: '',
  kind: 'vulnerability',
  text: '',
  name: '',
  contact: '',
  explained: false,
}

export type ReportField = 'project' | 'text' | 'files' | 'contact' | 'name' | 'explained'
export type ReportErrors = { readonly [F in ReportField]?: string }

/** In the order of the page. */
export const REPORT_FIELDS: readonly ReportField[] = [
  'project',
  'text',
  'files',
  'contact',
  'name',
  'explained',
]

/** Project, name and contact are one line each. */
const LONGEST_LINE = 200
/** What the facts and their labels need beside the text. */
const FACTS_ROOM = 2048
export const LONGEST_TEXT = LIMITS.text - FACTS_ROOM

const MAIL = /^[^\s@<>()[\],;:\\"]+@[^\s@<>()[\],;:\\"]+\.[^\s@<>()[\],;:\\".]+$/u

/** What keeps the report from being sent, one sentence a field: what is missing and what to do. */
export function errorsOf(form: ReportForm, attachments: readonly Attachment[]): ReportErrors {
  return {
    ...lineError('project', form.project),
    ...(oneLine(form.project) === '' && {
      project: 'Name the project, or write “I do not know”.',
    }),
    ...textError(form.text),
    ...fileError(attachments),
    ...lineError('contact', form.contact),
    ...mailError(oneLine(form.contact)),
    ...lineError('name', form.name),
    ...(!form.explained && {
      explained:
        'Read the list above, then say that yours is none of these or that you explained it.',
    }),
  }
}

/** Would something be lost if the tab were closed now? */
export function hasContent(form: ReportForm, attachments: readonly Attachment[]): boolean {
  const typed = [form.project, form.text, form.name, form.contact]
  return attachments.length > 0 || typed.some((text) => text.trim() !== '')
}

/** What the worker gets to seal. */
export function reportOf(form: ReportForm) {
  return {
    text: form.text,
    kind: form.kind,
    project: oneLine(form.project),
    name: oneLine(form.name),
    contact: oneLine(form.contact),
  }
}

/** Pasted lines and characters that do not show become spaces; the joiners of scripts that need them stay. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/(?![\u200c\u200d])\p{Cf}/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
}

function sizeOf(text: string): number {
  return bytesOfText(text).length
}

function textError(text: string): ReportErrors {
  if (text.trim() === '') return { text: 'Write what you found. One sentence is enough to begin.' }
  if (sizeOf(text) > LONGEST_TEXT)
    return { text: 'This text is longer than 250 kB. Attach the long part as a file.' }
  return {}
}

function fileError(attachments: readonly Attachment[]): ReportErrors {
  const lost = attachments.filter(({ state }) => state === 'failed')
  if (attachments.length > LIMITS.filesPerMessage)
    return { files: `A report holds ${LIMITS.filesPerMessage} files. Pack them into one archive.` }
  if (lost.length === 0 || attachments.every(isHere)) return {}
  const names = lost.map(({ file }) => file.name).join(', ')
  return { files: `Not sent: ${names}. Try again, or remove what you can do without.` }
}

function mailError(contact: string): ReportErrors {
  if (contact === '' || MAIL.test(contact)) return {}
  if (!contact.includes('@'))
    return { contact: 'This address has no @. Correct it, or leave the field empty.' }
  return { contact: 'This is not a whole mail address. Correct it, or leave the field empty.' }
}

function lineError(field: 'project' | 'contact' | 'name', text: string): ReportErrors {
  if (oneLine(text).length <= LONGEST_LINE) return {}
  return { [field]: `This is longer than ${LONGEST_LINE} characters. Put the rest into the text.` }
}
