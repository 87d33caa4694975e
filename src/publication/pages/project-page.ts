import type { Bytes } from '#lexicon'
import type { Channel, Project } from '#directory'
import { channelWords, shortKind } from './channel-words.ts'
import { html, type Markup } from './markup.ts'
import {
  dateWords,
  type Face,
  isMailbox,
  linkTo,
  shortAddress,
  sourceWords,
  treePage,
} from './tree-page.ts'

/** The projects around one: its umbrella, and its own parts. */
export type Family = {
  readonly umbrella: Relative | undefined
  readonly parts: readonly Relative[]
}
export type Relative = { readonly id: string; readonly name: string }

/** More than this makes a page that nobody reads; the document for programs has all. */
const MOST = { channels: 6, evidence: 2, says: 5, links: 12, parts: 60 } as const

/** Where one project takes reports: its own channel first, then us. */
export function projectPage(face: Face, project: Project, family: Family): Bytes {
  const { name, channels, says, id } = project
  const lead = leadOf(project)
  const main = html`<header>
      <p class="crumbs"><a href="/directory/">Projects</a> / ${name}</p>
      <h1>Report a problem in ${name}</h1>
      <p class="lead">${lead}</p>
    </header>
    <div class="cols">
      <div>
        <div class="channels">
          ${channels.slice(0, MOST.channels).map((each, n) => channelBox(project, each, n === 0))}
          ${us(face, project)}
        </div>
        ${says.length === 0 ? '' : others(project)}
        ${family.parts.length === 0 ? '' : partsOf(project, family.parts)}
      </div>
      <aside>
        <section>
          <h2>${name}</h2>
          ${facts(project, family)}
        </section>
        <section>
          <h2>For programs</h2>
          <p class="muted"><a href="/projects/${id}.json">projects/${id}.json</a></p>
        </section>
      </aside>
    </div>`
  return treePage(face, {
    at: `/projects/${id}/`,
    title: `Report a problem in ${name}`,
    says: lead,
    main,
  })
}

function leadOf({ name, channels }: Project): string {
  const [first] = channels
  if (first === undefined || first.kind === 'unknown')
    return `We know no channel of ${name} for security reports. Report to us: we look for the right people.`
  if (first.kind === 'tracker')
    return `${name} has a public tracker only. Report to us, so that nothing becomes public too early.`
  if (first.kind === 'members') return `The maintainers of ${name} read at this desk. Report here.`
  return `${name} takes security reports ${channelWords(first).by}. Start there: the people who answer can fix it.`
}

function channelBox({ name }: Project, channel: Channel, first: boolean): Markup {
  const words = channelWords(channel)
  const own = first && !['unknown', 'tracker'].includes(channel.kind)
  const tag = own ? html`<span class="tag accent">${name}’s own channel</span>` : ''
  const seen = channel.evidence.toSorted((a, b) => (a.when < b.when ? 1 : -1))
  return html`<article class="${own ? 'channel first' : 'channel'}">
    <header>
      <h2>${words.name}</h2>
      ${tag}
    </header>
    <p>${words.says}</p>
    ${goTo(words, own)}
    <dl class="facts">
      ${words.go === '' && channel.value !== '' ? fact('Address', linkTo(channel.value)) : ''}
      ${channel.key === '' ? '' : fact('Key', html`<span class="fpr">${grouped(channel.key)}</span>`)}
      ${channel.key_at === '' ? '' : fact('Key lies at', linkTo(channel.key_at))}
      ${channel.consent === '' ? '' : fact('A person', html`who agreed to stand here: ${channel.consent}`)}
      ${seen
        .slice(0, MOST.evidence)
        .map(({ where, when, says }) =>
          fact(
            'Read in',
            html`${linkTo(where, sourceWords(where))},
            ${dateWords(when)}${says === '' ? '' : html`<br /><small>${says}</small>`}`,
          ),
        )}
      ${channel.verified === '' ? '' : fact('Last checked', dateWords(channel.verified))}
      ${channel.next === '' ? '' : fact('Next check', dateWords(channel.next))}
    </dl>
  </article>`
}

