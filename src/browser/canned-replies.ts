import type { Sort } from '#lexicon'

/** A text that a person reads and changes before it is sent. Nothing is ever sent by itself. */
export type CannedReply = {
  readonly title: string
  readonly text: string
  /** The sort that it goes with; `""` for none. */
  readonly sort: Sort | ''
}

export const CANNED_REPLIES: readonly CannedReply[] = [
  {
    title: 'Received, a person reads it',
    sort: '',
    text: `Thank you for your report. A person has it and reads it now.

We write to you here when we know more, or when we need something from you. If something changes on your side, write here as well: your words reach the same people.`,
  },
  {
    title: 'Which version?',
    sort: '',
    text: `Thank you. Before we can repeat it we need three things:

- the version of the package, and how it was installed,
- the operating system and the version of Python or whatever runs it,
- the smallest input with which it happens, as an attachment.

If you saw it in a newer version as well, tell us which.`,
  },
  {
    title: 'We could repeat it',
    sort: 'vulnerability',
    text: `We could repeat what you describe and treat it as a vulnerability.

Next we bring in people who maintain the code. They read what is written here, and of your report what we quote to them. We tell you before anything is published, and we agree on the day with you. Tell us the name under which you want to be thanked, or that you want none.`,
  },
  {
    title: 'Not a vulnerability',
    sort: 'invalid',
    text: `Thank you for looking and for writing to us. We read your report and do not count it as a vulnerability, because

(say here what the attacker would need to have already, or which limit the documentation names).

If we missed how somebody without these rights could use it, show us, and we open the case again.`,
  },
  {
    title: 'Code that runs code',
    sort: 'invalid',
    text: `Thank you. What you describe needs that somebody loads or runs a file which they do not trust. The documentation says that this runs code: pickles, notebooks, plug-ins and model files are programs. So we do not count it as a vulnerability.

If it also happens with a file format or a setting that is documented as safe for strangers’ files, tell us which one.`,
  },
  {
    title: 'Crash or slow with own input',
    sort: 'not-security',
    text: `Thank you. The crash is real. It happens in the process of whoever gives the input, and nobody else loses anything by it. So we treat it as a bug, not as a vulnerability.

You are welcome to file it in the project’s public tracker. If a service of ours, or a documented use with strangers’ input, goes down by it, tell us and we open the case again.`,
  },
  {
    title: 'Header or cookie of a static site',
    sort: 'not-security',
    text: `Thank you. The site that you name holds public pages: it has no log-in, no session and no data of visitors. A missing header or cookie flag gives nobody anything there, so we do not count it as a vulnerability.

If you found a page of ours that has a log-in, send us its address.`,
  },
  {
    title: 'Mail records (SPF, DKIM, DMARC)',
    sort: 'not-security',
    text: `Thank you. We know the mail records of this domain, and how strict they are is a choice: mailing lists would break with stricter ones. We do not count it as a vulnerability.

If you can send a message that a large provider shows as verified from us, send us its full header.`,
  },
  {
    title: 'Result of a scanner',
    sort: 'not-security',
    text: `Thank you. This is the output of a scanner. We cannot tell from it what somebody could do, to whom, and how.

If you know a way to use it, write it down step by step for a fresh installation, and we open the case again.`,
  },
  {
    title: 'Harms only whoever does it',
    sort: 'invalid',
    text: `Thank you. In what you describe everybody acts on their own account, with their own files or their own arguments. Nobody gets more than they had. So we do not count it as a vulnerability.

If a second person is harmed without taking part, show us how, and we open the case again.`,
  },
  {
    title: 'Known CVE in a dependency',
    sort: 'not-security',
    text: `Thank you. The flaw is known and is in a package that ours uses. We found no way to reach it through our code, so there is nothing for us to publish. The version will be raised in the usual way.

If you can reach it through our code, show us how, and we open the case again.`,
  },
  {
    title: 'Public on purpose',
    sort: 'not-security',
    text: `Thank you. What you found is public on purpose: an open-source project shows its files, its versions and the keys of its tests. We do not count it as a vulnerability.

If something among it opens a door to a service that runs, tell us which one.`,
  },
  {
    title: 'Known and public',
    sort: 'public',
    text: `Thank you. This is known and public:

(put the advisory or the issue here).

It is fixed from the version that is named there. If you see it in a newer version, tell us which one.`,
  },
  {
    title: 'Somebody was first',
    sort: 'duplicate',
    text: `Thank you. Somebody reported the same before you, and we work on it there. We cannot show you that case, but we tell you here when it is public, and we name you as one who found it on their own, if you like.`,
  },
]

/** For the bulk act: replies that close a case which is no security matter. */
export function repliesThatClose(): readonly CannedReply[] {
  return CANNED_REPLIES.filter(({ sort }) => sort === 'not-security' || sort === 'invalid')
}

/** Is there still something in round brackets that the writer was to fill in? */
export function hasBlank(text: string): boolean {
  return CANNED_REPLIES.some((reply) =>
    reply.text.split('\n').some((line) => /^\(.+\)\.?$/.test(line) && text.includes(line)),
  )
}
