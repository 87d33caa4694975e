import type { MailHeaders } from './mail-headers.ts'

/** What a bounce says of the mail that it gives back (RFC 3464). A stranger's word, both of it. */
export type DeliveryReport = {
  /** `""` where it does not say. */
  readonly action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded' | ''
  /** Digits as `5.1.1`; `""` without. */
  readonly status: string
}

/** So far behind the head the report is looked for; it stands before the mail that it gives back. */
const LOOK = 64 * 1024

/**
 * Reads the lines of the report wherever they stand: no MIME is read here, and a server that writes no
 * standard report gets an empty one. Of several recipients the first that failed counts.
 */
export function readDeliveryReport(raw: Uint8Array, { end }: MailHeaders): DeliveryReport {
  const text = new TextDecoder('latin1').decode(raw.subarray(end, end + LOOK))
  const from = /^content-type:[ \t]*message\/(?:global-)?delivery-status\b/im.exec(text)?.index
  if (from === undefined) return { action: '', status: '' }
  const reports: DeliveryReport[] = []
  let action: DeliveryReport['action'] = ''
  let status = ''
  const keep = () => {
    if (action !== '' || status !== '') reports.push({ action, status })
    action = ''
    status = ''
  }
  for (const line of text.slice(from).split(/\r?\n/)) {
    // What was sent stands behind it, and may hold such lines as well.
    if (reports.length > 0 && /^content-type:/i.test(line)) break
    const [, name = '', value = ''] =
      /^(action|status|final-recipient):[ \t]*([^\s;]{1,40})/i.exec(line) ?? []
    if (line === '' || /^final/i.test(name)) keep()
    if (/^action$/i.test(name)) action = actionOf(value)
    if (/^status$/i.test(name) && /^[245]\.\d{1,3}\.\d{1,3}$/.test(value)) status = value
  }
  keep()
  return (
    reports.find((each) => each.action === 'failed') ?? reports[0] ?? { action: '', status: '' }
  )
}

const ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const

function actionOf(word: string): DeliveryReport['action'] {
  return ACTIONS.find((action) => action === word.toLowerCase()) ?? ''
}
