import type { Failure } from '#worker'

/** A file on its way to the desk. It is sealed and sent while the reporter still writes. */
export type Attachment = {
  readonly id: string
  readonly file: File
  readonly state: 'waiting' | 'sending' | 'sent' | 'failed'
  /** Bytes of the file that were sealed and arrived. */
  readonly done: number
  readonly failure: Failure | undefined
}

/** One attachment after sealing may have 1 GiB; sealing adds a little. */
export const LARGEST_FILE = 1_000_000_000

export function newAttachment(id: string, file: File): Attachment {
  const tooLarge = file.size > LARGEST_FILE
  return {
    id,
    file,
    state: tooLarge ? 'failed' : 'waiting',
    done: 0,
    failure: tooLarge ? TOO_LARGE : undefined,
  }
}

const TOO_LARGE: Failure = {
  code: 'problem',
  message: 'This file is larger than 1 GB. Split it, or say in the text where it can be had.',
  check: '',
  evidence: [],
}

export function isHere({ state }: Attachment): boolean {
  return state === 'sent'
}

/** Is anything still on its way? */
export function isMoving(attachments: readonly Attachment[]): boolean {
  return attachments.some(({ state }) => state === 'sending' || state === 'waiting')
}

/** The network was cut under it: it goes on by itself once the network is back. */
export function wasCutOff({ state, failure }: Attachment): boolean {
  return state === 'failed' && failure?.code === 'unreachable'
}

/** While the network is away: everything that is neither here nor failed for good. */
export function waitsForNetwork(each: Attachment): boolean {
  return wasCutOff(each) || each.state === 'sending' || each.state === 'waiting'
}

/** A file that failed for good is not asked for again: it would fail the same way. */
export function isWorthAnotherTry({ state, failure }: Attachment): boolean {
  return state === 'failed' && failure !== TOO_LARGE
}

export function noteSending(list: readonly Attachment[], id: string): readonly Attachment[] {
  return change(list, id, (each) => ({ ...each, state: 'sending', failure: undefined }))
}

export function noteProgress(
  list: readonly Attachment[],
  id: string,
  done: number,
): readonly Attachment[] {
  return change(list, id, (each) =>
    each.state === 'sending' ? { ...each, done: Math.min(done, each.file.size) } : each,
  )
}

/** The worker said how it ended. A word about a file that was removed meanwhile changes nothing. */
export function noteAttached(
  list: readonly Attachment[],
  id: string,
  failure: Failure | undefined,
): readonly Attachment[] {
  return change(list, id, (each) => {
    if (failure !== undefined) return { ...each, state: 'failed', failure }
    return { ...each, state: 'sent', done: each.file.size, failure: undefined }
  })
}

/** What pictures, recordings and documents say of whoever made them (R51); `""` when none is there. */
export function remarkOn(files: readonly File[]): string {
  const seen = files.some(isPicture) ? [PICTURES] : []
  const written = files.some(isDocument) ? [DOCUMENTS] : []
  const found = [...seen, ...written]
  if (found.length === 0) return ''
  return `${found.join(' ')} Files are sealed as they are: nothing is taken out. If that matters, remove it and attach the file anew.`
}

const PICTURES =
  'Photos and recordings can hold the place and the device they were made with, and a screenshot shows all that was open.'
const DOCUMENTS = 'Documents can hold the name of their author.'

function isPicture({ name, type }: File): boolean {
  return (
    /^(?:image|video|audio)\//.test(type) ||
    /\.(?:jpe?g|heic|heif|png|tiff?|webp|dng|cr[23]|nef|arw|mov|mp4|webm|m4a)$/i.test(name)
  )
}

function isDocument({ name }: File): boolean {
  return /\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf)$/i.test(name)
}

function change(
  list: readonly Attachment[],
  id: string,
  to: (each: Attachment) => Attachment,
): readonly Attachment[] {
  return list.map((each) => (each.id === id ? to(each) : each))
}
