import {
  acknowledges,
  addsMaintainer,
  type Ago,
  type Actor,
  days,
  type Deed,
  file,
  notes,
  sorts,
  type Step,
  type StoryOfACase,
  takes,
  tellsProject,
  step,
  writes,
} from './story-of-a-case.ts'

const talk: readonly (readonly [Ago, Actor, Deed])[] = [
  [days(33, 8), 'Volunteer 1', acknowledges],
  [days(33, 7.9), 'Volunteer 1', takes],
  [days(33, 7.8), 'Volunteer 1', sorts('vulnerability')],
  [
    days(33, 7.7),
    'Volunteer 1',
    writes(`Thank you for this careful report. We read it with two people and believe you.

Before we talk to the project: which of the three ways did you see **in practice**?`),
  ],
  [
    days(33, 2),
    'reporter',
    writes('The first one, on our own service. The other two I only read in the code.'),
  ],
  [days(32, 20), 'Volunteer 1', notes('I would bring Maintainer 1 in today. Any objection?')],
  [days(32, 18), 'Volunteer 2', notes('None. They wrote this module.')],
  [days(32, 17), 'Volunteer 1', addsMaintainer],
  [
    days(32, 16.9),
    'Volunteer 1',
    tellsProject(
      'A report about the cache of compiled expressions: its key is the text alone, so it forgets which names were allowed. Could you confirm it by Friday?',
    ),
  ],
  [
    days(31, 9),
    'Maintainer 1',
    tellsProject('Reading. The cache key lacks the list of allowed names, that much is clear.'),
  ],
  [
    days(31, 3),
    'Maintainer 1',
    tellsProject('Confirmed for 3.0 to 3.1.4. 2.x has no cache and is fine.'),
  ],
  [
    days(31, 1),
    'Volunteer 1',
    writes('The project confirmed it for 3.0 to 3.1.4. We will keep you informed every week.'),
  ],
  [
    days(30, 12),
    'reporter',
    writes(
      'Good to hear. Would a second test case help? I attach one.',
      file(
        'second-case.txt',
        'allowed = ["a"]; evaluate("a + b")\nallowed = ["a", "b"]; evaluate("a + b")\nexpected: refused, then 3. Seen: 3, then 3 on the second run.\n',
      ),
    ),
  ],
  [
    days(30, 6),
    'Volunteer 1',
    tellsProject(
      'A second test case from the reporter came; it is in the general thread. In short: same text, other list of names.',
    ),
  ],
  [days(29, 10), 'Maintainer 1', tellsProject('That shows it in four lines. Thank them from me.')],
  [
    days(29, 8),
    'Volunteer 1',
    writes('The project thanks you for the second case: it shows the cause in four lines.'),
  ],
  [
    days(27, 4),
    'Maintainer 1',
    tellsProject(
      'First fix is done. It makes the cache useless for short expressions; 30 % slower there.',
    ),
  ],
  [
    days(27, 2),
    'Volunteer 2',
    tellsProject('Is there a way to keep the speed? Otherwise people will turn the check off.'),
  ],
  [
    days(26, 7),
    'Maintainer 1',
    tellsProject('Hash the list once per session, not per call. Trying.'),
  ],
  [
    days(25, 3),
    'Volunteer 1',
    writes('Weekly word: a first fix exists and is too slow. A second one is on its way.'),
  ],
  [days(24, 22), 'reporter', writes('Correct before fast, please. But I understand.')],
  [
    days(22, 5),
    'Maintainer 1',
    tellsProject(
      'Second fix: 2 % slower. Both test cases pass. Needs a review by somebody who is not me.',
    ),
  ],
  [days(21, 6), 'Volunteer 3', notes('I can review it: I know that code from before.')],
  [
    days(19, 7),
    'Volunteer 3',
    tellsProject('Reviewed. One question: what happens with two sessions in one process?'),
  ],
  [
    days(19, 2),
    'Maintainer 1',
    tellsProject('They shared the hash. Good catch; fixed, with a test.'),
  ],
  [
    days(18, 5),
    'Volunteer 1',
    writes(
      'Weekly word: the second fix is reviewed. The review found one more case, which is fixed too.',
    ),
  ],
  [
    days(17, 21),
    'reporter',
    writes('What was that case, if I may ask? We run two sessions in one process.'),
  ],
  [
    days(17, 4),
    'Volunteer 1',
    writes('Exactly that one. Until the release, one session per process is safe.'),
  ],
  [days(16, 22), 'reporter', writes('We changed it today. Thank you for telling us.')],
  [
    days(14, 6),
    'Volunteer 2',
    notes('Who asks for the number? I have done it twice and could show somebody how.'),
  ],
  [days(14, 2), 'Volunteer 3', notes('Show me, please.')],
  [
    days(12, 3),
    'Maintainer 1',
    tellsProject(
      'Release is prepared for a Tuesday. Packagers need a day before; I have the list.',
    ),
  ],
  [
    days(11, 4),
    'Volunteer 1',
    writes(
      'Weekly word: the release is planned for a Tuesday in two weeks. How should we name you?',
    ),
  ],
  [days(10, 20), 'reporter', writes('As *Reporter 11*, without an address.')],
  [
    days(10, 3),
    'Volunteer 1',
    writes('Noted. A draft of the advisory comes to you two days before.'),
  ],
  [
    days(7, 6),
    'Maintainer 1',
    tellsProject('One packager cannot on that Tuesday. A week later would work for all.'),
  ],
  [days(6, 5), 'Volunteer 2', notes('A week more is inside what we promised. Fine with me.')],
  [days(5, 4), 'Volunteer 1', tellsProject('Agreed: a week later. Not more than that.')],
  [
    days(5, 3),
    'Volunteer 1',
    writes(
      'Weekly word: one week later than planned, because one packager could not. We are sorry for that.',
    ),
  ],
  [days(4, 22), 'reporter', writes('That is fine. Better all at once.')],
  [
    days(1, 20),
    'Maintainer 1',
    tellsProject('Everything is built and signed, and nothing is uploaded. Waiting for the day.'),
  ],
  [
    days(1, 8),
    'reporter',
    writes(
      'Somebody on a forum asks about odd results of the cache. I did not answer. You should know.',
    ),
  ],
]

/** A report that was talked about for five weeks, in every circle. */
export const LONG_CASE: StoryOfACase = {
  key: 'long',
  ago: days(34, 6),
  text: `# The cache of compiled expressions forgets which names were allowed

\`evaluate(text, allowed=[...])\` compiles \`text\` once and keeps the result under the text alone. Whoever
evaluates the same text later gets the compiled form of before, **whatever they allow**.

## Ways in which this matters

1. A service with several tenants in one process: the second tenant gets what the first one allowed.
2. A test that allows much, and production code that allows little.
3. A long-running session whose list is narrowed later.

## What I would expect

The list of names is part of the key, or there is no cache.

Versions: 3.1.3 and 3.1.4. 2.9 does not do it.
`,
  facts: { project: 'example-arrays', kind: 'vulnerability', name: 'Reporter 11' },
  files: [
    file(
      'two-tenants.txt',
      'tenant 1: allowed = [a, b]   evaluate("a + b")  ->  3\ntenant 2: allowed = [a]      evaluate("a + b")  ->  3, expected: refused\n',
    ),
  ],
  steps: talk.map(([ago, by, does]): Step => step(ago, by, does)),
}
