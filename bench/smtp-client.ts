import { once } from 'node:events'
import { createConnection } from 'node:net'

/**
 * Sends mails over one connection, one after the other, and demands 250 for each. As plain as can be: what is
 * measured is who takes them.
 */
export async function sendMails(
  port: number,
  to: string,
  mails: Iterable<Uint8Array>,
): Promise<number> {
  const socket = createConnection(port, '127.0.0.1').setEncoding('latin1')
  const answers = answersOf(socket)
  const say = async (line: string | Uint8Array, code: string): Promise<void> => {
    if (line.length > 0 && !socket.write(line)) await once(socket, 'drain')
    const { value } = await answers.next()
    if (!value.startsWith(code)) throw new Error(`the door said ${value}`)
  }
  let sent = 0
  await say('', '220')
  await say('EHLO bench.example.net\r\n', '250')
  for (const mail of mails) {
    await say('MAIL FROM:<reporter@example.net>\r\n', '250')
    await say(`RCPT TO:<${to}>\r\n`, '250')
    await say('DATA\r\n', '354')
    if (!socket.write(mail)) await once(socket, 'drain')
    await say('\r\n.\r\n', '250')
    sent++
  }
  await say('QUIT\r\n', '221')
  socket.destroy()
  return sent
}

/** The last line of each answer. */
async function* answersOf(chunks: AsyncIterable<string>): AsyncGenerator<string, string> {
  let kept = ''
  for await (const chunk of chunks) {
    kept += chunk
    for (let end = kept.indexOf('\r\n'); end >= 0; end = kept.indexOf('\r\n')) {
      const line = kept.slice(0, end)
      kept = kept.slice(end + 2)
      if (/^\d{3} /.test(line)) yield line
    }
  }
  return ''
}
