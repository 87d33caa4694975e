import { accessTable, type Bytes, VISITORS, type Visitor } from '#lexicon'
import { html } from './markup.ts'
import { type Face, treePage } from './tree-page.ts'

/** Where the tree lies by itself, this is its first page; beside a desk, the desk’s own is. */
export function startPage(face: Face, at: string): Bytes {
  const { site } = face
  const title = `${site.name} Security`
  const says = `Where to report a security problem in a project of ${site.name}, and what happens then.`
  const main = html`<header>
      <h1>${title}</h1>
      <p class="lead">${says}</p>
      <p class="line">
        <a class="btn main" href="/security/">Report a security problem</a>
        <a href="/directory/">Find a project</a>
      </p>
    </header>
    <section class="prose">
      <h2>What is here</h2>
      <ul>
        <li><a href="/security/">How to report</a>, what we promise, and our keys</li>
        <li>
          <a href="/directory/">Where each project takes reports</a>, with the source of every entry
        </li>
        <li><a href="/guides/">Guides</a> for reporters, maintainers and coordinators</li>
        <li><a href="/policies/access/">Who may do what</a> at this desk</li>
        <li><a href="/about/">About</a> the people behind it</li>
      </ul>
    </section>`
  return treePage(face, { at, title: 'Start', says, main })
}

export function aboutPage(face: Face, at: string): Bytes {
  const { site } = face
  const says = `The security desk of ${site.name}.`
  const main = html`<header>
      <h1>About this desk</h1>
      <p class="lead">${says}</p>
    </header>
    <section class="prose">
      <p>The team has not released a text about itself yet.</p>
      <p><a href="/security/">How to report a security problem</a></p>
    </section>`
  return treePage(face, { at, title: 'About this desk', says, main })
}

export function licencePage(face: Face, at: string): Bytes {
  const { site } = face
  const says = 'Texts and data are CC BY 4.0, the program is BSD-3-Clause.'
  const main = html`<header>
      <h1>Licence</h1>
      <p class="lead">${says}</p>
    </header>
    <section class="prose">
      <h2>Texts and data</h2>
      <p>
        Unless a page says otherwise, you may share and change what stands here, also for money, if
        you name ${site.name} Security as its source:
        <a rel="license" href="https://creativecommons.org/licenses/by/4.0/"
          >Creative Commons Attribution 4.0 International</a
        >.
      </p>
      <p>
        Each document was released under a licence that is part of what was signed:
        <a href="/chain/desk.json">the desk’s chain</a> names it with the hash of the document.
      </p>
      <h2>The program</h2>
      <p>
        The program that made these pages is Postern, under the
        <a href="https://spdx.org/licenses/BSD-3-Clause.html">BSD-3-Clause</a> licence.
      </p>
      <h2>Names</h2>
      <p>
        Names of projects belong to the projects. That one stands here says where it takes reports,
        nothing else.
      </p>
    </section>`
  return treePage(face, { at, title: 'Licence', says, main })
}

const PEOPLE: { readonly [V in Visitor]: string } = {
  anybody: 'Anybody',
  reporter: 'Reporter of the case',
  'other-reporter': 'Another reporter',
  member: 'Member not on the case',
  former: 'Former member',
  coordinator: 'Coordinator',
}

/** The table that the test of the server’s answers reads (R23), for everybody to see. */
export function accessPage(face: Face, at: string): Bytes {
  const says =
    'Who may do what at this desk, as a test asks the server every route as every visitor.'
  const main = html`<header>
      <h1>Who may do what</h1>
      <p class="lead">
        This table is not only a text: the same table is asked of the server, each route as each
        visitor, before every version of the program.
      </p>
    </header>
    <div class="table-wrap">
      <table class="dir fold access">
        <thead>
          <tr>
            <th scope="col">Act</th>
            ${VISITORS.map((visitor) => html`<th scope="col">${PEOPLE[visitor]}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${accessTable().map(
            ({ does, may }) =>
              html`<tr>
                <th scope="row">${does}</th>
                ${VISITORS.map(
                  (visitor) =>
                    html`<td data-l="${PEOPLE[visitor]}:">
                      ${may.includes(visitor) ? 'yes' : 'no'}
                    </td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <section class="prose">
      <h2>What stands behind it</h2>
      <ul>
        <li>Who is not on a case gets the same answer as for a case that does not exist.</li>
        <li>
          A maintainer who was added to a case reads it as its reporter does, and only the threads
          that they were added to.
        </li>
        <li>
          To read is not to understand: what is in a case is sealed, and the server has no key that
          opens it.
        </li>
        <li>
          “Knock” opens nothing by itself. What opens is a secret or a key that the knocker has.
        </li>
      </ul>
    </section>`
  return treePage(face, { at, title: 'Who may do what', says, main })
}

export function missingPage(face: Face): Bytes {
  const says = 'There is no page at this address.'
  const main = html`<header>
    <h1>There is no such page</h1>
    <p class="lead">It may have moved, or what it showed was withdrawn.</p>
    <p class="line">
      <a class="btn main" href="/security/">Report a security problem</a>
      <a href="/directory/">Find a project</a>
    </p>
  </header>`
  return treePage(face, { at: '/404.html', title: 'There is no such page', says, main })
}
