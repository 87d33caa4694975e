import { html } from './markup.ts'
import { nameOf, pageFrame, type PublicDesk, shellWord } from './page-frame.ts'

/**
 * Behind the set-up link. The secret stands after `#` in the address, so neither the server nor a log
 * ever sees it; a person copies it into the command.
 */
export function setUpPage(desk: PublicDesk): string {
  const name = nameOf(desk)
  const main = desk.directory === undefined ? ceremony(desk) : alreadyOpen()
  return pageFrame(`Set up the desk · ${name}`, name, main)
}

function ceremony({ origin, planned }: PublicDesk) {
  const name = planned.name === '' ? "'Example Foundation'" : shellWord(planned.name)
  const domain = planned.domain === '' ? 'example.org' : shellWord(planned.domain)
  const command = [
    `bin/postern init --to ${shellWord(origin)} --setup SECRET`,
    `--name ${name} --domain ${domain}`,
    '--coordinator you@example.org --key-out coordinator.key',
  ].join(' \\\n  ')
  return html`<header class="hero">
      <h1>Set up the desk</h1>
      <p class="lead">One command, on your own machine. Have paper and a pen at hand.</p>
    </header>
    <section>
      <h2>The command</h2>
      <p>
        Run this in a copy of Postern’s source. Put in place of <code>SECRET</code> what stands
        after <code>#</code> in the address of this page: 64 letters and digits. Your browser does
        not send them to the server.
      </p>
      <pre>${command}</pre>
      <p>
        <code>--name</code> is the foundation as it should stand on pages and receipts,
        <code>--domain</code> its mail domain, <code>--coordinator</code> your own address, and
        <code>--key-out</code> the file that will hold your keys.
      </p>
    </section>
    <section>
      <h2>What it does</h2>
      <ol>
        <li>
          It makes the keys of the desk and yours, on your machine. The server never has them.
        </li>
        <li>It asks for a passphrase, which locks your key file. Nobody can reset it.</li>
        <li>
          It prints the <b>root words</b> and your <b>recovery words</b>, once. Write both down
          twice and let two people keep them.
        </li>
        <li>It opens the desk, and from then on this server takes reports.</li>
      </ol>
      <p class="notice">
        The desk belongs to whoever has the link first. It works once, and it ends after seven days
        or when the server starts again.
      </p>
    </section>`
}

function alreadyOpen() {
  return html`<header class="hero">
      <h1>This desk is set up already</h1>
      <p class="lead">The link worked once, and was used.</p>
    </header>
    <section>
      <p>
        If it was not you who used it, stop the server and start with an empty data folder. To
        <a href="/">report a problem</a>, go to the first page.
      </p>
    </section>`
}
