import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { MailSettingsShown, MeShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Empty, Ghost } from '../../parts/empty.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { When } from '../../parts/when.tsx'
import { visibleLine } from '../../visible-text.ts'
import { MailFindings } from './mail-findings.tsx'
import { MailTest } from './mail-test.tsx'
import { MailWaiting } from './mail-waiting.tsx'
import { groupedFingerprint, relayWords } from './mail-words.ts'

/** How this desk takes and sends mail. The operator sets it; a coordinator sees it and tries it. */
export function MailPage({ me }: { readonly me: MeShown }) {
  const [settings, setSettings] = useState<MailSettingsShown>()
  const act = useAct()
  const read = () =>
    act.run('Reading', async () => {
      setSettings(await ask('readMailSettings', {}))
    })
  useEffect(() => {
    if (me.coordinator) read()
  }, [])
  if (!me.coordinator)
    return (
      <Empty title="Mail is for coordinators">
        <p class="muted">They see how this desk takes and sends mail, and what waits.</p>
      </Empty>
    )
  if (settings === undefined)
    return (
      <Sheet>
        <Waiting label="Asking the server how mail is set" />
        {act.trouble === undefined ? (
          <Ghost rows={3} />
        ) : (
          <TroubleNotice of={act} unread="How mail is set could not be read." />
        )}
        {act.trouble !== undefined && (
          <div class="line">
            <Button onPress={read}>Ask again</Button>
          </div>
        )}
      </Sheet>
    )
  const { from, counts, mails, key } = settings
  if (from === '')
    return (
      <Sheet>
        <Missing settings={settings} />
        <Key of={key} />
      </Sheet>
    )
  return (
    <Sheet>
      <Missing settings={settings} />
      <Taking settings={settings} />
      <Sending settings={settings} />
      <MailTest />
      <MailWaiting counts={counts} mails={mails} />
      <Key of={key} />
    </Sheet>
  )
}

/** What keeps mail from going out, first. */
function Missing({ settings: { from, relay } }: Shown) {
  if (from === '')
    return (
      <Notice title="This desk neither takes nor sends mail yet.">
        <p>
          It takes reports by its form and by the command line. Whoever runs the server gives it an
          address with <code>--mail-address</code>.
        </p>
      </Notice>
    )
  if (relay !== undefined) return null
  return (
    <Notice tone="due" title="No mail leaves this desk.">
      <p>
        Receipts and notices wait, and are erased after five days. Whoever runs the server names a
        mail server to send through: <code>--mail-relay HOST:PORT</code>.
      </p>
    </Notice>
  )
}

function Taking({ settings: { addresses, door, pull } }: Shown) {
  const ways = [
    ...(door === undefined ? [] : [`SMTP at ${visibleLine(door.host)}, port ${String(door.port)}`]),
    ...(pull === undefined
      ? []
      : [`IMAP, out of ${visibleLine(pull.folder)} at ${visibleLine(pull.host)}`]),
  ]
  return (
    <section class="stack">
      <h2>Taking mail</h2>
      <Facts
        items={[
          ['For', addresses.length === 0 ? 'No address' : addresses.map(visibleLine).join(', ')],
          ['By', ways.length === 0 ? 'Nothing: no door, and no mailbox' : ways.join('; ')],
        ]}
      />
      {pull !== undefined && <MailFindings of={pull.findings} />}
      <p class="muted">
        The operator sets this with <code>--mail-address</code>, <code>--mail-port</code> and{' '}
        <code>--pull</code> when the server is started.
      </p>
    </section>
  )
}

function Sending({ settings: { from, relay, dkim } }: Shown) {
  return (
    <section class="stack">
      <h2>Sending mail</h2>
      <Facts
        items={[
          ['From', from === '' ? 'No address' : visibleLine(from)],
          [
            'Through',
            relay === undefined
              ? 'No mail server'
              : `${visibleLine(relay.host)}, port ${String(relay.port)}`,
          ],
          ['How', relay && relayWords(relay)],
          [
            'Signed',
            dkim === ''
              ? 'Not by this desk; your mail server may'
              : `For ${visibleLine(dkim)} (DKIM)`,
          ],
        ]}
      />
      <p class="muted">
        The operator sets this with <code>--mail-relay</code>, <code>--mail-from</code> and{' '}
        <code>--mail-dkim</code>.
      </p>
    </section>
  )
}

function Key({
  of: { fingerprint, address, since, file },
}: {
  readonly of: Shown['settings']['key']
}) {
  return (
    <section class="stack">
      <h2>The mail key</h2>
      <p class="prose">
        Whoever writes an encrypted mail to this desk uses this key. Coordinators signed it; the
        server cannot open what is encrypted to it.
      </p>
      <Facts
        items={[
          ['Fingerprint', <code class="fpr">{groupedFingerprint(fingerprint)}</code>],
          ['Since', since !== '' && <When at={since} />],
          [
            'As a file',
            <a href={file} download>
              {visibleLine(file)}
            </a>,
          ],
          [
            'By address',
            address === ''
              ? 'It names no address, so mail programs do not find it by one. The next desk key brings one that does.'
              : `${visibleLine(address)}, where the web server of its domain passes it on`,
          ],
        ]}
      />
    </section>
  )
}

type Shown = { readonly settings: MailSettingsShown }

function Sheet({ children }: { readonly children: ComponentChildren }) {
  return <div class="sheet">{children}</div>
}
