import { SMTPStream } from 'smtp-server/lib/smtp-stream.js'
import type { SMTPServerDataStream } from 'smtp-server'
import { dataLines, type DataPart } from './data-lines.ts'

/**
 * The library's reader of commands, with a reader of DATA of our own: theirs takes one of two dots away
 * behind a lone LF too, and waits a turn for every dot.
 */
export class ExactStream extends SMTPStream {
  #mail: SMTPServerDataStream | undefined
  #next: (chunk: Uint8Array) => DataPart = dataLines()
  #most = Infinity

  override startDataMode(maxBytes?: number): SMTPServerDataStream {
    this.#mail = super.startDataMode(maxBytes)
    this.#next = dataLines()
    this.#most = maxBytes ?? Infinity
    return this.#mail
  }

  override _feedDataStream(chunk: Buffer, done: (error?: Error | null) => void): void {
    const stream = this.#mail
    const { mail, rest } = this.#next(chunk)
    this.dataBytes += mail.length
    if (stream === undefined) {
      done()
      return
    }
    stream.byteLength = this.dataBytes
    stream.sizeExceeded = this.dataBytes > this.#most
    if (rest !== undefined) {
      this.#mail = undefined
      this['_endDataMode'](mail, rest, done)
    } else if (!stream.writable || stream.write(mail)) done()
    else untilWritable(stream, done)
  }
}

/** A stream that nobody reads any more never drains, it only closes. */
function untilWritable(stream: SMTPServerDataStream, go: () => void): void {
  const once = (): void => {
    stream.off('drain', once)
    stream.off('close', once)
    go()
  }
  stream.on('drain', once)
  stream.on('close', once)
}
