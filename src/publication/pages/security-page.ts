import type { Bytes } from '#lexicon'
import type { Rendered } from '../render-markdown.ts'
import { readSecurityTxt, valuesOf } from '../security-txt/read-security-txt.ts'
import type { Released } from '../tree.ts'
import { contents, whence } from './document-page.ts'
import { html, type Markup } from './markup.ts'
import { dateWords, type Face, isMailbox, treePage } from './tree-page.ts'

export type SecurityFacts = {
  /** The page’s own words, where they are released. */
  readonly words: { readonly document: Released; readonly rendered: Rendered } | undefined
  readonly securityTxt: Released | undefined
  readonly keys: readonly Released[]
}

/** How to report, what is promised, with which keys; the team’s own words between. */
export function securityPage(face: Face, at: string, facts: SecurityFacts): Bytes {
  const { site } = face
  const { words } = facts
  const title = 'Report a security problem'
  const says =
    'Tell the project or tell us, in private. You need no account and no name. A person answers.'
  const parts = [...(words?.rendered.parts ?? []), { id: 'keys', text: 'Keys and fingerprints' }]
  const main = html`<header>
      <h1>Found a security problem?</h1>
      <p class="lead">${says}</p>
    </header>
    ${ways(face, facts)}
    <div class="cols">
      <div class="prose markdown">
        ${words === undefined ? '' : words.rendered.body} ${keysOf(face, facts)}
      </div>
      <aside>
        ${contents(parts)}
        <section>
          <h2>Already reported?</h2>
          <p class="muted">Your twelve words bring you back to your case.</p>
          <p><a href="${site.url}/follow">Follow a report</a></p>
        </section>
        ${words === undefined ? '' : whence(words.document)}
      </aside>
    </div>`
  return treePage(face, { at, title, says, main })
}

function ways({ site }: Face, { securityTxt }: SecurityFacts): Markup {
  const mailboxes = contactsOf(securityTxt)
    .filter((value) => /^mailto:/i.test(value))
    .map((value) => value.slice('mailto:'.length))
    .filter(isMailbox)
  return html`<div class="ways">
    <section>
      <h2>1. The project’s own channel</h2>
      <p>
        Most projects have one. The people who answer there can fix the problem. Start there if you
        know which project it is.
      </p>
      <a class="btn" href="/directory/">See all projects</a>
    </section>
    <section>
      <h2>2. Us, through the form</h2>
      <p>
        For several projects at once, for a project without a channel, or when nobody answered you.
        Your text is sealed in your browser before it leaves it.
      </p>
      <a class="btn main" href="${site.url}/report">Write a report</a>
    </section>
    ${mailboxes.slice(0, 1).map(
      (mailbox) =>
        html`<section>
          <h2>3. Us, by mail</h2>
          <p>
            ${mailbox}, best encrypted with our key. Plain mail is welcome too. It can be read on
            its way to us, and is sealed when it arrives.
          </p>
          <a class="btn" href="mailto:${mailbox}">Write a mail</a>
        </section>`,
    )}
  </div>`
}

function keysOf({ site }: Face, { keys, securityTxt }: SecurityFacts): Markup {
  const read = securityTxt === undefined ? undefined : readSecurityTxt(securityTxt.bytes)
  const [expires] = read === undefined ? [] : valuesOf(read, 'expires')
  return html`<h2 id="keys">Keys and fingerprints</h2>
    <dl class="facts wide">
      ${keys.map(({ path }) => {
        const fingerprint = site.fingerprints?.[path]
        return html`<dt>${path.slice('keys/'.length)}</dt>
          <dd>
            ${
              fingerprint === undefined
                ? html`See it with <code>gpg --show-keys</code>.`
                : html`<span class="fpr"
                    >${fingerprint.toUpperCase().replaceAll(/(.{4})(?=.)/g, '$1 ')}</span
                  >`
            }
            <br /><small><a href="/${path}">Download the key</a></small>
          </dd>`
      })}
      <dt>Desk</dt>
      <dd>
        <span class="fpr">${site.desk}</span><br />
        <small>${site.words}</small>
      </dd>
      ${
        expires === undefined
          ? ''
          : html`<dt>security.txt</dt>
              <dd>
                <a href="/.well-known/security.txt">Believe it until</a> ${dateWords(expires)}
                ${
                  read?.signed === true
                    ? html`<br /><small
                          >Signed. Check it with our mail key:
                          <code>gpg --verify security.txt</code>.</small
                        >`
                    : ''
                }
              </dd>`
      }
    </dl>
    <p>
      The desk’s id and words name the key that everything here is checked against. Compare them
      with what ${site.name} publishes somewhere else.
    </p>`
}

function contactsOf(securityTxt: Released | undefined): readonly string[] {
  return securityTxt === undefined ? [] : valuesOf(readSecurityTxt(securityTxt.bytes), 'contact')
}
