import { Button } from '../../parts/button.tsx'
import { saveFile } from '../../save-file.ts'

/** After an alarm nothing can be sent any more; what was written is given back. */
export function KeptText({ text }: { readonly text: string }) {
  if (text.trim() === '') return null
  return (
    <section class="page stack" aria-labelledby="kept-text">
      <h2 id="kept-text">Your text is still here</h2>
      <p>It was not sent. Save it, and write another way. Files are on your disk as before.</p>
      <textarea class="input" rows={8} readOnly aria-label="Your text" value={text} />
      <Button onPress={() => saveFile('report.md', text)}>Save the text</Button>
    </section>
  )
}
