/*
 * Preloaded into the demo's first server process, and into no other: its clock goes as whoever started it
 * says, so that an example may have a past. The product knows nothing of this and has no switch for it.
 */

let offset = 0
const real = Date.now.bind(Date)
Date.now = () => real() + offset

process.on('message', (said) => {
  if (typeof said !== 'number') return
  offset = said
  process.send?.(said)
})
// The demo's word is listened for; it does not keep the server alive.
process.channel?.unref()
