import type { FromText, ToText } from './to-text.ts'
import { attachmentOf, readMail } from './read-mail.ts'

/*
 * The thread that reads mails, as text-main.ts reads texts: without a key, and ended when it takes too long.
 * It is another one, for who writes a report has no mail to read, and a mail may hang for longer than a text.
 */
addEventListener('message', ({ data }: MessageEvent<ToText>) => void answer(data))
say({ ready: true })

async function answer(asked: ToText): Promise<void> {
  if ('text' in asked) return
  if (!('attachment' in asked)) return say({ mail: await readMail(asked.mail) })
  const attachment = await attachmentOf(asked.mail, asked.attachment)
  say({ attachment: attachment ?? null })
}

function say(message: FromText): void {
  postMessage(message)
}
