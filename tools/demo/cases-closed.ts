import {
  acknowledges,
  answersAndCloses,
  closesWithReason,
  days,
  links,
  sets,
  sorts,
  type StoryOfACase,
  sitting,
  takes,
  step,
  writes,
} from './story-of-a-case.ts'

/** Done: with an answer, with a reason, as a duplicate, public, invalid, archived. */
export const CLOSED: readonly StoryOfACase[] = [
  {
    key: 'closed-question',
    ago: days(14, 6),
    text: `Where do I find the checksums of example-arrays 3.1.3?

The release page lists them only up to 3.1.2.
`,
    facts: { project: 'example-arrays', kind: 'question' },
    steps: sitting(
      days(13, 2),
      'Volunteer 3',
      acknowledges,
      sorts('question'),
      answersAndCloses(
        'They are there now; the page was not built after the release. Thank you for asking.',
      ),
    ),
  },
  {
    key: 'closed-invalid',
    ago: days(17, 3),
    text: `Hello team, your web site has no DMARC record and this is a critical vulnerability. What is the reward?
`,
    facts: { kind: 'vulnerability' },
    steps: sitting(
      days(16, 5),
      'Volunteer 2',
      acknowledges,
      sorts('invalid'),
      closesWithReason(
        'Output of a scanner, about no project of ours. The canned answer was sent to the same person last month.',
      ),
    ),
  },
  {
    key: 'closed-duplicate',
    ago: days(7, 22),
    text: `# Integer overflow in join_shapes

Shapes of 65,536 × 65,536 give an empty buffer. Found with a fuzzer.
`,
    facts: { project: 'example-arrays', kind: 'vulnerability', name: 'Reporter 9' },
    steps: sitting(
      days(7, 4),
      'Volunteer 2',
      acknowledges,
      sorts('duplicate'),
      links('with-project', 'duplicate-of'),
      answersAndCloses(
        'Somebody reported this before you, and a fix is written. You will be told when it is public.',
      ),
    ),
  },
  {
    key: 'closed-public',
    ago: days(21, 9),
    text: `# example-notebooks still ships a parser with a known hole

Its own advisory is from May, and 5.1 contains the old version.
`,
    facts: { project: 'example-notebooks', kind: 'vulnerability' },
    steps: sitting(
      days(19, 9),
      'Volunteer 3',
      acknowledges,
      sorts('public'),
      answersAndCloses(
        'It is public, so the project may work in the open: the issue is on its tracker, and 5.2 has the new parser.',
      ),
    ),
  },
  {
    key: 'closed-not-security',
    ago: days(22, 2),
    text: `The legend of a plot covers the last bar.

Screenshot on request.
`,
    facts: { project: 'example-plots' },
    steps: sitting(
      days(21, 2),
      'Volunteer 1',
      acknowledges,
      sorts('not-security'),
      answersAndCloses(
        'That is a bug and no secret. Please open an issue at the project; they are quick.',
      ),
    ),
  },
  {
    key: 'archived',
    ago: days(36, 4),
    text: `# Temporary files are readable for everybody on the machine

example-arrays writes parts of large tables to /tmp with mode 0644 while it sorts them.
`,
    facts: { project: 'example-arrays', kind: 'vulnerability', name: 'Reporter 10' },
    steps: [
      ...sitting(days(35, 2), 'Volunteer 1', acknowledges, takes, sorts('vulnerability')),
      ...sitting(
        days(27, 3),
        'Volunteer 1',
        writes('Fixed in 3.1.4, released today. Thank you.'),
        sets('closed'),
      ),
      step(days(6, 1), 'Volunteer 1', sets('archived')),
    ],
  },
]
