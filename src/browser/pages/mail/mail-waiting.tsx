import type { MailSettingsShown } from '#worker'
import { When } from '../../parts/when.tsx'
import { visibleLine } from '../../visible-text.ts'
import { countsOfMail, kindOfMail, stateOfMail } from './mail-words.ts'

/** What was not sent, and why. To whom stands nowhere: the desk keeps no address in clear. */
export function MailWaiting({ counts, mails }: Pick<MailSettingsShown, 'counts' | 'mails'>) {
  return (
    <section class="stack">
      <h2>What waits</h2>
      <p class="prose">
        {countsOfMail(counts)} To whom a mail goes is sealed until it leaves, also for you.
      </p>
      {mails.length > 0 && (
        <div class="table-wrap">
          <table class="fold">
            <thead>
              <tr>
                <th>Mail</th>
                <th>Case</th>
                <th>State</th>
                <th>Since</th>
                <th>Next try</th>
              </tr>
            </thead>
            <tbody>
              {mails.map((mail, n) => (
                <tr key={n}>
                  <th scope="row">{visibleLine(kindOfMail(mail.kind))}</th>
                  <td data-l="Case:">{mail.case === '' ? 'none' : visibleLine(mail.case)}</td>
                  <td data-l="State:">{visibleLine(stateOfMail(mail))}</td>
                  <td data-l="Since:">
                    <When at={mail.at} />
                  </td>
                  <td data-l="Next try:">{mail.next === '' ? 'none' : <When at={mail.next} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