function goTo({ go, to }: { readonly go: string; readonly to: string }, first: boolean): Markup {
  const web = to.startsWith('https://') && URL.canParse(to)
  const mail = to.startsWith('mailto:') && isMailbox(to.slice('mailto:'.length))
  if (go === '' || (!web && !mail)) return html``
  return html`<p>
    <a class="${first ? 'btn main' : 'btn'}" href="${web ? new URL(to).href : to}">${go}</a>
  </p>`
}

function us({ site }: Face, { name, channels }: Project): Markup {
  const only = ['unknown', 'tracker', 'members'].includes(channels[0]?.kind ?? 'unknown')
  return html`<article class="${only ? 'channel first' : 'channel'}">
    <header>
      <h2>Us, the ${site.name} security team</h2>
      <span class="tag">Works always</span>
    </header>
    <p>
      ${
        only
          ? `Tell us what you found in ${name}. Your text is sealed in your browser before it leaves it.`
          : `When ${name} is one of several projects concerned, or when nobody answered you within two weeks.`
      }
    </p>
    <p>
      <a class="${only ? 'btn main' : 'btn'}" href="${site.url}/report"
        >Write a report about ${name}</a
      >
    </p>
  </article>`
}

function others({ says, name }: Project): Markup {
  return html`<section class="prose">
    <h2>What others say</h2>
    <p>Other sources name a way to ${name} too. We show them beside ours and change neither.</p>
    <ul>
      ${says
        .slice(0, MOST.says)
        .map(
          ({ where, when, kind, value, differs }) =>
            html`<li>
              ${linkTo(where, sourceWords(where))}, ${dateWords(when)}:
              ${shortKind(kind)}${value === '' ? '' : html` (${linkTo(value, shortAddress(value))})`}.
              ${differs === '' ? 'It agrees.' : differs}
            </li>`,
        )}
    </ul>
  </section>`
}

function partsOf({ name }: Project, parts: readonly Relative[]): Markup {
  return html`<section class="prose">
    <h2>Parts of ${name}</h2>
    <ul>
      ${parts.slice(0, MOST.parts).map(({ id, name: part }) => html`<li><a href="/projects/${id}/">${part}</a></li>`)}
    </ul>
    ${parts.length > MOST.parts ? html`<p><a href="/directory/">All projects</a></p>` : ''}
  </section>`
}

function facts(project: Project, { umbrella }: Family): Markup {
  const { status, homepage, repositories, packages, imports, languages } = project
  return html`<dl class="facts">
    ${fact('Status', html`${status}`)}
    ${umbrella === undefined ? '' : fact('Part of', html`<a href="/projects/${umbrella.id}/">${umbrella.name}</a>`)}
    ${homepage === '' ? '' : fact('Home', linkTo(homepage, shortAddress(homepage)))}
    ${several('Code', repositories, (each) => linkTo(each, shortAddress(each)))}
    ${several('Package', packages, (each) => html`<code>${each}</code>`)}
    ${several('Import', imports, (each) => html`<code>${each}</code>`)}
    ${languages.length === 0 ? '' : fact('Written in', html`${languages.join(', ')}`)}
  </dl>`
}

function several(name: string, values: readonly string[], show: (value: string) => Markup): Markup {
  if (values.length === 0) return html``
  const shown = values.slice(0, MOST.links)
  const rest = values.length - shown.length
  const lines = shown.map((value, n) => html`${n === 0 ? '' : html`<br />`}${show(value)}`)
  return fact(name, html`${lines}${rest > 0 ? html`<br />and ${String(rest)} more` : ''}`)
}

function fact(name: string, value: Markup): Markup {
  return html`<dt>${name}</dt>
    <dd>${value}</dd> `
}

function grouped(fingerprint: string): string {
  return fingerprint.toUpperCase().replaceAll(/(.{4})(?=.)/g, '$1 ')
}
