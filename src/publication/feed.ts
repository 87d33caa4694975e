import { bytesOfText, type Bytes } from '#lexicon'
import { html } from './pages/markup.ts'
import type { Released, Site } from './tree.ts'

/** What is new, for programs that look now and then (RFC 4287): the newest releases. */
export function feedOf(site: Site, entries: readonly FeedEntry[]): Bytes {
  const newest = entries
    .toSorted(
      (a, b) => order(b.document.at, a.document.at) || order(a.document.path, b.document.path),
    )
    .slice(0, MOST)
  const updated = newest[0]?.document.at ?? '1970-01-01T00:00:00Z'
  const feed = html`<?xml version="1.0" encoding="utf-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
      <title>${site.name} Security</title>
      <id>${site.url}/feed.xml</id>
      <link rel="self" type="application/atom+xml" href="${site.url}/feed.xml" />
      <link rel="alternate" type="text/html" href="${site.url}/security/" />
      <updated>${updated}</updated>
      <author><name>${site.name} Security</name></author>
      <rights>CC BY 4.0</rights>
      ${newest.map(
        ({ title, at, document }) =>
          html`<entry>
            <title>${title}</title>
            <id>urn:postern:${site.desk}:${document.release}:${document.path}</id>
            <link rel="alternate" href="${site.url}${at}" />
            <updated>${document.at}</updated>
            <summary>${title}, released under ${document.licence}.</summary>
          </entry> `,
      )}</feed
    > `
  return bytesOfText(feed.text)
}

export type FeedEntry = {
  readonly title: string
  /** Where it is to be read, as `/guides/reporters/`. */
  readonly at: string
  readonly document: Released
}

const MOST = 50

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
