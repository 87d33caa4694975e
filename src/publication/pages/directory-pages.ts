import type { Project } from '#directory'
import { shortChannel } from './channel-words.ts'
import { type Listed, type ListPlan, sortKey } from './listed-pages.ts'
import { html } from './markup.ts'
import { dateWords } from './tree-page.ts'

export function directoryPlan(count: number): ListPlan {
  const projects = count === 1 ? '1 project' : `${count} projects`
  return {
    at: '/directory/',
    title: 'Where each project takes reports',
    lead: html`${projects}. Each entry says where we read it, and when.`,
    says: 'How to report a security problem to each project, with the source of every entry.',
    above: html`<p class="muted">
      Unknown means that we found nothing where we looked, not that there is nothing. For programs:
      <a href="/directory.json">directory.json</a>.
    </p>`,
    kind: 'projects',
    columns: ['Project', 'Takes reports', 'Last checked', 'Status', 'Package'],
  }
}

export function projectRow({ id, name, channels, status, packages }: Project): Listed {
  const checked = channels[0]?.verified ?? ''
  const unknown = channels[0] === undefined || channels[0].kind === 'unknown'
  const found = unknown
    ? html`<span class="tag">Unknown</span> report to us`
    : shortChannel(channels)
  const first = packages[0]?.replace(/^pkg:/, '')
  // Thousands of these: what a narrow screen shows before each cell stands in the sheet.
  const cells = [
    html`<td>${found}</td>`,
    html`<td>${checked === '' ? 'not yet' : dateWords(checked)}</td>`,
    html`<td>${status}</td>`,
    html`<td>${first === undefined ? 'none noted' : html`<code>${first}</code>`}</td>`,
  ]
  const row = html`<tr>
    <th scope="row"><a href="/projects/${id}/">${name}</a></th>
    ${cells}
  </tr> `
  return { sort: sortKey(name, id), row: row.text }
}
