import {
  acknowledges,
  addsMaintainer,
  days,
  file,
  links,
  notes,
  sets,
  sorts,
  type StoryOfACase,
  sitting,
  takes,
  tellsProject,
  step,
  writes,
} from './story-of-a-case.ts'

/** Acknowledged and not closed: taken or nobody's, sorted, waiting, with a project, with files. */
export const IN_WORK: readonly StoryOfACase[] = [
  {
    key: 'exploited',
    ago: days(1, 3),
    text: `# A package named example-p1ots asks for tokens when it is installed

It looks like example-plots, with the digit 1 instead of the letter l. While it is installed it asks
for an upload token "to verify the installation". 41 downloads since yesterday.

I told the registry as well.
`,
    facts: { project: 'example-plots', kind: 'exploited', name: 'Reporter 5' },
    steps: [
      step(days(1, 1), 'Volunteer 1', acknowledges),
      step(days(1, 0.98), 'Volunteer 1', takes),
      step(days(1, 0.96), 'Volunteer 1', sorts('vulnerability')),
      step(
        days(1, 0.9),
        'Volunteer 1',
        writes(
          'Thank you, that was quick. We asked the registry to take it down and name you as the finder to nobody.',
        ),
      ),
      step(22, 'reporter', writes('It is gone since an hour. Thank you.')),
      step(
        21,
        'Volunteer 1',
        notes(
          'Registry confirmed. Still to do: ask them who downloaded it, and whether they can tell them.',
        ),
      ),
    ],
  },
  {
    key: 'with-files',
    ago: days(4, 6),
    text: `# Reading a table of zero columns divides by zero

Three files are attached: the smallest table that shows it, the output, and a change that would
return an empty table instead. The change passes your tests.
`,
    facts: { project: 'example-arrays', kind: 'vulnerability', name: 'Reporter 6' },
    files: [
      file('no-columns.csv', '\n\n\n', 'text/csv'),
      file('output.txt', 'load_table: rows 3, columns 0\narithmetic error in width.c:41\n'),
      file(
        'empty-table.patch',
        '--- a/width.c\n+++ b/width.c\n@@ -38,3 +38,5 @@\n int width(int bytes, int columns) {\n+  if (columns == 0)\n+    return 0;\n   return bytes / columns;\n }\n',
        'text/x-diff',
      ),
    ],
    steps: [
      ...sitting(days(3, 20), 'Volunteer 3', acknowledges, sorts('vulnerability')),
      step(
        days(2, 2),
        'Volunteer 3',
        writes('We could repeat it with your file. May the project use your change as it is?'),
      ),
      step(
        days(1, 15),
        'reporter',
        writes(
          'Yes, under the licence of the project. A test is attached.',
          file('test_empty.txt', 'expect(width(0, 0)).toBe(0)\n'),
        ),
      ),
    ],
  },
  {
    key: 'acknowledged-only',
    ago: days(12, 3),
    source: 'cli',
    text: `The random numbers in example_arrays.sample() start the same way in every forked process.

For simulations that is a nuisance. Somebody may use it to draw tokens, although the manual says not to.
`,
    facts: { project: 'example-arrays' },
    steps: sitting(days(10, 4), 'Volunteer 3', acknowledges, takes),
  },
  {
    key: 'with-project',
    ago: days(13, 7),
    text: `# Index arithmetic overflows when two large shapes are joined

\`join_shapes()\` multiplies the lengths as 32 bit numbers. From 65,536 × 65,536 on the product is
zero, the buffer is small, and the copy behind it is not.

\`\`\`
rows      columns   buffer
65,535    65,536    as expected
65,536    65,536    0
\`\`\`
`,
    facts: { project: 'example-arrays', kind: 'vulnerability', name: 'Reporter 7' },
    steps: [
      ...sitting(
        days(12, 8),
        'Volunteer 2',
        acknowledges,
        takes,
        sorts('vulnerability'),
        addsMaintainer,
        tellsProject(
          'Could you look at join_shapes()? It multiplies the lengths as 32 bit numbers, so that 65,536 × 65,536 gives an empty buffer. We believe the reporter. Nobody else knows.',
        ),
      ),
      step(
        days(11, 2),
        'Maintainer 1',
        tellsProject(
          'Confirmed, since 2.8. The multiplication must be 64 bit in two places. A fix is written and reviewed here only.',
        ),
      ),
      step(
        days(9, 5),
        'Volunteer 2',
        writes(
          'The project confirmed it and has a fix. We plan the release in four weeks; is that all right for you?',
        ),
      ),
      step(days(8, 2), 'reporter', writes('Four weeks are fine. I talk to nobody until then.')),
    ],
  },
  {
    key: 'defence',
    ago: days(15, 2),
    text: `# Please refuse templates that come from a shared folder

Not a hole by itself: if somebody can write to the shared template folder, they can change what every
notebook runs. A check of the owner would help.
`,
    facts: { project: 'example-notebooks', kind: 'vulnerability' },
    steps: sitting(
      days(13, 9),
      'Volunteer 1',
      acknowledges,
      sorts('defence'),
      writes(
        'A good idea. We bring it to the project without your name, unless you want it there.',
      ),
    ),
  },
  {
    key: 'waiting-for-reporter',
    ago: days(16, 4),
    text: `example-plots crashes with my data and prints something that looks like a key.

I cannot share the data. What do you need?
`,
    facts: { project: 'example-plots', kind: 'vulnerability' },
    steps: sitting(
      days(14, 3),
      'Volunteer 2',
      acknowledges,
      writes(
        'The version, the last thirty lines of the output with the key blacked out, and whether it happens with the example data.',
      ),
      sets('waiting'),
    ),
  },
  {
    key: 'waiting-for-release',
    ago: days(24, 8),
    text: `# Colour names are evaluated

\`set_colour("red")\` calls the evaluator for every name that is not in its table. Names come from
style files, which people exchange.
`,
    facts: { project: 'example-plots', kind: 'vulnerability', name: 'Reporter 8' },
    steps: [
      ...sitting(days(23, 3), 'Volunteer 1', acknowledges, takes, sorts('vulnerability')),
      step(
        days(20, 2),
        'Volunteer 1',
        writes(
          'Confirmed. The fix is in the next release, planned for the first week of next month.',
        ),
      ),
      step(days(19, 5), 'reporter', writes('Good. I wait for it.')),
      step(days(19, 2), 'Volunteer 1', sets('waiting')),
      step(
        days(5, 3),
        'Volunteer 3',
        notes('The release was moved by a week. Tell the reporter when the date is sure.'),
      ),
    ],
  },
  {
    key: 'assessment',
    ago: days(8, 3),
    openedBy: 'Volunteer 1',
    text: `# Do the other projects multiply shapes the same way?

The mistake in join_shapes() was copied at least once. To look at: example-plots \`grid()\`,
example-notebooks \`layout()\`.
`,
    steps: [
      step(days(8, 2.9), 'Volunteer 1', links('with-project', 'see')),
      step(
        days(6, 2),
        'Volunteer 3',
        notes('grid() is fine, it checks before. layout() not looked at yet.'),
      ),
    ],
  },
  {
    key: 'part',
    ago: days(11, 6),
    text: `# stack_shapes() has the same overflow as join_shapes()

Sent to you before as part of another report; here by itself, as you asked.
`,
    facts: { project: 'example-arrays', kind: 'vulnerability', name: 'Reporter 7' },
    steps: sitting(
      days(10, 9),
      'Volunteer 2',
      acknowledges,
      sorts('vulnerability'),
      links('with-project', 'part-of'),
    ),
  },
  {
    key: 'reopened',
    ago: days(28, 5),
    text: `# Die Vorschau zeigt Dateien, die das Konto nicht lesen darf

Die Vorschau in example-notebooks läuft mit den Rechten des Dienstes. Wer den Pfad kennt, sieht die
ersten zwanzig Zeilen einer fremden Datei.
`,
    facts: { project: 'example-notebooks', kind: 'vulnerability' },
    steps: [
      ...sitting(days(26, 3), 'Volunteer 3', acknowledges, sorts('vulnerability')),
      ...sitting(
        days(18, 4),
        'Volunteer 3',
        writes('Danke. Behoben in 5.2.1: die Vorschau liest mit den Rechten des Kontos.'),
        sets('closed'),
      ),
      step(
        days(2, 8),
        'reporter',
        writes('In 5.2.1 geht es noch, wenn der Pfad mit einem Punkt beginnt.'),
      ),
      step(days(2, 4), 'Volunteer 3', sets('open')),
    ],
  },
]
