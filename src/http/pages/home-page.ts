import { bytesOfHex } from '#lexicon'
import { html, Markup, pageFrame, PARTS, shellWord } from '#publication'
import { deskWords, type Directory } from '#seal'

/** Everything that the page shows is public. */
export type PublicDesk = {
  readonly origin: string
  /** Whom mail is taken for; `''` where it is not. */
  readonly mail: string
  readonly planned: { readonly name: string; readonly domain: string }
  /** Absent before the desk is set up. */
  readonly directory: Directory | undefined
  readonly restored: boolean
  /** Something is released: there are pages to lead to. */
  readonly publishes: boolean
}

/** The first page: whose desk this is, how to report, what happens then, how to be sure. */
export function homePage(desk: PublicDesk, sheet: string): string {
  const name = nameOf(desk)
  const frame = {
    brand: name,
    head: html`<link rel="icon" href="/mark.svg" />${new Markup(sheet)}`,
    nav: navOf(desk),
    foot: FOOT,
  }
  if (desk.directory === undefined)
    return pageFrame({ ...frame, title: `${name} Security`, main: notSetUp() })
  const main = html`${hero(name)} ${desk.restored ? restored() : ''} ${howToReport(desk)}
  ${byMail(desk)} ${whatHappens(desk)} ${rightDesk(desk, desk.directory)} ${notProtected()}`
  const title = `Report a security problem · ${name} Security`
  return pageFrame({ ...frame, brand: `${name} Security`, title, main })
}

function navOf({ publishes }: PublicDesk) {
  const parts = publishes ? PARTS.map(([href, text]) => ({ href, text })) : []
  const report = { href: '/report', text: publishes ? 'Report' : 'Report a problem' }
  return [report, ...parts, { href: '/follow', text: 'Follow a report' }]
}

const FOOT = html`<span>This page has no scripts and no cookies.</span>
  <a href="/api/v1/openapi.json">For programs: the API</a>`

/** The name to show: of the desk, else what the operator planned. */
function nameOf({ directory, planned }: PublicDesk): string {
  return directory?.now.name ?? (planned.name === '' ? 'Postern' : planned.name)
}

function notSetUp() {
  return html`<header>
      <h1>This desk is not set up yet</h1>
      <p class="lead">It takes no reports until its first coordinator has made its keys.</p>
    </header>
    <section class="prose">
      <h2>Are you its operator?</h2>
      <p>
        Open the set-up link that the server printed when it started. It works once and ends after
        seven days; each start prints a new one.
      </p>
    </section>`
}

function hero(name: string) {
  return html`<header>
    <h1>Report a security problem to ${name}</h1>
    <p class="lead">
      Tell us privately. You need no account and no name, and you need not be sure. A person
      answers.
    </p>
    <p class="line">
      <a class="btn main" href="/report">Write a report</a>
      <a href="/follow">Follow a report with twelve words</a>
    </p>
    <p class="muted">
      Both pages seal and open in your browser, so they need its scripts. Without scripts, or
      without trust in a page, use your own machine as below.
    </p>
  </header>`
}

function restored() {
  return html`<section class="notice due">
    <p><b>This desk takes no reports just now.</b></p>
    <p>
      It was restored from a backup, and two of its coordinators have yet to sign that. Keep your
      text and try again tomorrow.
    </p>
  </section>`
}

function howToReport({ origin }: PublicDesk) {
  const to = shellWord(origin)
  return html`<section class="prose">
    <h2>Report from your own machine</h2>
    <p>
      Write down what you found, as plain text or Markdown; the first line becomes the title. Then
      send it with Postern’s command line, from a copy of its source:
    </p>
    <pre class="code">${command('report', `--to ${to}`, '--text report.md')}</pre>
    <p>
      Add <code>--attach FILE</code> for each file that belongs to it. Your text and files are
      sealed on your machine before they leave it: only you and this desk’s coordinators can open
      them. The server keeps what it cannot read.
    </p>
    <p>
      You get a number and <b>twelve words</b>. Keep the words: they are the only way back to your
      report.
    </p>
    <pre class="code">${command('follow', `--to ${to}`, "--receipt 'the twelve words'")}</pre>
  </section>`
}

/** Where the key is, so that whoever writes a mail anyway need not write it readable. */
function byMail({ mail }: PublicDesk) {
  if (mail === '') return ''
  return html`<section class="prose">
    <h2>Report by mail</h2>
    <p>
      Write to ${mail}. A plain mail can be read by every server on its way; it is sealed when it
      comes in. To write an encrypted one, use
      <a href="/mail-key.asc" download>the key of this desk</a>. The form above seals more: of an
      encrypted mail the subject and who wrote to whom can still be read on the way.
    </p>
  </section>`
}

function whatHappens(desk: PublicDesk) {
  return html`<section class="prose">
    <h2>What happens next</h2>
    <ol>
      <li>At once: a receipt, signed by this server, that your report is stored.</li>
      <li>Within 7 days: a person acknowledges it.</li>
      <li>
        Then: we sort it, ask the people of the project, and answer you. You read and write with
        your twelve words, as often as you like.
      </li>
    </ol>
    <p class="muted">No case of ${nameOf(desk)} is closed without an answer or a written reason.</p>
  </section>`
}

function rightDesk({ origin }: PublicDesk, directory: Directory) {
  const words = deskWords(bytesOfHex(directory.desk)).split(' ')
  return html`<section class="prose">
    <h2>Is this the right desk?</h2>
    <p>
      These words name the key that everything here is checked against. Compare them with what
      ${directory.now.name} publishes somewhere else.
    </p>
    <ol class="words" role="list">
      ${words.map((word) => html`<li>${word}</li>`)}
    </ol>
    <dl class="facts wide">
      <dt>Desk id</dt>
      <dd><span class="fpr">${directory.desk}</span></dd>
      <dt>Domain</dt>
      <dd>${directory.now.domain}</dd>
    </dl>
    <p>
      Say <code>--desk</code> with the id, and the command line refuses every other desk. Without
      it, it trusts the first one that it sees here, says so, and remembers it.
    </p>
    <pre class="code">
${command('report', `--to ${shellWord(origin)}`, `--desk ${directory.desk}`, '--text report.md')}</pre>
  </section>`
}

function notProtected() {
  return html`<section class="prose">
    <h2>What we do not protect</h2>
    <ul>
      <li>
        <b>This page itself.</b> A server that turned against you could show other words here.
        Compare them with a copy from elsewhere.
      </li>
      <li>
        <b>That you wrote.</b> We keep no address of visitors, but your network sees that you came.
      </li>
      <li>
        <b>How much you wrote.</b> The server sees when you write, the size to about an eighth, and
        the number of files.
      </li>
      <li>
        <b>What somebody already read.</b> Whoever is taken off a case keeps what they downloaded.
      </li>
      <li>
        <b>Your own machine.</b> Whoever has your twelve words reads your report and its answers.
      </li>
    </ul>
  </section>`
}

/** A command that can be copied as it stands, also from a narrow screen. */
function command(verb: string, ...flags: readonly string[]): string {
  return [`bin/postern ${verb}`, ...flags].join(' \\\n  ')
}
