import { days, file, notes, reads, type StoryOfACase, takes, step } from './story-of-a-case.ts'

/** What waits for its first answer: overdue, due today, due soon, new. */
export const NOT_ACKNOWLEDGED: readonly StoryOfACase[] = [
  {
    key: 'overdue',
    ago: days(9, 2),
    text: `# A link in an exported notebook is opened before the notebook is trusted

When example-notebooks opens a notebook that somebody else exported, it follows the link in
\`metadata.logo\` at once. The dialog that asks *do you trust this notebook?* comes after that.

So the author of a notebook learns who opened it, and when, although the reader said no.

1. Export any notebook with a logo.
2. Put an address of your own into \`metadata.logo\`.
3. Open it on another machine and look at your server's log.

Seen with 5.2.0 and 5.2.1 on Debian 12.
`,
    facts: { project: 'example-notebooks', kind: 'vulnerability', name: 'Reporter 1' },
    steps: [
      step(
        days(6, 3),
        'Volunteer 3',
        notes('I can read it on the weekend. Whoever is faster: take it.'),
      ),
    ],
  },
  {
    key: 'overdue-too',
    ago: days(7, 11),
    source: 'cli',
    text: `# The download page of example-plots offers version 2.1 over plain http

The link *older versions* leads to an address without TLS, and the checksums stand on the same page.
Somebody on the way could change both.
`,
    facts: { project: 'example-plots', kind: 'question' },
    steps: [step(days(4, 2), 'Volunteer 2', reads)],
  },
  {
    key: 'due-today',
    ago: days(6, 20),
    text: `# load_table() believes the row count in the file

\`load_table()\` takes the number of rows from the header and reserves the memory for them before it has
read a single row. A file of 90 bytes that claims four thousand million rows ends the process.

We met this with a file that was damaged by accident; a service that loads tables of strangers can be
stopped with it on purpose.

Expected: read at most what the file can hold by its size.
`,
    facts: {
      project: 'example-arrays',
      kind: 'vulnerability',
      name: 'Reporter 2',
      contact: 'reporter-2@example.org',
    },
    files: [file('header.txt', 'rows: 4294967295\ncolumns: 3\nbytes that follow: 0\n')],
    steps: [step(days(2, 5), 'Volunteer 2', reads)],
  },
  {
    key: 'due-soon',
    ago: days(5, 9),
    text: `# Tooltips of example-plots show labels as markup

A label such as \`<b>total</b>\` is drawn bold in the tooltip, so labels are put into the page as
markup. I did not try how far that goes; column names often come from files of other people.
`,
    facts: { project: 'example-plots', kind: 'vulnerability' },
    steps: [
      step(days(3, 8), 'Volunteer 2', takes),
      step(
        days(3, 7.9),
        'Volunteer 2',
        notes('Same place as the legend in spring? I look at the two together.'),
      ),
    ],
  },
  {
    key: 'new-question',
    ago: days(3, 4),
    text: `Does the 2.x series of example-arrays still get security fixes?

We cannot move to 3.x before March. The page about versions does not say it. A yes or no is enough.
`,
    facts: { project: 'example-arrays', kind: 'question', name: 'Reporter 3' },
    steps: [step(days(2, 5.1), 'Volunteer 2', reads)],
  },
  {
    key: 'new-named',
    ago: 26,
    text: `# Session of example-notebooks stays valid after the password was changed

Steps: log in with two browsers, change the password in the first one. The second one goes on working,
for at least two days. I expected that it has to log in again.

You may name me in the advisory as *Reporter 4*.
`,
    facts: {
      project: 'example-notebooks',
      kind: 'vulnerability',
      name: 'Reporter 4',
      contact: 'reporter-4@example.org',
    },
    steps: [step(20, 'Volunteer 1', reads)],
  },
  {
    key: 'new-unlabelled',
    ago: 3.2,
    text: `# Sorting a column of mixed types reads behind the end

With \`sort_column(kind="mixed")\` and a column of exactly 4096 rows the address sanitizer reports a
read of eight bytes behind the buffer. Its output is attached. 4095 and 4097 rows are fine.

Version 3.1.4, built from source with the sanitizer, on two machines.
`,
    facts: { project: 'example-arrays', kind: 'vulnerability' },
    files: [
      file(
        'sanitizer.txt',
        'READ of size 8 at 0x0000 (address shortened)\n  #0 compare_mixed  sort.c:212\n  #1 sort_column    sort.c:388\n  #2 main           check.c:17\n',
      ),
    ],
  },
  {
    key: 'new-just-now',
    ago: 0.15,
    text: `# Two maintainers of example-plots share one upload token

In the log of the last release both names appear with the same token. If one of the two machines is
lost, nobody can end its access alone.

I may be wrong: I only see the public log.
`,
    facts: { project: 'example-plots', kind: 'takeover' },
  },
]
